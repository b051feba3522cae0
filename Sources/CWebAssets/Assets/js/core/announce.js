// Words to the person beside the page's content: one polite status line for assistive technology, and toasts.
import { h, iconButton } from "./dom.js";

const line = /** @type {HTMLElement} */ (document.getElementById("status"));
const toasts = /** @type {HTMLElement} */ (document.getElementById("toasts"));

/** Puts an element where it can be heard and pressed: what lies outside an open dialog is out of everybody's reach. @param {HTMLElement} element */
function reach(element) {
    const dialog = [...document.querySelectorAll("dialog:modal")].at(-1);
    const home = dialog ?? document.body;
    if (element.parentNode === home) return;
    home.append(element);
    // Dialogs may be taken away when they close.
    dialog?.addEventListener("close", () => reach(element), { once: true });
}

/** Says something once to assistive technology: that an answer began, ended, failed. Never text that streams. @param {string} text */
export function announce(text) {
    reach(line);
    line.textContent = "";
    requestAnimationFrame(() => (line.textContent = text));
}

/**
 * Shows a note at the page's edge.
 * @param {string} text
 * @param {{kind?: "note"|"error", action?: string, onaction?: () => void, seconds?: number, onend?: () => void}} [options]
 *   `onend` is called when it goes without its action having been taken
 */
export function toast(text, { kind = "note", action, onaction, seconds = 6, onend } = {}) {
    reach(toasts);
    let isOver = false;
    const end = (/** @type {boolean} */ acted) => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        element.remove();
        if (acted) onaction?.();
        else onend?.();
    };
    const element = h(
        `div.toast.${kind}`,
        { role: kind === "error" ? "alert" : null },
        h("span", { text }),
        action ? h("button.link", { type: "button", text: action, onclick: () => end(true) }) : null,
        iconButton("close", "Dismiss", () => end(false)),
    );
    const timer = setTimeout(() => end(false), seconds * 1000);
    toasts.append(element);
    if (kind !== "error") announce(text);
    return { dismiss: () => end(false) };
}

/** Shows that something failed, in the server's words. @param {any} error @param {string} [what] */
export function failed(error, what) {
    if (error?.name === "AbortError") return;
    toast(what ? `${what}: ${error.message}` : error.message, { kind: "error", seconds: 12 });
}
