// Small fields that the debate's forms are made of.
import { h, iconButton } from "../../core/dom.js";

let newest = 0;
/** A name of its own for an element. @param {string} what */
export const freshId = (what) => `${what}-${++newest}`;

/**
 * A number between two others, with a button for one less and one for one more.
 * @param {{label: string, value: number, least: number, most: number, hint?: string, onchange?: (value: number) => void}} options
 */
export function stepper({ label, value, least, most, hint, onchange }) {
    const id = freshId("stepper");
    const output = h("input.stepper-value", { id, type: "number", min: String(least), max: String(most), inputmode: "numeric", ".value": String(value), onchange: () => set(Number(output.value)) });
    const less = iconButton("down", `Fewer: ${label}`, () => set(made.value - 1), { class: "stepper-less" });
    const more = iconButton("up", `More: ${label}`, () => set(made.value + 1), { class: "stepper-more" });
    const made = {
        value,
        element: h("div.field.stepper-field", {}, h("label.label", { for: id, text: label }), h("div.stepper", {}, less, output, more), hint ? h("span.hint", { text: hint }) : null),
    };
    function set(/** @type {number} */ wanted) {
        made.value = Math.max(least, Math.min(most, Math.round(wanted) || least));
        output.value = String(made.value);
        less.disabled = made.value <= least;
        more.disabled = made.value >= most;
        onchange?.(made.value);
    }
    less.disabled = value <= least;
    more.disabled = value >= most;
    return made;
}

/** A box to tick, with what it means. @param {{label: string, checked: boolean, hint?: string, onchange: (isChecked: boolean) => void}} options */
export function tick({ label, checked, hint, onchange }) {
    const box = h("input", { type: "checkbox", ".checked": checked, onchange: () => onchange(box.checked) });
    return h("label.check.tick", {}, box, h("span", {}, h("span", { text: label }), hint ? h("span.hint.muted.small", { text: hint }) : null));
}
