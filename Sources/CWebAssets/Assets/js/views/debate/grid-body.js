// Vote and revise: seats by rounds, the votes of each round above its column.
import { fill, h, icon, reconcile } from "../../core/dom.js";
import { modelName } from "../../parts/model-mark.js";
import { agreement, current, hasTwin, isOver, seatName, tally, voters } from "./facts.js";
import { TurnView } from "./turn-view.js";
import { reviseRound } from "./words.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */

export class GridBody {
    /** @type {Map<number, TurnView>} */
    #views = new Map();

    /** @param {HTMLElement} place @param {import("./debate-block.js").Context} context */
    constructor(place, context) {
        this.context = context;
        this.heads = h("div.grid-heads");
        this.rows = h("div.grid-rows");
        this.grid = h("div.debate-grid", { role: "group", "aria-label": "Answers by seat and round" }, this.heads, this.rows);
        this.clerk = h("div.debate-summary");
        place.append(this.grid, this.clerk);
    }

    /** @param {any} run @param {Turn[]} turns */
    update(run, turns) {
        const cells = current(run, turns, "answer", "revise");
        const rounds = Math.max(0, ...cells.map(({ turn }) => turn.round)) + 1;
        this.grid.style.setProperty("--rounds", String(rounds));
        this.grid.dataset.rounds = String(rounds);
        // Columns that do not fit are reached by the arrow keys.
        if (rounds > 2) this.grid.tabIndex = 0;
        this.#views.clear();
        const numbers = Array.from({ length: rounds }, (_, round) => round);
        reconcile(this.heads, numbers, String, () => this.#createHead(), (element, round) => this.#head(element, run, round, cells));
        reconcile(this.rows, run.seats, (/** @type {any} */ seat) => String(seat.seat), (/** @type {any} */ seat) => this.#createRow(seat),
            (element, /** @type {any} */ seat) => this.#row(element, run, seat, numbers, cells));
        const clerk = current(run, turns, "clerk");
        reconcile(this.clerk, clerk.slice(-1), () => "clerk", () => new TurnView({ showsPhase: true }).element, (element, { turn, earlier }) => {
            element.view.update(run, turn, { earlier });
            this.#views.set(turn.turn, element.view);
        });
    }

    /** @param {Turn} turn @param {string} kind @param {string} text */
    append(turn, kind, text) {
        this.#views.get(turn.turn)?.append(kind, text);
    }

    #createHead() {
        return h("section.grid-head", {}, h("h4"), h("p.agreement.muted"), h("div.tally"));
    }

    /** @param {any} element @param {any} run @param {number} round @param {{turn: Turn}[]} cells */
    #head(element, run, round, cells) {
        const isVote = run.settings.protocol === "vote";
        const here = cells.filter(({ turn }) => turn.round === round);
        const isOpen = here.some(({ turn }) => !isOver(turn));
        const groups = tally(run, round);
        const state = JSON.stringify([groups, isOpen, here.length]);
        if (element.state === state) return;
        element.state = state;
        element.children[0].textContent = isVote ? "Answers" : reviseRound(round);
        const voted = groups.flatMap((group) => group.seats);
        const silent = isOpen ? [] : here.map(({ turn }) => turn.seat).filter((seat) => !voted.includes(/** @type {number} */ (seat)));
        fill(element.children[2], tallyBar(run, groups, silent.length));
        const share = agreement(run, round);
        element.children[1].textContent = isOpen ? "Answers are coming in" : !groups.length ? "Nothing could be counted" : `${share} % agree${silent.length ? `, ${silent.length} not counted` : ""}`;
    }

