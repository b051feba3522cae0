// Asks for the server's key, which it wants of everybody when it is set.
import { key } from "../../core/api.js";
import { h } from "../../core/dom.js";
import { openDialog } from "../../parts/dialog.js";

/** Tries a key. @param {string} value @returns {Promise<string|null>} what is wrong */
async function problemWith(value) {
    let response;
    try {
        response = await fetch("/v1/models", { headers: { Authorization: `Bearer ${value}` } });
    } catch (error) {
        // What a header cannot hold is no key of any server.
        return /** @type {any} */ (error).message?.includes("ISO-8859-1") ? "A key has no such signs." : "The server cannot be reached. Try again.";
    }
    response.body?.cancel();
    if (response.status === 401) return "That is not the key.";
    return response.ok ? null : `The server answered ${response.status}. Try again.`;
}

/** Asks until there is a key that the server takes. @returns {Promise<void>} */
export function askForKey() {
    const hadOne = key.get() !== null;
    return new Promise((resolve) => {
        let isDone = false;
        const form = makeForm(hadOne ? "The key that was kept here is not taken any more." : null, (value, isKept) => {
            key.forget();
            key.set(value, isKept);
            isDone = true;
            dialog.close();
        });
        const open = () => openDialog("This server asks for its key", { class: "small", mayClose: false, onclose: () => {
            // A browser closes a dialog at a second Escape, whatever is said; without the key nothing works.
            if (isDone) resolve();
            else dialog = open();
        } }, form);
        let dialog = open();
    });
}

/** @param {string|null} first what is said to begin with @param {(value: string, isKept: boolean) => void} ontaken */
function makeForm(first, ontaken) {
    const problem = h("p.error-text", { id: "key-problem", role: "alert", text: first });
    problem.hidden = !first;
    const field = h("input", {
        type: "password", name: "key", autocomplete: "current-password", required: true, autofocus: true, "aria-describedby": "key-hint key-problem", spellcheck: "false",
    });
    const remember = h("input", { type: "checkbox" });
    const button = h("button.primary", { type: "submit", text: "Continue" });
    const submit = async (/** @type {Event} */ event) => {
        event.preventDefault();
        const value = field.value.trim();
        if (!value || button.disabled) return;
        button.disabled = true;
        const wrong = await problemWith(value);
        button.disabled = false;
        if (!wrong) return ontaken(value, remember.checked);
        problem.hidden = false;
        problem.textContent = wrong;
        field.setAttribute("aria-invalid", "true");
        field.select();
        field.focus();
    };
    return h(
        "form.key-form", { onsubmit: submit },
        h("label.field", {}, h("span.label", { text: "Key" }), field, h("span.hint", { id: "key-hint", text: "Whoever runs this server has set it as PLENUM_MASTER_KEY." })),
        problem,
        h("label.check", {}, remember, h("span", {},
            "Remember it in this browser",
            h("span.muted", { text: ". Leave this out on a computer that others use: then it is forgotten when the tab is closed." }))),
        h("div.dialog-actions", {}, button),
    );
}
