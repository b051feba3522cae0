// What the seats of a compare show, read out of a run and its turns. Pure: tested without a browser.
import { shortModel } from "../../core/format.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */
/** @typedef {"waiting"|"thinking"|"streaming"|"done"|"cut"|"declined"|"stopped"|"failed"|"interrupted"} SeatState */
/**
 * @typedef {object} SeatView
 * @property {number} seat
 * @property {string|null} model null while names are hidden
 * @property {string} name what it is called among the others: "oracle", "oracle #2", "Answer B"
 * @property {string} letter
 * @property {SeatState} state
 * @property {Turn|null} turn its last one; null before it is asked
 * @property {string|null} message the message that holds its answer, if there is one to go on from
 * @property {any[]} attempts all calls that were made for the seat
 * @property {any} error
 * @property {string|null} insteadOf the model that did not answer, and in whose place this one stands
 * @property {boolean} isActive whether it still is to answer
 * @property {boolean} isBlind
 */

/** What is said of each state. @type {Record<SeatState, string>} */
export const STATE_WORDS = {
    waiting: "Waiting", thinking: "Thinking", streaming: "Writing", done: "Done", cut: "Cut short",
    declined: "Declined", stopped: "Stopped", failed: "Failed", interrupted: "Interrupted",
};

/** Whether nobody is to be told which model wrote what. @param {any} run */
export const hidesNames = (run) => Boolean(run.settings?.blind) && !run.preference;

/** A, B, C. @param {number} seat */
export const letterOf = (seat) => String.fromCharCode(65 + (seat % 26));

/** The seats of a run, in order. @param {any} run @param {Map<number, Turn>} turns @returns {SeatView[]} */
export function seatViews(run, turns) {
    /** @type {Map<number, Turn>} */
    const last = new Map();
    for (const turn of turns.values()) {
        if (turn.seat === null || turn.seat === undefined) continue;
        if (turn.turn >= (last.get(turn.seat)?.turn ?? -1)) last.set(turn.seat, turn);
    }
    const views = run.seats.map((/** @type {any} */ seat) => seatView(seat, last.get(seat.seat) ?? null, run));
    nameAll(views);
    return views;
}

/** @param {any} seat @param {Turn|null} turn @param {any} run @returns {SeatView} */
function seatView(seat, turn, run) {
    const isRunning = isOpen(run);
    // An answer that is to be written again is no answer any more.
    const isAgain = turn !== null && isRunning && isEndedTurn(turn) && (run.settings?.again ?? []).includes(turn.message);
    const shown = isAgain ? null : turn;
    const isBlind = hidesNames(run);
    const state = stateOf(shown, seat, run);
    const attempts = seat.attempts ?? [];
    return {
        seat: seat.seat,
        model: isBlind ? null : shown?.model ?? seat.model ?? null,
        name: "",
        letter: letterOf(seat.seat),
        state,
        turn: shown,
        message: shown && ["done", "cut"].includes(state) ? shown.message : null,
        attempts,
        error: shown?.error ?? (state === "failed" ? errorOf(seat, run) : null),
        insteadOf: isBlind ? null : insteadOf(shown, attempts),
        isActive: isRunning && ["waiting", "thinking", "streaming"].includes(state),
        isBlind,
    };
}

/** @param {any} run */
const isOpen = (run) => run.status === "in_progress" || run.status === "queued";
/** @param {Turn} turn */
const isEndedTurn = (turn) => !["queued", "in_progress"].includes(turn.status);

/** @param {Turn|null} turn @param {any} seat @param {any} run @returns {SeatState} */
function stateOf(turn, seat, run) {
    if (!turn) {
        if ((run.settings?.cancelled_seats ?? []).includes(seat.seat)) return "stopped";
        if (isOpen(run)) return "waiting";
        return run.status === "interrupted" ? "interrupted" : run.status === "cancelled" ? "stopped" : "failed";
    }
    switch (turn.status) {
        case "completed": return "done";
        case "incomplete": return "cut";
        case "cancelled": return "stopped";
        case "failed": case "interrupted": case "declined": return turn.status;
    }
    if (!isOpen(run)) return run.status === "interrupted" ? "interrupted" : "stopped";
    return turn.text ? "streaming" : turn.reasoning ? "thinking" : "waiting";
}

/** Why a seat was never asked. @param {any} seat @param {any} run */
function errorOf(seat, run) {
    if (seat.error) return seat.error;
    const isMoney = run.stop_reason === "budget";
    return {
        code: isMoney ? "budget" : "failed",
        message: isMoney ? "It was not asked: the cap for this compare was reached." : "It was not asked before the compare ended.",
    };
}

/** @param {Turn|null} turn @param {any[]} attempts */
function insteadOf(turn, attempts) {
    const first = attempts.find((attempt) => attempt.message === turn?.message);
    return turn?.model && first && first.requested_model !== turn.model && first.model !== turn.model ? first.model : null;
}

/** Gives each a name of its own. @param {SeatView[]} views */
function nameAll(views) {
    /** @type {Map<string, SeatView[]>} */
    const same = new Map();
    for (const view of views) {
        view.name = view.model ? shortModel(view.model) : `Answer ${view.letter}`;
        same.set(view.name, [...(same.get(view.name) ?? []), view]);
    }
    for (const [name, group] of same) {
        if (group.length > 1) group.forEach((view, index) => (view.name = `${name} #${index + 1}`));
    }
}

/** How far they are: "2 of 3 done, 1 failed". @param {SeatView[]} views */
export function progress(views) {
    const count = (/** @type {SeatState[]} */ ...states) => views.filter((view) => states.includes(view.state)).length;
    const parts = [`${count("done", "cut", "declined")} of ${views.length} done`];
    const failed = count("failed");
    const stopped = count("stopped");
    const interrupted = count("interrupted");
    if (failed) parts.push(`${failed} failed`);
    if (stopped) parts.push(`${stopped} stopped`);
    if (interrupted) parts.push(`${interrupted} interrupted`);
    return parts.join(", ");
}

/** The names of some seats: "A, B and C". @param {string[]} names */
export function listed(names) {
    return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** All answers as one Markdown text. @param {SeatView[]} views @param {string} [question] */
export function asMarkdown(views, question) {
    const answers = views.filter((view) => view.turn?.text).map((view) => `## ${view.name}\n\n${view.turn?.text.trim()}`);
    return [question ? `> ${question.trim().replaceAll("\n", "\n> ")}` : "", ...answers].filter(Boolean).join("\n\n");
}

/** What is to be said aloud once: seats that came to an end since the last look, and that all are here. */
export class Announcer {
    /** @type {Set<string>} */
    #running = new Set();
    #hadActive = false;

    /** @param {SeatView[]} views @returns {string} */
    look(views) {
        /** @type {string[]} */
        const said = [];
        for (const view of views) {
            const key = `${view.seat}`;
            if (view.isActive) this.#running.add(key);
            else if (this.#running.delete(key)) said.push(`${view.name} ${ENDINGS[view.state] ?? "finished"}`);
        }
        const active = views.some((view) => view.isActive);
        if (this.#hadActive && !active) {
            const whole = views.filter((view) => view.message).length;
            said.push(whole === views.length ? `All ${whole} answers are here` : `${whole} of ${views.length} answers are here`);
        }
        this.#hadActive = active;
        return said.join(". ");
    }
}

/** @type {Partial<Record<SeatState, string>>} */
const ENDINGS = { failed: "failed", stopped: "was stopped", interrupted: "was interrupted", declined: "declined to answer", cut: "was cut short" };
