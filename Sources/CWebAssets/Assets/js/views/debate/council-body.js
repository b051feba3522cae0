// A council in three stages, each a tab: the answers, who ranked whom where, and what the chair wrote.
import { fill, h, icon, newId, reconcile } from "../../core/dom.js";
import { isEnded } from "../../core/run-feed.js";
import { modelName } from "../../parts/model-mark.js";
import { AnswersGrid } from "./answers-grid.js";
import { ballot, current, seatName, spoken } from "./facts.js";
import { rawText, TurnView } from "./turn-view.js";
import { renderMarkdown } from "../../md/markdown.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */
/** @typedef {"answers"|"rankings"|"final"} Stage */

const STAGES = /** @type {{stage: Stage, label: string}[]} */ ([
    { stage: "answers", label: "Answers" }, { stage: "rankings", label: "Rankings" }, { stage: "final", label: "Final" },
]);

export class CouncilBody {
    /** @type {TurnView|null} */
    #chair = null;
    #chairTurn = -1;
    /** Whether the person has chosen a tab: then it stays. */
    #isChosen = false;
    /** @type {Stage} */
    #shown = "answers";

    /** @param {HTMLElement} place @param {import("./debate-block.js").Context} context */
    constructor(place, context) {
        const id = newId("council");
        this.answers = new AnswersGrid(context);
        this.rankings = h("div.rankings");
        this.final = h("div.debate-summary");
        const content = { answers: this.answers.element, rankings: this.rankings, final: this.final };
        /** @type {Record<string, any>} */
        this.tabs = {};
        /** @type {Record<string, any>} */
        this.panels = {};
        for (const { stage, label } of STAGES) {
            this.tabs[stage] = h("button", { type: "button", role: "tab", id: `${id}-${stage}`, "aria-controls": `${id}-${stage}-panel`, onclick: () => this.#choose(stage) }, h("span", { text: label }), h("span.tab-mark"));
            this.panels[stage] = h("div", { role: "tabpanel", id: `${id}-${stage}-panel`, "aria-labelledby": `${id}-${stage}`, tabindex: "0" }, content[stage]);
        }
        const bar = h("div.segments.council-tabs", { role: "tablist", "aria-label": "Stages of the council", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) }, Object.values(this.tabs));
        place.append(bar, ...Object.values(this.panels));
        this.#show("answers");
    }

    /** @param {any} run @param {Turn[]} turns */
    update(run, turns) {
        this.answers.update(run, turns);
        const ranks = turns.filter((turn) => turn.phase === "rank");
        const chair = current(run, turns, "chair").slice(-1);
        this.#rankings(run, turns, ranks.length > 0);
        this.#final(run, turns, chair);
        const ended = isEnded(run.status);
        const isNow = chair.length ? "final" : ranks.length ? "rankings" : "answers";
        for (const { stage } of STAGES) this.tabs[stage].lastElementChild.className = `tab-mark${!ended && stage === isNow ? " dot running-dot" : ""}`;
        if (!this.#isChosen) this.#show(ended && run.result?.message ? "final" : isNow);
    }

    /** @param {Turn} turn @param {string} kind @param {string} text */
    append(turn, kind, text) {
        if (turn.turn === this.#chairTurn) this.#chair?.append(kind, text);
        else this.answers.append(turn, kind, text);
    }

    /** @param {Stage} stage */
    #choose(stage) {
        this.#isChosen = true;
        this.#show(stage);
    }

    /** @param {Stage} stage */
    #show(stage) {
        this.#shown = stage;
        for (const { stage: other } of STAGES) {
            this.tabs[other].setAttribute("aria-selected", String(other === stage));
            this.tabs[other].tabIndex = other === stage ? 0 : -1;
            this.panels[other].hidden = other !== stage;
        }
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const now = STAGES.findIndex(({ stage }) => stage === this.#shown);
        const isRTL = getComputedStyle(/** @type {Element} */ (event.currentTarget)).direction === "rtl";
        const by = { ArrowRight: isRTL ? -1 : 1, ArrowLeft: isRTL ? 1 : -1 }[event.key];
        const to = event.key === "Home" ? 0 : event.key === "End" ? STAGES.length - 1 : by === undefined ? null : (now + by + STAGES.length) % STAGES.length;
        if (to === null) return;
        event.preventDefault();
        this.#choose(STAGES[to].stage);
        this.tabs[STAGES[to].stage].focus();
    }

    /** @param {any} run @param {Turn[]} turns @param {boolean} hasBegun */
    #rankings(run, turns, hasBegun) {
        const answered = new Set(current(run, turns, "answer").filter(({ turn }) => turn.text && turn.status !== "failed").map(({ turn }) => turn.seat));
        const seats = run.seats.map((/** @type {any} */ seat) => seat.seat).filter((/** @type {number} */ seat) => answered.has(seat));
        const ballots = seats.map((/** @type {number} */ seat) => ({ seat, ...ballot(run, turns, seat) }));
        const state = JSON.stringify([hasBegun, run.result?.scores, ballots.map((/** @type {any} */ one) => [one.seat, one.state, one.ranking])]);
        if (this.rankings.state === state) return;
        this.rankings.state = state;
        if (!hasBegun) {
            return void fill(this.rankings, h("p.muted.tab-empty", { text: isEnded(run.status) ? "Nobody ranked the answers." : "When all have answered, each member ranks the others' answers, without knowing whose they are." }));
        }
        fill(this.rankings, this.#matrix(run, seats, ballots), this.#notes(run, ballots));
    }

    /** @param {any} run @param {number[]} seats @param {any[]} ballots */
    #matrix(run, seats, ballots) {
        /** @type {any[]} */
        const scores = run.result?.scores ?? [];
        const score = (/** @type {number} */ seat) => scores.find((one) => one.seat === seat);
        const best = scores[0]?.seat;
        const cell = (/** @type {any} */ one, /** @type {number} */ seat) => {
            if (one.seat === seat) return h("td.number.is-own", { "aria-label": "its own" }, "–");
            const place = one.ranking.indexOf(seat) + 1;
            return h("td.number", { class: place === 1 ? "is-first" : "" }, place ? String(place) : "");
        };
        const words = /** @type {Record<string, string>} */ ({ invalid: "Ballot could not be read", none: "No ballot", ranking: "ranking", waiting: "waiting" });
        const row = (/** @type {any} */ one) => h(
            "tr", { "data-seat": String(one.seat % 8) },
            h("th", { scope: "row" }, matrixSeat(run, one.seat)),
            one.state === "valid" ? seats.map((seat) => cell(one, seat)) : h("td", { colspan: String(seats.length) }, h(`span.badge.${one.state === "invalid" || one.state === "none" ? "warning" : "in_progress"}`, { text: words[one.state] })),
        );
        return h(
            "div.matrix-scroll", { tabindex: "0", role: "group", "aria-label": "Who ranked whom where" },
            h("table.matrix", {},
                h("caption", { text: "Each row is a ballot: the place it gave to the answer of each column, 1 the best. Nobody ranks its own." }),
                h("thead", {}, h("tr", {}, h("th", { scope: "col", text: "Ballot of" }), seats.map((seat) => h("th.number", { scope: "col", "data-seat": String(seat % 8), class: seat === best ? "is-best" : "" }, matrixSeat(run, seat))))),
                h("tbody", {}, ballots.map(row)),
                scores.length ? h("tfoot", {}, h("tr", {}, h("th", { scope: "row", text: "Mean place" }), seats.map((seat) => h("td.number", { class: seat === best ? "is-best" : "" },
                    h("strong", { text: score(seat)?.mean_rank ? String(Number(score(seat).mean_rank)) : "–" }), score(seat)?.spread ? h("span.muted.small", { text: ` (${Math.min(...score(seat).ranks)}–${Math.max(...score(seat).ranks)})`, title: "Its best and its worst place" }) : null)))) : null,
            ),
        );
    }

    /** @param {any} run @param {any[]} ballots */
    #notes(run, ballots) {
        const told = ballots.filter((one) => one.turn?.text && (one.state === "valid" || one.state === "invalid"));
        if (!told.length) return null;
        return h("div.ballot-notes", {}, told.map((one) => h(
            "details.ballot-note", { "data-seat": String(one.seat % 8) },
            h("summary", {}, h("span.seat-dot"), ` What ${seatName(run, one.seat)} noted`),
            one.notes.some((/** @type {any} */ note) => note.good || note.bad)
                ? h("dl", {}, one.notes.map((/** @type {any} */ note) => [
                    h("dt", { text: seatName(run, note.seat) }),
                    note.good ? h("dd.is-good", { dir: "auto" }, icon("check"), note.good) : null,
                    note.bad ? h("dd.is-bad", { dir: "auto" }, icon("close"), note.bad) : null,
                ])) : h("p.muted.small", { text: one.state === "invalid" ? "Its ballot was left out of the scores." : "It noted nothing." }),
            rawText(one.turn),
        )));
    }

