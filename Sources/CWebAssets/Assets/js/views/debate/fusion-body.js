// Fusion: all answers, and the one made of them.
import { h, icon, reconcile } from "../../core/dom.js";
import { AnswersGrid } from "./answers-grid.js";
import { current } from "./facts.js";
import { TurnView } from "./turn-view.js";

export class FusionBody {
    /** @type {TurnView|null} */
    #fused = null;
    #number = -1;

    /** @param {HTMLElement} place @param {import("./debate-block.js").Context} context */
    constructor(place, context) {
        this.answers = new AnswersGrid(context);
        this.arrow = h("p.fusion-arrow.muted.small", { hidden: true }, icon("merge"), "made into one");
        this.place = h("div.debate-summary");
        place.append(this.answers.element, this.arrow, this.place);
    }

    /** @param {any} run @param {import("../../core/run-feed.js").Turn[]} turns */
    update(run, turns) {
        this.answers.update(run, turns);
        const fused = current(run, turns, "fuse").slice(-1);
        this.arrow.hidden = !fused.length;
        reconcile(this.place, fused, () => "fused", () => new TurnView({ showsPhase: true }).element, (element, { turn, earlier }) => {
            element.classList.add("final-turn");
            element.view.update(run, turn, { earlier });
            this.#fused = element.view;
            this.#number = turn.turn;
        });
    }

    /** @param {import("../../core/run-feed.js").Turn} turn @param {string} kind @param {string} text */
    append(turn, kind, text) {
        if (turn.turn === this.#number) this.#fused?.append(kind, text);
        else this.answers.append(turn, kind, text);
    }
}
