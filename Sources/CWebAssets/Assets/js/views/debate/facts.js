// What is read out of a debate's run and turns. Pure: nothing here touches the page.
import { isEnded } from "../../core/run-feed.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */

/** Whether a turn has come to its end. @param {Turn} turn */
export const isOver = (turn) => isEnded(turn.status) || turn.status === "declined";

/** Whether a turn has words that count. @param {Turn} turn */
export const hasAnswer = (turn) => (turn.status === "completed" || turn.status === "incomplete") && turn.text.trim() !== "";

/** The turns in order. @param {import("../../core/run-feed.js").RunFeed} feed @returns {Turn[]} */
export const turnsOf = (feed) => [...feed.turns.values()].sort((left, right) => left.turn - right.turn);

/** Whether a turn was asked to be said again: it stays on record, and another stands in its place. @param {any} run @param {Turn} turn */
export const isReplaced = (run, turn) => run.settings.again?.includes(turn.message) ?? false;

/**
 * The turns that count, each the last one of its place; the earlier ones of the place stand behind it.
 * @param {any} run @param {Turn[]} turns @param {...string} phases
 * @returns {{turn: Turn, earlier: Turn[]}[]}
 */
export function current(run, turns, ...phases) {
    /** @type {Map<string, {turn: Turn, earlier: Turn[]}>} */
    const places = new Map();
    for (const turn of turns) {
        if (!phases.includes(turn.phase)) continue;
        // A person's words and a clerk's minutes never replace each other.
        const place = turn.phase === "human" || turn.phase === "minutes" ? `${turn.turn}` : `${turn.phase}.${turn.round}.${turn.seat}`;
        const known = places.get(place);
        places.set(place, { turn, earlier: known ? [...known.earlier, known.turn] : [] });
    }
    return [...places.values()];
}

/** The judge's turns that count: at most two, as spoken and swapped. @param {any} run @param {Turn[]} turns */
export function readings(run, turns) {
    const live = turns.filter((turn) => turn.phase === "judge" && turn.seat === null && !isReplaced(run, turn));
    // One that broke off is asked for once more; only the last of its pass counts, and a failed one is followed by its pass's next.
    return live.filter((turn, index) => !(turn.status === "failed" && live[index + 1])).slice(-2);
}

/** The first complete object in what a model said that has a member. @param {string} text @param {string} member @returns {any|null} */
export function objectIn(text, member) {
    let found = null;
    for (let start = text.indexOf("{"), tries = 0; start >= 0 && tries < 50; tries++) {
        const end = closing(text, start);
        let next = start + 1;
        if (end > 0) {
            try {
                const value = JSON.parse(text.slice(start, end + 1));
                if (value && typeof value === "object" && member in value) found = value;
                next = end + 1;
            } catch {
                // Not an object after all.
            }
        }
        start = text.indexOf("{", next);
    }
    return found;
}

/** @param {string} text @param {number} start */
function closing(text, start) {
    let depth = 0;
    let isString = false;
    for (let index = start; index < text.length; index++) {
        const sign = text[index];
        if (isString) {
            if (sign === "\\") index += 1;
            else if (sign === '"') isString = false;
        } else if (sign === '"') isString = true;
        else if (sign === "{") depth += 1;
        else if (sign === "}" && --depth === 0) return index;
    }
    return -1;
}

/** Lines that are there to be counted, at the end of an answer. */
const COUNTED = /^[^\p{L}]*(?:final answer|answer|confidence|changed|because)[^\p{L}\d]{0,4}[:=].*$/iu;

/**
 * What a turn says, as a person reads it: without the marks and lines that are there for the server.
 * @param {Turn} turn
 */
export function spoken(turn) {
    const text = turn.text.replace(/\s*\[(?:concede|done)\]/g, "");
    if (!["answer", "revise"].includes(turn.phase) || turn.answer === undefined) return text;
    const lines = text.split("\n");
    while (lines.length && (lines.at(-1)?.trim() === "" || COUNTED.test(/** @type {string} */ (lines.at(-1))))) lines.pop();
    const rest = lines.join("\n");
    return rest.trim() ? rest : text;
}

/** A side's position, short: those that the server gives where a person gave none are written as orders. @param {string|null|undefined} side */
export const sideWords = (side) => (side ?? "").replace(/^(Yes|No): argue (?:for|against) it\.$/, "$1").replace(/^the best answer that you can find$/, "");

/** What a seat argues for; null if it is free, or not known before it speaks. @param {any} run @param {Turn[]} turns @param {number} seat @returns {string|null} */
export function sideOf(run, turns, seat) {
    const told = seatOf(run, seat)?.side ?? turns.find((turn) => turn.seat === seat && turn.side)?.side;
    return told ?? (run.settings.protocol === "sides" && run.seats.length === 2 ? ["Yes", "No"][seat] : null);
}

/** A side as judge and speakers name it, with its position. @param {number} seat @param {string|null|undefined} side */
export const sideLabel = (seat, side) => (sideWords(side) ? `Side ${seat + 1}: ${sideWords(side)}` : `Side ${seat + 1}`);

