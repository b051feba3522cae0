// Deleting with time to think again: the server is asked when the time is over, or when the page goes.
import * as api from "../../core/api.js";
import { failed, toast } from "../../core/announce.js";
import { conversationsChanged } from "../../core/store.js";

const SECONDS = 10;

/** @type {Set<string>} those whose time is not over */
const waiting = new Set();

/**
 * Deletes a conversation unless it is undone in time.
 * @param {{id: string, title: string|null}} conversation
 * @param {(isHidden: boolean) => void} hide takes it out of sight, or back
 */
export function deleteSoon({ id, title }, hide) {
    waiting.add(id);
    hide(true);
    toast(`Deleted “${shorten(title ?? "Untitled")}”`, {
        action: "Undo",
        seconds: SECONDS,
        onaction: () => {
            waiting.delete(id);
            hide(false);
        },
        onend: () => deleteNow(id, hide),
    });
}

/** @param {string} id @param {(isHidden: boolean) => void} hide */
async function deleteNow(id, hide) {
    if (!waiting.delete(id)) return;
    try {
        await api.del(`/conversations/${id}`);
    } catch (error) {
        // Somebody else was quicker.
        if (/** @type {any} */ (error).status !== 404) {
            hide(false);
            return failed(error, "Not deleted");
        }
    }
    conversationsChanged({ id, deleted: true });
}

const shorten = (/** @type {string} */ text) => (text.length > 40 ? `${text.slice(0, 38).trimEnd()}…` : text);

addEventListener("pagehide", () => {
    for (const id of waiting) {
        const used = api.key.get();
        fetch(`/v1/conversations/${id}`, {
            method: "DELETE",
            keepalive: true,
            headers: used ? { Authorization: `Bearer ${used}` } : {},
        }).catch(() => {});
    }
    waiting.clear();
});
