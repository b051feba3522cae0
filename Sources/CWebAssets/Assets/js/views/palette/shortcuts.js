// The list of shortcuts.
import { h } from "../../core/dom.js";
import { available } from "../../core/keys.js";
import { openDialog } from "../../parts/dialog.js";

const isMac = /mac|iphone|ipad/i.test(navigator.platform);
const WORDS = /** @type {Record<string, string>} */ ({ Ctrl: isMac ? "⌘" : "Ctrl", Alt: isMac ? "⌥" : "Alt", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" });

/** Keys as they are printed on keyboards. @param {string} keys such as "Ctrl+K" */
export function keyCaps(keys) {
    const names = keys === "+" ? ["+"] : keys.split("+").map((name) => WORDS[name] ?? name);
    return h("span.key-caps", {}, names.map((name) => h("kbd", { text: name })));
}

/** Keys that mean something in one place only. @type {[string, [string, string][]][]} */
const PLACES = [
    ["In the list of conversations", [
        ["ArrowDown", "Next"], ["ArrowUp", "Previous"], ["Enter", "Open"], ["F2", "Rename"], ["Delete", "Delete, with ten seconds to undo"],
    ]],
];

/** Shows every shortcut that works now. */
export function showShortcuts() {
    if (document.querySelector("dialog.shortcuts[open]")) return;
    const row = (/** @type {string} */ keys, /** @type {string} */ name) => h("div.shortcut", {}, h("dt", { text: name }), h("dd", {}, keyCaps(keys)));
    const general = available().filter((command) => command.keys && !command.isHidden);
    openDialog(
        "Keyboard shortcuts", { class: "shortcuts" },
        h("dl.shortcut-list", {}, general.map((command) => row(command.keys, command.name))),
        ...PLACES.flatMap(([title, keys]) => [
            h("h3.shortcut-title", { text: title }),
            h("dl.shortcut-list", {}, keys.map(([key, name]) => row(key, name))),
        ]),
    );
}
