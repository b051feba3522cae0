// What a debate's words of the API mean, in plain English.

/** @typedef {"vote"|"revise"|"sides"|"council"|"talk"|"fusion"} Protocol */

/** @type {Record<Protocol, string>} */
export const PROTOCOL_NAMES = {
    vote: "Vote",
    revise: "Answer and revise",
    sides: "Sides and a judge",
    council: "Council",
    talk: "Talk",
    fusion: "Fusion",
};

/** @param {string} name */
export const protocolName = (name) => PROTOCOL_NAMES[/** @type {Protocol} */ (name)] ?? "Debate";

/** Why a run ended: a half-sentence behind "It ended because" or by itself. @type {Record<string, string>} */
const STOP_REASONS = {
    completed: "It went through all its steps.",
    unanimous_at_start: "Stopped after the first answers, because they were all the same.",
    unanimous: "Stopped because the answers had become the same.",
    stable: "Stopped because nobody changed an answer any more.",
    max_rounds: "All rounds were held.",
    concession: "Stopped because one side gave in.",
    judge_decided: "Stopped early, because the judge had heard enough.",
    done: "Stopped because nobody had anything to add.",
    repeating: "Stopped because the speakers began to repeat themselves.",
    max_turns: "All turns were taken.",
    budget: "Stopped because the cost cap was reached.",
    timeout: "Stopped because the time was up.",
    concluded: "Concluded by you, with what there was.",
    seat_failed: "Stopped because a seat was lost.",
    chair_failed: "The chair could not write, so the best answer stands as it is.",
    cancelled: "Stopped by you. What had come is kept.",
    interrupted: "The server was stopped in the middle. Finished steps are kept.",
    failed: "It failed before there was anything to show.",
    storage: "It ended because it could not be kept.",
    internal: "It ended by a fault of the server.",
};

/** @param {string|null|undefined} reason @param {string} [protocol] */
export function stopReason(reason, protocol) {
    if (!reason) return "";
    if (reason === "unanimous" && protocol === "sides") return "Stopped because both sides agreed.";
    if (reason === "chair_failed" && protocol === "fusion") return "The answers could not be put together, so one of them stands as it is.";
    if (reason === "completed" && protocol === "vote") return "All had answered.";
    return STOP_REASONS[reason] ?? `It ended: ${reason.replaceAll("_", " ")}.`;
}

/** How the result came about. @type {Record<string, string>} */
const METHODS = {
    unanimous: "All give the same answer",
    plurality: "Most give this answer",
    single: "Only one answer there is",
    synthesis: "The answers could not be counted, so one was written from all of them",
    judge: "The judge's verdict",
    split: "No winner: the judge's two readings disagree",
    no_verdict: "No verdict could be read",
    chair: "The chair's final answer",
    best_ranked: "The best ranked answer, unchanged",
    fusion: "One answer made of all",
    summary: "The conversation, summed up",
    none: "No result",
};

/** @param {string} method */
export const methodWords = (method) => METHODS[method] ?? method.replaceAll("_", " ");

/** What a step is called. @type {Record<string, string>} */
const PHASES = {
    answer: "Answer",
    revise: "Revised answer",
    opening: "Opening",
    rebuttal: "Rebuttal",
    check: "Judge's check",
    judge: "Judge's reading",
    repair: "Asked once more",
    rank: "Ranking",
    chair: "Final answer",
    say: "Says",
    human: "Your word",
    clerk: "Written from all answers",
    minutes: "Minutes",
    summary: "Summary",
    fuse: "Fused answer",
};

/** @param {string} phase */
export const phaseName = (phase) => PHASES[phase] ?? phase;

/** The round of an answer-and-revise debate. @param {number} round */
export const reviseRound = (round) => (round === 0 ? "First answers" : round === 1 ? "After reading all" : `Revised again, round ${round}`);

/** What a run that goes on is doing. @param {any} run @param {import("../../core/run-feed.js").Turn[]} turns */
export function stateWords(run, turns) {
    const last = turns.filter((turn) => turn.status === "in_progress").at(-1);
    if (run.paused) return pauseReason(run) === "seat_failed" ? "Waiting: a seat was lost" : last ? "Pausing after this step" : "Paused";
    if (run.settings.concluding) return "Coming to its end";
    if (!last) return "Running";
    const doing = {
        answer: "Answering", revise: "Revising", opening: "Openings", rebuttal: "Rebuttals", check: "Judge thinks", judge: "Judge is reading",
        rank: "Ranking each other", chair: "The chair writes", say: "Talking", summary: "Summing up", clerk: "Writing from all answers",
        minutes: "Taking minutes", fuse: "Fusing", repair: "Asking once more",
    }[last.phase] ?? "Running";
    const protocol = run.settings.protocol;
    const of = { sides: run.settings.rounds ?? 2, revise: run.settings.rounds ?? 1 }[/** @type {"sides"|"revise"} */ (protocol)];
    if (protocol === "talk" && last.phase === "say") return `Turn ${saidTurns(turns)} of ${run.settings.turns ?? 8}`;
    return of && last.round > 0 ? `${doing}, round ${last.round} of ${of}` : doing;
}

/** Turns of a talk are counted by place: an answer that was given again is one. @param {any[]} turns */
const saidTurns = (turns) => new Set(turns.filter((turn) => turn.phase === "say").map((turn) => `${turn.round}.${turn.seat}`)).size;

/** Why a run waits. @param {any} run @returns {string|null} */
export const pauseReason = (run) => run.pause_reason ?? run.settings.pause_reason ?? null;

/** A run's end in a word, for its badge. @type {Record<string, string>} */
const STATUSES = {
    queued: "Waiting", in_progress: "Running", completed: "Finished", incomplete: "Ended early", failed: "Failed", cancelled: "Stopped",
    interrupted: "Interrupted", declined: "Declined",
};

/** @param {string} status */
export const statusWord = (status) => STATUSES[status] ?? status;
