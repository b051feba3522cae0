// What a chat is asked with: instructions and parameters, only those that its models take.
import { h } from "../../core/dom.js";
import { openDialog } from "../../parts/dialog.js";

/** @typedef {import("./settings.js").ChatSettings} ChatSettings */

/** @type {{name: string, label: string, hint: string, needs?: string, min?: number, max?: number, step?: number, options?: string[], isList?: boolean}[]} */
const PARAMETERS = [
    { name: "temperature", label: "Temperature", hint: "0 is sober, 1 usual, above that wilder", needs: "temperature", min: 0, max: 2, step: 0.1 },
    { name: "top_p", label: "Top P", hint: "Only the likeliest words, up to this share", needs: "top_p", min: 0, max: 1, step: 0.05 },
    { name: "max_output_tokens", label: "Longest answer", hint: "In tokens, about four letters each", min: 1, step: 1 },
    { name: "reasoning_effort", label: "Effort of thinking", hint: "For models that think first", options: ["", "minimal", "low", "medium", "high"] },
    { name: "seed", label: "Seed", hint: "The same number asks for the same answer", step: 1 },
    { name: "stop", label: "Stop at", hint: "Texts that end the answer, one a line", isList: true },
];

/**
 * Opens the settings of a chat.
 * @param {ChatSettings} settings
 * @param {import("../../core/store.js").Model[]} models those that are asked
 * @param {(settings: ChatSettings) => void} onchange called once, when the dialog closes
 */
export function openSettings(settings, models, onchange) {
    const system = h("textarea", { rows: "5", dir: "auto", placeholder: "You are …" });
    system.value = settings.system;
    const cap = h("input", { type: "number", min: "0", step: "0.01", inputmode: "decimal", placeholder: "no cap" });
    cap.value = settings.max_cost;
    const fields = PARAMETERS.map((parameter) => field(parameter, settings.params[parameter.name], models));
    const collect = () => {
        const params = Object.fromEntries(fields.map(({ name, read }) => [name, read()]).filter(([, value]) => value !== undefined));
        onchange({ ...settings, system: system.value.trim(), params, max_cost: cap.value });
    };
    const reset = () => {
        system.value = cap.value = "";
        for (const { clear } of fields) clear();
    };
    const dialog = openDialog(
        "Settings of this chat", { onclose: collect },
        labelled("Instructions", "What every model of this chat reads first", system),
        h("div.parameter-grid", {}, fields.map(({ element }) => element), labelled("Cap for an exchange", "In dollars, all answers together", cap)),
        h("div.dialog-actions", {},
            h("button.quiet", { type: "button", text: "Back to the defaults", onclick: reset }),
            h("button.primary", { type: "button", text: "Done", onclick: () => dialog.close() }),
        ),
    );
}

/** @param {string} label @param {string} hint @param {HTMLElement} input */
function labelled(label, hint, input) {
    return h("label.field", {}, h("span.label", { text: label }), input, h("span.hint", { text: hint }));
}

/** @param {(typeof PARAMETERS)[number]} parameter @param {any} value @param {import("../../core/store.js").Model[]} models */
function field(parameter, value, models) {
    const refusing = parameter.needs ? models.filter((model) => !model.supported_parameters.includes(/** @type {string} */ (parameter.needs))) : [];
    const isRefused = models.length > 0 && refusing.length === models.length;
    const input = /** @type {any} */ (
        parameter.options
            ? h("select", {}, parameter.options.map((option) => h("option", { value: option, text: option || "as the model likes" })))
            : parameter.isList
              ? h("textarea", { rows: "2" })
              : h("input", { type: "number", min: parameter.min, max: parameter.max, step: parameter.step, placeholder: "default" })
    );
    input.value = Array.isArray(value) ? value.join("\n") : (value ?? "");
    input.disabled = isRefused;
    const read = () => {
        if (input.value === "" || isRefused) return undefined;
        if (parameter.options) return input.value;
        if (parameter.isList) return input.value.split("\n").filter(Boolean).slice(0, 16);
        const number = Number(input.value);
        const isWithin = Number.isFinite(number) && number >= (parameter.min ?? -Infinity) && number <= (parameter.max ?? Infinity);
        return isWithin ? number : undefined;
    };
    const hint = isRefused
        ? "The chosen models do not take it"
        : refusing.length ? `${refusing.map((model) => model.id).join(", ")} does not take it` : parameter.hint;
    return { name: parameter.name, read, clear: () => (input.value = ""), element: labelled(parameter.label, hint, input) };
}
