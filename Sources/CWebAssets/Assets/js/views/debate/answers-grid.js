// First answers side by side, as council and fusion begin.
import { h, reconcile } from "../../core/dom.js";
import { current } from "./facts.js";
import { TurnView } from "./turn-view.js";

export class AnswersGrid {
    /** @type {Map<number, TurnView>} */
    #views = new Map();

    /** @param {import("./debate-block.js").Context} context */
    constructor(context) {
        this.context = context;
        this.element = h("div.answers-grid");
    }

    /** @param {any} run @param {import("../../core/run-feed.js").Turn[]} turns */
    update(run, turns) {
        this.#views.clear();
        const answers = current(run, turns, "answer").sort((one, other) => Number(one.turn.seat) - Number(other.turn.seat));
        reconcile(
            this.element, answers, ({ turn }) => `answer-${turn.seat}`,
            () => {
                const { element } = new TurnView({ clamped: true });
                element.classList.add("cell");
                return element;
            },
            (element, { turn, earlier }) => {
                element.view.update(run, turn, { earlier, actions: this.context.turnActions(turn) });
                this.#views.set(turn.turn, element.view);
            },
        );
    }

    /** @param {import("../../core/run-feed.js").Turn} turn @param {string} kind @param {string} text */
    append(turn, kind, text) {
        this.#views.get(turn.turn)?.append(kind, text);
    }
}
