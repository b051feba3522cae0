// Light, dark, or as the system has it.
import { recall, remember } from "./remember.js";

/** @typedef {"system"|"light"|"dark"} Theme */

/** @returns {Theme} */
export const theme = () => recall("theme", "system");

/** @param {Theme} [choice] */
export function applyTheme(choice) {
    if (choice) remember("theme", choice);
    const now = theme();
    if (now === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
}