    /** @param {any} run @param {Turn[]} turns @param {{turn: Turn, earlier: Turn[]}[]} chair */
    #final(run, turns, chair) {
        const result = run.result ?? {};
        const isBest = isEnded(run.status) && (result.method === "best_ranked" || result.method === "single") && result.message;
        const best = isBest ? turns.find((turn) => turn.message === result.message) : null;
        /** @type {any[]} */
        const rows = [...chair.map((one) => ({ kind: "chair", ...one })), ...(best ? [{ kind: "best", turn: best, earlier: [] }] : []), ...(!chair.length && !best ? [{ kind: "empty" }] : [])];
        reconcile(
            this.final, rows, (row) => row.kind,
            (row) => (row.kind === "chair" ? new TurnView({ showsPhase: true }).element : row.kind === "best" ? h("article.turn.final-turn") : h("p.muted.tab-empty")),
            (element, row) => {
                if (row.kind === "chair") {
                    element.classList.add("final-turn");
                    element.view.update(run, row.turn, { earlier: row.earlier });
                    [this.#chair, this.#chairTurn] = [element.view, row.turn.turn];
                    if (result.chair_substituted && !element.substitute) element.view.marks.append((element.substitute = h("span.badge.warning", { text: "in place of the chair, which failed" })));
                } else if (row.kind === "best") this.#best(element, run, row.turn);
                else element.textContent = isEnded(run.status) ? "There is no final answer." : "The chair writes when the rankings are in.";
            },
        );
    }

    /** @param {any} element @param {any} run @param {Turn} turn */
    #best(element, run, turn) {
        if (element.state === turn.message) return;
        element.state = turn.message;
        const words = h("div.md.turn-text", { dir: "auto" });
        renderMarkdown(words, spoken(turn));
        element.setAttribute("aria-label", "Best answer, unchanged");
        fill(element, h("header.turn-head", {}, h("h4.turn-who", {}, modelName(turn.model)), h("span.turn-phase", { text: run.result.method === "single" ? "The only answer" : "The best ranked answer, unchanged" })), words);
    }
}

/** A member in the matrix; where there is little room its number stands for it. @param {any} run @param {number} seat */
function matrixSeat(run, seat) {
    return h("span.matrix-seat", {}, h("span.seat-dot"), h("span.matrix-number", { text: String(seat + 1) }), h("span.matrix-name", { text: seatName(run, seat) }));
}
