// Shortcuts: one table, so that the list on `?` and the palette tell the truth.

/** @typedef {{name: string, keys: string, run: () => void, isAvailable?: () => boolean, isHidden?: boolean}} Command */

/** @type {Map<string, Command>} */
const commands = new Map();

/**
 * Adds a command, which the palette offers; `keys` such as "Ctrl+K" or "" for none.
 * @param {string} id @param {Command} command
 * @param {AbortSignal} [signal] takes it away
 */
export function command(id, command, signal) {
    commands.set(id, command);
    signal?.addEventListener("abort", () => {
        if (commands.get(id) === command) commands.delete(id);
    });
}

/** The commands that can be given now. @returns {Command[]} */
export const available = () => [...commands.values()].filter((command) => command.isAvailable?.() ?? true);

/** The keys of an event as a command writes them. @param {KeyboardEvent} event */
function pressed(event) {
    const name = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const isPlainSign = event.key.length === 1 && !/[a-z0-9]/i.test(event.key);
    return [
        event.ctrlKey || event.metaKey ? "Ctrl" : "",
        event.altKey ? "Alt" : "",
        event.shiftKey && !isPlainSign ? "Shift" : "",
        name,
    ].filter(Boolean).join("+");
}

const isTyping = (/** @type {any} */ target) =>
    target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const keys = pressed(event);
    // A plain letter typed into a field is a letter.
    if (isTyping(event.target) && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Escape") return;
    if (document.querySelector("dialog:modal") && keys !== "Ctrl+K") return;
    const found = available().find((command) => command.keys === keys);
    if (!found) return;
    event.preventDefault();
    found.run();
});