    /** @param {any} seat */
    #createRow(seat) {
        return h("section.grid-row", { "data-seat": String(seat.seat % 8) }, h("h4.grid-seat"), h("div.grid-cells"));
    }

    /** @param {any} element @param {any} run @param {any} seat @param {number[]} rounds @param {{turn: Turn, earlier: Turn[]}[]} cells */
    #row(element, run, seat, rounds, cells) {
        const [head, place] = element.children;
        const isOut = run.settings.cancelled_seats?.includes(seat.seat);
        const state = `${seat.model}|${isOut}`;
        if (element.state !== state) {
            element.state = state;
            element.setAttribute("aria-label", seatName(run, seat.seat));
            fill(head, h("span.seat-dot"), modelName(seat.model), hasTwin(run, seat) ? h("span.muted", { text: `seat ${seat.seat + 1}` }) : null, isOut ? h("span.badge.warning", { text: "taken out" }) : null);
        }
        const own = rounds.map((round) => cells.find(({ turn }) => turn.seat === seat.seat && turn.round === round) ?? { turn: null, earlier: [], round });
        reconcile(
            place, own.map((cell, round) => ({ ...cell, round })), ({ turn, round }) => `${round}.${turn ? "turn" : "empty"}`,
            ({ turn }) => (turn ? cellElement() : h("div.cell.is-empty", {}, h("p.muted.small"))),
            (cell, { turn, earlier, round }) => {
                if (!turn) return void (cell.firstElementChild.textContent = isOut ? "Taken out" : "No answer in this round");
                this.#cell(cell, run, turn, earlier, round);
            },
        );
    }

    /** @param {any} cell @param {any} run @param {Turn} turn @param {Turn[]} earlier @param {number} round */
    #cell(cell, run, turn, earlier, round) {
        cell.view.update(run, turn, { earlier, actions: this.context.turnActions(turn) });
        this.#views.set(turn.turn, cell.view);
        const state = `${turn.turn}|${turn.status}|${turn.answer}|${turn.confidence}|${turn.changed}|${turn.unexplained}`;
        if (cell.state === state) return;
        cell.state = state;
        const over = isOver(turn);
        cell.roundName.textContent = run.settings.protocol === "vote" ? "" : reviseRound(round);
        fill(
            cell.gist,
            over && turn.answer ? h("p.cell-answer", { dir: "auto", text: String(turn.answer) }) : null,
            over && turn.status === "completed" && turn.answer === null ? h("p.cell-answer.is-none", { text: "Cannot be counted", title: "No line with the answer was found; nothing is guessed from prose" }) : null,
            over && turn.confidence != null ? confidence(turn.confidence) : null,
            // A view's turn that is still being written counts as changed: its answer is not there yet.
            over && turn.changed ? h("span.badge.accent", {}, icon("retry"), "changed") : null,
            over && turn.unexplained ? h("span.badge.warning", {}, icon("warning"), "followed the majority without a reason") : null,
            over && turn.because ? h("p.cell-because.small", { dir: "auto" }, h("span.muted", { text: turn.changed ? "Because: " : "Keeps it: " }), String(turn.because)) : null,
        );
        cell.gist.hidden = !cell.gist.childElementCount;
    }
}

/** A turn's article with the gist of its answer above its words. */
function cellElement() {
    const view = new TurnView({ clamped: true, heading: "h5" });
    const cell = view.element;
    cell.classList.add("cell");
    cell.roundName = h("p.cell-round.muted.small");
    cell.gist = h("div.cell-gist", { hidden: true });
    cell.querySelector(".turn-head").before(cell.roundName);
    cell.querySelector(".turn-head").after(cell.gist);
    return cell;
}

/** @param {number} percent */
function confidence(percent) {
    const bar = h("span.confidence-bar", {}, h("span"));
    bar.firstElementChild.style.inlineSize = `${Math.max(0, Math.min(100, percent))}%`;
    return h("span.confidence", { title: "How sure it says it is" }, bar, h("span", { text: `${percent} % sure` }));
}

/** One block a vote, in its seat's colour, those of one answer together. @param {any} run @param {{answer: string, votes: number, seats: number[]}[]} groups @param {number} silent */
export function tallyBar(run, groups, silent) {
    return h(
        "ul.tally-bar", { "aria-label": "Votes" },
        groups.map((group) => {
            const item = h("li.tally-group", {},
                h("span.tally-blocks", { "aria-hidden": "true" }, group.seats.map((seat) => h("span.tally-block", { "data-seat": String(seat % 8) }))),
                h("span.tally-answer", { title: `${group.answer}: ${group.seats.map((seat) => seatName(run, seat)).join(", ")}` }, h("span", { dir: "auto", text: group.answer }), h("span.muted", { text: ` ${group.votes} of ${voters(run)}` })));
            item.style.flexGrow = String(group.votes);
            return item;
        }),
        silent ? silentGroup(silent) : null,
    );
}

/** @param {number} silent */
function silentGroup(silent) {
    const item = h("li.tally-group", {},
        h("span.tally-blocks", { "aria-hidden": "true" }, Array.from({ length: silent }, () => h("span.tally-block.is-silent"))),
        h("span.tally-answer.muted", { text: `not counted ${silent}` }));
    item.style.flexGrow = String(silent);
    return item;
}
