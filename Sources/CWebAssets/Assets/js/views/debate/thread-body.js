// Sides and talk: one thread of turns, in the colours of their seats, with rounds between them.
import { fill, h, icon, reconcile } from "../../core/dom.js";
import { modelName } from "../../parts/model-mark.js";
import { current, hasAnswer, hasTwin, isOver, objectIn, sideLabel, sideOf } from "./facts.js";
import { rawText, TurnView } from "./turn-view.js";
import { VerdictCard } from "./verdict-card.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */
/** @typedef {{kind: "turn"|"round"|"check"|"human"|"minutes"|"said", key: string, turn?: Turn, earlier?: Turn[], round?: number, text?: string}} Row */

export class ThreadBody {
    /** @type {Map<number, TurnView>} */
    #views = new Map();

    /** @param {HTMLElement} place @param {import("./debate-block.js").Context} context */
    constructor(place, context) {
        this.context = context;
        this.roster = h("ul.roster", { "aria-label": "Who takes part" });
        this.list = h("div.debate-thread");
        this.verdict = new VerdictCard();
        this.summary = h("div.debate-summary");
        place.append(this.roster, this.list, this.summary, this.verdict.element);
    }

    /** @param {any} run @param {Turn[]} turns */
    update(run, turns) {
        this.isSides = run.settings.protocol === "sides";
        this.list.classList.toggle("has-benches", run.seats.length === 2);
        this.#roster(run, turns);
        const rows = this.#rows(run, turns);
        this.#views.clear();
        reconcile(this.list, rows, (row) => row.key, (row) => this.#create(row), (element, row) => this.#update(element, row, run));
        const summary = current(run, turns, "summary").map(({ turn, earlier }) => ({ kind: /** @type {"turn"} */ ("turn"), key: "summary", turn, earlier }));
        reconcile(this.summary, summary, (row) => row.key, (row) => this.#create(row), (element, row) => this.#update(element, row, run));
        if (this.isSides) this.verdict.update(run, turns);
    }

    /** @param {Turn} turn @param {string} kind @param {string} text */
    append(turn, kind, text) {
        this.#views.get(turn.turn)?.append(kind, text);
    }

    /** @param {any} run @param {Turn[]} turns */
    #roster(run, turns) {
        reconcile(
            this.roster, run.seats, (/** @type {any} */ seat) => String(seat.seat),
            (/** @type {any} */ seat) => h("li.roster-seat", { "data-seat": String(seat.seat % 8) }),
            (element, /** @type {any} */ seat) => {
                const side = sideOf(run, turns, seat.seat);
                const isOut = run.settings.cancelled_seats?.includes(seat.seat);
                const state = `${seat.model}|${side}|${isOut}`;
                if (element.state === state) return;
                element.state = state;
                fill(element, h("span.seat-dot"), this.isSides ? h("strong", { dir: "auto", text: sideLabel(seat.seat, side) }) : null, modelName(seat.model), hasTwin(run, seat) ? h("span.muted", { text: `seat ${seat.seat + 1}` }) : null, isOut ? h("span.badge.warning", { text: "taken out" }) : null);
            },
        );
    }

    /** @param {any} run @param {Turn[]} turns @returns {Row[]} */
    #rows(run, turns) {
        /** @type {Row[]} */
        const rows = [];
        let round = -1;
        for (const { turn, earlier } of current(run, turns, "opening", "rebuttal", "say", "human", "check", "minutes").sort((one, other) => one.turn.turn - other.turn.turn)) {
            const isSpeech = turn.phase === "opening" || turn.phase === "rebuttal" || turn.phase === "say";
            if (isSpeech && turn.round !== round && (this.isSides || run.seats.length > 1)) {
                round = turn.round;
                if (this.isSides) rows.push({ kind: "round", key: `round-${round}`, round });
            }
            const kind = isSpeech ? "turn" : /** @type {"human"|"check"|"minutes"} */ (turn.phase);
            rows.push({ kind, key: isSpeech || kind === "check" ? `${turn.phase}.${turn.round}.${turn.seat}` : `${kind}.${turn.turn}`, turn, earlier });
        }
        // What was heard may have been told before the view that says so was read.
        const heard = rows.filter((row) => row.kind === "human").map((row) => row.turn?.text);
        const said = (run.settings.says ?? []).filter((/** @type {string} */ text) => !heard.includes(text));
        for (const [index, text] of said.entries()) rows.push({ kind: "said", key: `said-${index}-${text}`, text });
        return rows;
    }

    /** @param {Row} row */
    #create(row) {
        if (row.kind === "turn") return new TurnView({ showsSide: this.isSides && row.turn?.seat !== null, showsPhase: this.isSides || row.turn?.seat === null }).element;
        if (row.kind === "round") return h("h4.round-divider", {}, h("span", { text: row.round === 1 ? "Round 1: openings" : `Round ${row.round}: rebuttals` }));
        if (row.kind === "human" || row.kind === "said") {
            return h("article.turn.human-turn", { "aria-label": "You" },
                h("header.turn-head", {}, h("h4.turn-who", { text: "You" }), row.kind === "said" ? h("span.badge.in_progress", { text: "heard at the next turn" }) : null),
                h("p.human-text", { dir: "auto", text: row.text ?? row.turn?.text ?? "" }));
        }
        return h("div.quiet-line");
    }

    /** @param {any} element @param {Row} row @param {any} run */
    #update(element, row, run) {
        const { turn } = row;
        if (row.kind === "turn" && turn) {
            element.dataset.bench = turn.seat === null ? "" : String(turn.seat % 2);
            element.view.update(run, turn, { earlier: row.earlier, actions: this.context.turnActions(turn) });
            this.#views.set(turn.turn, element.view);
        } else if (row.kind === "human") element.querySelector(".human-text").textContent = turn?.text ?? "";
        else if (row.kind === "check" && turn) this.#check(element, turn);
        else if (row.kind === "minutes" && turn) this.#minutes(element, turn);
    }

    /** @param {any} element @param {Turn} turn */
    #check(element, turn) {
        const state = `${turn.turn}|${turn.status}`;
        if (element.state === state) return;
        element.state = state;
        const said = objectIn(turn.text, "decided");
        const words = !isOver(turn) ? "The judge considers whether it has heard enough"
            : !hasAnswer(turn) ? "The judge could not be asked whether to go on; the debate went on"
            : !said ? "What the judge said could not be read; the debate went on"
            : said.decided ? "The judge has heard enough" : "The judge wants to hear more";
        fill(
            element,
            icon("scales"),
            h("div.grow", {},
                h("p", {}, words, said?.why ? ": " : ".", said?.why ? h("q", { dir: "auto", text: String(said.why) }) : null),
                turn.text && isOver(turn) ? rawText(turn) : null),
            isOver(turn) ? null : h("span.dot.running-dot"),
        );
    }

    /** @param {any} element @param {Turn} turn */
    #minutes(element, turn) {
        const state = `${turn.turn}|${turn.status}`;
        if (element.state === state) return;
        element.state = state;
        fill(
            element,
            icon("archive"),
            isOver(turn)
                ? h("details.grow", {}, h("summary", { text: "From here on the speakers read minutes in the place of the older turns" }), h("p", { dir: "auto", text: turn.text || turn.error?.message || "" }))
                : h("p.grow", { text: "The debate has grown long: its older turns are being summed up." }),
        );
    }
}