/** @param {any} run @param {number} seat */
export const seatOf = (run, seat) => run.seats.find((/** @type {any} */ other) => other.seat === seat);

/** Whether a seat's model sits in another one too. @param {any} run @param {any} seat */
export const hasTwin = (run, seat) => run.seats.some((/** @type {any} */ other) => other.seat !== seat?.seat && other.model === seat?.model);

/** A model's name with its seat's number where it sits twice. @param {any} run @param {number} seat */
export function seatName(run, seat) {
    const model = seatOf(run, seat)?.model ?? null;
    const name = model ? model.slice(model.indexOf("/") + 1) : `seat ${seat + 1}`;
    return hasTwin(run, seatOf(run, seat)) ? `${name} (seat ${seat + 1})` : name;
}

/**
 * A judge's reading in the seats' own terms. In the second reading the sides bore each other's numbers.
 * @param {any} run @param {{order: string, winner: number|"tie", verdict: any}} told
 */
export function reading(run, told) {
    const seats = run.seats.map((/** @type {any} */ seat) => seat.seat);
    const isSwapped = told.order === "swapped";
    const seatAt = (/** @type {number} */ number) => seats[isSwapped ? seats.length - number : number - 1];
    const own = (/** @type {any} */ text) => typeof text !== "string" ? "" : !isSwapped ? text : text.replace(
        /\b(side )(\d)\b/gi,
        (all, word, number) => (seatAt(Number(number)) === undefined ? all : `${word}${seatAt(Number(number)) + 1}`),
    );
    const list = (/** @type {any} */ value) => (Array.isArray(value) ? value : value ? [value] : []).map(own).filter((text) => text.trim());
    const scores = Object.entries(told.verdict?.scores ?? {})
        .map(([name, score]) => ({ seat: seatAt(Number(String(name).replace(/\D/g, ""))), score }))
        .filter(({ seat, score }) => seat !== undefined && score && typeof score === "object")
        .sort((left, right) => left.seat - right.seat);
    return {
        order: told.order, winner: told.winner, scores, decisive: own(told.verdict?.decisive_point), answer: own(told.verdict?.answer),
        errors: list(told.verdict?.errors_found), unresolved: list(told.verdict?.unresolved),
    };
}

/** The votes of a round. @param {any} run @param {number} round @returns {{answer: string, votes: number, seats: number[]}[]} */
export const tally = (run, round) => run.result?.tally?.find((/** @type {any} */ told) => told.round === round)?.counts ?? [];

/** How many may vote: seats that a person has not taken out. @param {any} run */
export const voters = (run) => run.seats.length - (run.settings.cancelled_seats?.length ?? 0);

/** The share of the seats that give the commonest answer, in percent. @param {any} run @param {number} round */
export function agreement(run, round) {
    const most = Math.max(0, ...tally(run, round).map((group) => group.votes));
    return voters(run) ? Math.round((most * 100) / voters(run)) : 0;
}

/**
 * A member's ballot: whom it ranked, best first, and what it noted of each.
 * @param {any} run @param {Turn[]} turns @param {number} seat
 * @returns {{state: "waiting"|"ranking"|"valid"|"invalid"|"none", ranking: number[], notes: {seat: number, good: string, bad: string}[], turn: Turn|null}}
 */
export function ballot(run, turns, seat) {
    const own = turns.filter((turn) => turn.seat === seat && (turn.phase === "rank" || turn.phase === "repair") && !isReplaced(run, turn));
    const last = own.at(-1) ?? null;
    const told = run.result?.ballots?.find((/** @type {any} */ ballot) => ballot.seat === seat);
    const empty = { ranking: [], notes: [], turn: last };
    if (told) {
        // Letters stand for seats in an order that is each reader's own; the ballot tells which is which.
        const source = own.findLast((turn) => objectIn(turn.text, "ranking")) ?? last;
        const said = source ? objectIn(source.text, "ranking") : null;
        const letters = (said?.ranking ?? []).map((/** @type {any} */ label) => String(label).split(/[^\p{L}\d]+/u).filter(Boolean).at(-1)?.toUpperCase());
        const notes = told.ranking.map((/** @type {number} */ ranked, /** @type {number} */ place) => {
            const note = said?.notes?.[letters[place]] ?? {};
            return { seat: ranked, good: String(note.good ?? ""), bad: String(note.bad ?? "") };
        });
        return { state: "valid", ranking: told.ranking, notes, turn: source };
    }
    if (!last) return { ...empty, state: "waiting" };
    if (!isOver(last)) return { ...empty, state: "ranking" };
    // What could not be read is asked for once more at once.
    const isClosed = isEnded(run.status) || turns.some((turn) => turn.phase === "chair");
    if (last.phase === "rank" && hasAnswer(last) && !isClosed) return { ...empty, state: "ranking" };
    return { ...empty, state: hasAnswer(last) ? "invalid" : "none" };
}
