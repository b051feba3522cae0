// What a debate came to, in plain lines: the answer, why it ended, who was missing, what a vote would have said; and what next.
import { fill, h, icon } from "../../core/dom.js";
import { isEnded } from "../../core/run-feed.js";
import { modelName } from "../../parts/model-mark.js";
import { hasAnswer, isReplaced, seatName, tally, voters } from "./facts.js";
import { methodWords, stopReason } from "./words.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */

export class Outcome {
    /** @param {import("./commands.js").Commands} commands @param {{continueFrom: ((message: string) => void)|null, exportMarkdown: () => void}} acts */
    constructor(commands, acts) {
        this.commands = commands;
        this.acts = acts;
        this.answer = h("div.outcome-answer", { hidden: true });
        this.lines = h("ul.outcome-lines");
        this.actions = h("div.outcome-actions.row", { hidden: true });
        this.element = h("footer.outcome", {}, this.answer, this.lines, this.actions);
    }

    /** @param {any} run @param {Turn[]} turns */
    update(run, turns) {
        const state = JSON.stringify([run.status, run.stop_reason, run.result, run.settings, turns.map((turn) => [turn.turn, turn.status]), this.commands.isBusy]);
        if (state === this.state) return;
        this.state = state;
        const ended = isEnded(run.status);
        this.#answer(run, turns, ended);
        fill(this.lines, ended ? endLines(run, turns) : [], baselineLine(run));
        this.#actions(run, ended);
        this.element.hidden = this.answer.hidden && !this.lines.childElementCount && this.actions.hidden;
    }

    /** The answer that was voted for. @param {any} run @param {Turn[]} turns @param {boolean} ended */
    #answer(run, turns, ended) {
        const { result } = run;
        const isVoted = run.settings.protocol === "vote" || run.settings.protocol === "revise";
        const isShown = ended && isVoted && ["unanimous", "plurality", "single"].includes(result?.method) && result.message;
        this.answer.hidden = !isShown;
        if (!isShown) return;
        const speaker = turns.find((turn) => turn.message === result.message);
        const votes = tally(run, result.rounds_run ?? 0).find((group) => group.answer === result.answer);
        const isTie = votes && tally(run, result.rounds_run ?? 0).some((group) => group !== votes && group.votes === votes.votes);
        // A seat that was lost, or that cannot be counted, does not stand against the others.
        const isPartly = result.method === "unanimous" && votes && votes.votes < run.seats.length;
        const how = isPartly ? `All who could be counted give the same answer: ${votes.votes} of ${run.seats.length}` : isTie ? `A tie at ${votes.votes} of ${voters(run)}: this answer's seats are surer, or it led before` : `${methodWords(result.method)}${votes && result.method === "plurality" ? `: ${votes.votes} of ${voters(run)}` : ""}`;
        const by = speaker?.model ? h("p.small.muted.outcome-by", {}, result.method === "single" ? "Answered by " : "Said surest by ", modelName(speaker.model)) : null;
        fill(
            this.answer,
            h("p.outcome-method.small.muted", {}, icon(isTie ? "scales" : "check"), how),
            h("p.outcome-words", { dir: "auto", text: result.answer ?? "No short answer was given; the full text stands above." }),
            by,
        );
    }

    /** @param {any} run @param {boolean} ended */
    #actions(run, ended) {
        const { commands, acts } = this;
        const message = run.result?.message;
        const button = (/** @type {string} */ text, /** @type {() => void} */ onclick, kind = "", picture = /** @type {any} */ (null)) =>
            h(`button${kind}`, { type: "button", disabled: commands.isBusy, onclick }, picture ? icon(picture) : null, text);
        fill(
            this.actions,
            run.status === "interrupted" ? button("Resume", commands.resume, ".primary", "play") : null,
            ended && message && acts.continueFrom ? button(continueWords(run), () => acts.continueFrom?.(message), "", "chat") : null,
            ended && commands.canExtend ? button(commands.room > 0 ? (run.settings.protocol === "talk" ? "Extend…" : "One more round…") : "Raise the cap…", () => commands.extend(), "", "plus") : null,
            ended && run.result?.method === "no_verdict" && commands.canJudgeAgain ? button("Judge again with…", () => void commands.judgeAgain(), "", "scales") : null,
            ended ? button("Export", acts.exportMarkdown, ".quiet", "download") : null,
        );
        this.actions.hidden = !this.actions.childElementCount;
    }
}

/** @param {any} run */
function continueWords(run) {
    const from = { sides: run.result?.method === "no_verdict" ? "last word" : "verdict", talk: run.result?.method === "summary" ? "summary" : "last word" }[/** @type {string} */ (run.settings.protocol)] ?? "final answer";
    return `Continue as chat from the ${from}`;
}

/** The plain vote beside every result. @param {any} run */
function baselineLine(run) {
    const baseline = run.result?.baseline;
    if (!baseline) return null;
    const differs = isEnded(run.status) && run.settings.protocol === "revise" && run.result.method !== "synthesis" && typeof run.result.answer === "string" &&
        run.result.answer.trim().toLowerCase() !== String(baseline.answer).trim().toLowerCase();
    return h(
        "li.baseline", {}, icon("chart"),
        h("span", {}, "A plain vote over the first answers would have said: ", h("strong", { dir: "auto", text: String(baseline.answer) }),
            h("span.muted", { text: ` (${baseline.votes} of ${baseline.of})` }), differs ? ". The debate came to another answer." : "."),
    );
}

/** @param {any} run @param {Turn[]} turns */
function endLines(run, turns) {
    const { result } = run;
    const line = (/** @type {import("../../core/dom.js").IconName} */ picture, /** @type {any[]} */ ...words) => h("li", {}, icon(picture), h("span", {}, ...words));
    const quorum = result?.quorum;
    return [
        line("flag", stopReason(run.stop_reason, run.settings.protocol)),
        isStale(run, turns) ? line("info", "Something was said after this was written. Judge again to have all of it read.") : null,
        ...(result?.failed_seats ?? []).map((/** @type {any} */ seat) => line("warning", `${seatName(run, seat.seat)} ${seat.status === "cancelled" ? "was stopped" : "was lost"}`, seat.error?.message && seat.status !== "cancelled" ? `: ${seat.error.message}` : ".")),
        ...(result?.substituted_seats ?? []).map((/** @type {any} */ seat) => line("retry", `${seat.model} was replaced by ${seat.by}.`)),
        quorum && quorum.answered < quorum.of ? line("info", `${quorum.answered} of ${quorum.of} seats took part.`) : null,
    ];
}

const SPEECH = new Set(["opening", "rebuttal", "say", "answer", "revise"]);
const WRITTEN = new Set(["judge", "chair", "fuse", "summary", "clerk"]);

/** Whether a seat spoke after the verdict, the summary or the final answer. @param {any} run @param {Turn[]} turns */
function isStale(run, turns) {
    const written = turns.filter((turn) => turn.seat === null && WRITTEN.has(turn.phase) && hasAnswer(turn) && !isReplaced(run, turn)).at(-1);
    return written !== undefined && turns.some((turn) => turn.seat !== null && SPEECH.has(turn.phase) && hasAnswer(turn) && turn.turn > written.turn);
}
