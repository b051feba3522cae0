// The judge's verdict: folded until the person has said who convinced them, then both readings side by side.
import { announce } from "../../core/announce.js";
import { fill, h, icon, newId } from "../../core/dom.js";
import { recall, remember } from "../../core/remember.js";
import { isEnded } from "../../core/run-feed.js";
import { renderMarkdown } from "../../md/markdown.js";
import { modelName } from "../../parts/model-mark.js";
import { hasAnswer, isOver, reading, readings, seatName, sideLabel, sideOf, sideWords } from "./facts.js";
import { rawText } from "./turn-view.js";

/** A verdict older than this is shown at once: the moment of guessing is over. */
const FRESH_SECONDS = 3600;
const MOST_KEPT = 200;

/** What the person has said or done about verdicts, by run. @returns {Record<string, {opened?: boolean, vote?: number|"tie"}>} */
const kept = () => recall("verdicts", {});

/** @param {string} run @param {{opened?: boolean, vote?: number|"tie"}} more */
function keep(run, more) {
    const all = kept();
    const entries = Object.entries({ ...all, [run]: { ...all[run], ...more } });
    remember("verdicts", Object.fromEntries(entries.slice(-MOST_KEPT)));
}

/** What the person said of a run before its verdict was opened. @param {string} run @returns {number|"tie"|undefined} */
export const voteOf = (run) => kept()[run]?.vote;

export class VerdictCard {
    constructor() {
        const id = newId("verdict");
        this.title = h("h4", { id, tabindex: "-1" }, icon("scales"), "Verdict");
        this.badge = h("span");
        this.body = h("div.verdict-body");
        this.element = h("section.verdict", { "aria-labelledby": id, hidden: true }, h("header.verdict-head", {}, this.title, this.badge), this.body);
    }

    /** @param {any} run @param {import("../../core/run-feed.js").Turn[]} turns */
    update(run, turns) {
        this.run = run;
        this.turns = turns;
        const told = readings(run, turns);
        const result = run.result ?? {};
        const isReading = told.some((turn) => !isOver(turn)) || (!isEnded(run.status) && told.length > 0);
        const hasEnded = isEnded(run.status) && (told.length > 0 || result.method === "no_verdict");
        this.element.hidden = !isReading && !hasEnded;
        if (this.element.hidden) return;
        const mode = isReading ? "reading" : this.#isFolded() ? "folded" : "open";
        const state = JSON.stringify([mode, result.method, result.verdicts, told.map((turn) => [turn.turn, turn.status]), run.status]);
        if (state === this.state) return;
        this.state = state;
        this.element.dataset.mode = mode;
        if (mode === "reading") this.#reading(told);
        else if (mode === "folded") this.#folded();
        else this.#open();
    }

