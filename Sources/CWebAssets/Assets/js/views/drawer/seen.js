// Which conversations have something new, as this browser remembers it.
import { recall, remember } from "../../core/remember.js";

/** More than so many are not remembered; older ones count as read. */
const MOST = 400;
/** Stands for "something came that nobody has looked at", whatever the times say. */
const UNREAD = -1;

/** @type {number} what was there before this browser came is not new to it */
const since = recall("seenSince", 0) || begin();
/** @type {Record<string, number>} */
let seen = recall("seen", {});

function begin() {
    const now = Math.floor(Date.now() / 1000);
    remember("seenSince", now);
    return now;
}

/** @param {{id: string, updated_at: number}} conversation */
export function isUnread(conversation) {
    const last = seen[conversation.id];
    if (last === UNREAD) return true;
    return conversation.updated_at > Math.max(since, last ?? 0);
}

/** @param {{id: string, updated_at: number}} conversation */
export function markSeen(conversation) {
    const last = seen[conversation.id];
    if (last !== UNREAD && (last ?? since) >= conversation.updated_at) return;
    write({ ...seen, [conversation.id]: conversation.updated_at });
}

/** Something ended there while nobody looked. @param {string} id */
export function markUnread(id) {
    write({ ...seen, [id]: UNREAD });
}

/** @param {Record<string, number>} next */
function write(next) {
    const entries = Object.entries(next);
    // The newest stand last.
    seen = entries.length > MOST ? Object.fromEntries(entries.slice(-MOST / 2)) : next;
    remember("seen", seen);
}

/** Tells when another tab has looked at something. @param {() => void} listener @param {AbortSignal} signal */
export function onSeen(listener, signal) {
    addEventListener("storage", (event) => {
        if (event.key !== "plenum.seen") return;
        seen = recall("seen", {});
        listener();
    }, { signal });
}
