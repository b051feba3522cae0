// One of several, as a row of switches: arrows move and choose, as in any group of radio buttons.
import { h } from "../../core/dom.js";

/**
 * @template {string} Value
 * @param {string} label @param {[Value, string][]} options @param {Value} chosen @param {(value: Value) => void} onchoose
 */
export function segments(label, options, chosen, onchoose) {
    const buttons = options.map(([value, text]) => h("button", { type: "button", role: "radio", text, data: { value }, onclick: () => choose(value) }));
    const element = h("div.segments", { role: "radiogroup", "aria-label": label, onkeydown: move }, buttons);

    /** @param {Value} value @param {boolean} [isSilent] */
    function choose(value, isSilent = false) {
        for (const button of buttons) {
            const isChosen = button.dataset.value === value;
            button.setAttribute("aria-checked", String(isChosen));
            button.tabIndex = isChosen ? 0 : -1;
        }
        if (!isSilent && value !== chosen) onchoose(value);
        chosen = value;
    }

    /** @param {KeyboardEvent} event */
    function move(event) {
        const now = buttons.findIndex((button) => button.dataset.value === chosen);
        const isRtl = getComputedStyle(element).direction === "rtl";
        const to = { ArrowRight: isRtl ? now - 1 : now + 1, ArrowLeft: isRtl ? now + 1 : now - 1, ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: buttons.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        const button = buttons[(to + buttons.length) % buttons.length];
        choose(button.dataset.value);
        button.focus();
    }

    choose(chosen, true);
    /** Takes an option away; where it was chosen, the first one is. @param {Value} value */
    function remove(value) {
        const index = buttons.findIndex((button) => button.dataset.value === value);
        if (index < 0) return;
        const wasFocused = document.activeElement === buttons[index];
        buttons.splice(index, 1)[0].remove();
        if (chosen !== value) return;
        choose(buttons[0].dataset.value);
        if (wasFocused) buttons[0].focus();
    }
    return { element, remove };
}