    #isFolded() {
        const { run } = this;
        if (run.result?.method !== "judge" && run.result?.method !== "split") return false;
        const known = kept()[run.id];
        if (known?.opened || known?.vote !== undefined) return false;
        return run.ended_at === null || run.ended_at === undefined || Date.now() / 1000 - run.ended_at < FRESH_SECONDS;
    }

    /** @param {import("../../core/run-feed.js").Turn[]} told */
    #reading(told) {
        const second = told.length > 1;
        fill(this.badge);
        fill(
            this.body,
            h("ol.verdict-steps", {},
                h("li", { class: second || isOver(told[0]) ? "is-done" : "is-now" }, step(second || isOver(told[0])), "The judge reads the debate as it was spoken"),
                h("li", { class: second ? (isOver(told[1]) ? "is-done" : "is-now") : "" }, step(second && isOver(told[1])), "and once more with the sides swapped, so that order does not decide"),
            ),
            told[0]?.model ? h("p.verdict-by.muted.small", {}, "Judge: ", modelName(told[0].model)) : null,
        );
    }

    #folded() {
        const { run } = this;
        const vote = (/** @type {number|"tie"} */ choice) => {
            keep(run.id, { vote: choice, opened: true });
            this.#reveal();
        };
        fill(this.badge);
        fill(
            this.body,
            h("p", { text: "The judge has decided. Who has convinced you? Say it first, if you like: what one has read as a verdict is hard to forget." }),
            h("div.verdict-votes", { role: "group", "aria-label": "Who has convinced you?" },
                run.seats.map((/** @type {any} */ seat) => h(
                    "button.verdict-vote", { type: "button", "data-seat": String(seat.seat % 8), onclick: () => vote(seat.seat) },
                    h("span.seat-dot"),
                    h("span", {}, h("strong", { text: this.#side(seat.seat) }), h("span.muted.small", { text: seatName(run, seat.seat) })),
                )),
                h("button.verdict-vote.is-tie", { type: "button", onclick: () => vote("tie") }, h("span", { text: "Neither" })),
            ),
            h("button.link", { type: "button", text: "Show the verdict", onclick: () => (keep(run.id, { opened: true }), this.#reveal()) }),
        );
    }

    /** Shows it, and puts the focus where the button was. */
    #reveal() {
        this.update(this.run, this.turns ?? []);
        this.title.focus();
        announce(`Verdict: ${this.#headline()}`);
    }

    /** @param {number} seat */
    #side(seat) {
        return sideLabel(seat, sideOf(this.run, this.turns ?? [], seat));
    }

    #headline() {
        const { result } = this.run;
        if (result.method === "no_verdict") return "No verdict: what the judge wrote could not be read.";
        if (result.method === "split") return "No winner";
        if (result.winner === "tie") return "A tie";
        const words = sideWords(sideOf(this.run, this.turns ?? [], result.winner));
        return `Side ${result.winner + 1} wins${words ? `: ${words}` : ""}`;
    }

    #open() {
        const { run, turns } = this;
        const result = run.result ?? {};
        const told = readings(run, turns ?? []);
        const isSplit = result.method === "split";
        fill(
            this.badge,
            result.method === "judge" ? h("span.badge.good", {}, icon("check"), "Both orders agreed") : null,
            isSplit ? h("span.badge.warning", {}, icon("warning"), "Split: the two readings disagree") : null,
            result.method === "no_verdict" ? h("span.badge.warning", { text: "No verdict" }) : null,
        );
        const winner = result.method === "judge" && result.winner !== "tie" ? result.winner : null;
        const answer = h("div.md", { dir: "auto" });
        if (result.answer) renderMarkdown(answer, String(result.answer));
        const read = (result.verdicts ?? []).map((/** @type {any} */ verdict) => reading(run, verdict));
        const unresolved = [...new Set(read.flatMap((/** @type {any} */ one) => one.unresolved))];
        fill(
            this.body,
            h("div.verdict-winner", { "data-seat": winner === null ? null : String(winner % 8) },
                h("p.verdict-headline", { text: this.#headline() }),
                winner === null ? null : h("p.small.muted", { text: `argued by ${seatName(run, winner)}` }),
                isSplit ? h("p.small.muted", { text: "Read in one order, one side wins; read in the other, it does not. Then nobody has won." }) : null,
            ),
            result.answer ? answer : null,
            result.decisive_point ? fact("What decided it", [String(result.decisive_point)]) : null,
            unresolved.length ? fact("Left open", /** @type {string[]} */ (unresolved)) : null,
            this.#ownVote(winner),
            read.length ? h("div.verdict-readings", {}, read.map((/** @type {any} */ one, /** @type {number} */ index) => this.#readingCard(one, told[index]))) : null,
            result.method === "no_verdict" ? told.filter(hasAnswer).map((turn) => rawText(turn)) : null,
        );
    }

    /** @param {number|null} winner */
    #ownVote(winner) {
        const vote = voteOf(this.run.id);
        if (vote === undefined) return null;
        const { result } = this.run;
        const agrees = vote === "tie" ? result.winner === "tie" : vote === winner;
        const judge = result.method !== "judge" ? "" : agrees ? " The judge agrees." : " The judge decided otherwise.";
        return h("p.small.muted", { text: `Your own vote: ${vote === "tie" ? "neither" : this.#side(vote)}.${judge}` });
    }

    /** @param {ReturnType<typeof reading>} one @param {any} turn */
    #readingCard(one, turn) {
        const isTie = one.winner === "tie";
        return h(
            "section.reading", { "aria-label": one.order === "swapped" ? "Reading with the sides swapped" : "Reading as spoken" },
            h("h5", { text: one.order === "swapped" ? "Read with the sides swapped" : "Read as spoken" }),
            h("p.reading-winner", { "data-seat": isTie ? null : String(Number(one.winner) % 8) },
                isTie ? null : h("span.seat-dot"), h("strong", { text: isTie ? "A tie" : this.#side(Number(one.winner)) })),
            one.decisive ? h("p", { dir: "auto", text: one.decisive }) : null,
            one.scores.length ? this.#scores(one.scores) : null,
            one.answer && this.run.result.method === "split" ? fact("Its answer", [one.answer]) : null,
            one.errors.length ? fact("Errors it found", one.errors) : null,
            turn ? rawText(turn) : null,
        );
    }

    /** @param {{seat: number, score: any}[]} scores */
    #scores(scores) {
        const names = [...new Set(scores.flatMap(({ score }) => Object.keys(score)))].slice(0, 6);
        return h(
            "div.scores-scroll", { tabindex: "0", role: "group", "aria-label": "Scores" },
            h("table.scores", {},
                h("caption.visually-hidden", { text: "Scores from 0 to 10" }),
                h("thead", {}, h("tr", {}, h("td"), scores.map(({ seat }) => h("th.number", { scope: "col", "data-seat": String(seat % 8) }, h("span.seat-dot"), h("span", { text: `Side ${seat + 1}` }))))),
                h("tbody", {}, names.map((name) => h("tr", {},
                    h("th", { scope: "row", text: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ") }),
                    scores.map(({ score }) => h("td.number", { text: String(score[name] ?? "–") }))))),
            ),
        );
    }
}

/** @param {boolean} isDone */
const step = (isDone) => (isDone ? icon("check") : h("span.dot"));

/** @param {string} name @param {string[]} texts */
function fact(name, texts) {
    return h(
        "div.fact", {},
        h("h5", { text: name }),
        texts.length === 1 ? h("p", { dir: "auto", text: texts[0] }) : h("ul", {}, texts.map((text) => h("li", { dir: "auto", text }))),
    );
}
