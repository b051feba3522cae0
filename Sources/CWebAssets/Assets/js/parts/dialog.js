// Dialogs: the browser's own, with a title, a way out, and focus that goes back.
import { h, iconButton, newId } from "../core/dom.js";

/**
 * Shows a dialog.
 * @param {string} title
 * @param {{class?: string, onclose?: () => void, mayClose?: boolean}} options
 * @param {...(Node|string|null)} content
 * @returns {HTMLDialogElement} closed by `.close()`; removed when it closes
 */
export function openDialog(title, { class: name = "", onclose, mayClose = true }, ...content) {
    const id = newId("dialog");
    const body = h("div.dialog-body", { tabindex: "-1" }, ...content);
    // The focus goes to the field that asks for it, or to what is to be read.
    body.toggleAttribute("autofocus", !body.querySelector("[autofocus]"));
    const dialog = h(
        "dialog", { class: name, "aria-labelledby": id },
        h("header.dialog-head", {}, h("h2", { id, text: title }), mayClose ? iconButton("close", "Close", () => dialog.close()) : null),
        body,
    );
    dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
        if (!mayClose) event.preventDefault();
    });
    dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => {
        if (mayClose && event.target === dialog) dialog.close();
    });
    dialog.addEventListener("close", () => {
        dialog.remove();
        putCaretBack();
        onclose?.();
    });
    document.body.append(dialog);
    dialog.showModal();
    return dialog;
}

/** Chromium gives the focus back to a field and leaves its caret in the field of the dialog that is gone: nothing could be typed. */
function putCaretBack() {
    const field = /** @type {any} */ (document.activeElement);
    if (typeof field?.selectionStart === "number") field.setSelectionRange(field.selectionStart, field.selectionEnd);
}

/** Asks before something that cannot be taken back. @param {string} title @param {string} text @param {string} action @returns {Promise<boolean>} */
export function confirmDialog(title, text, action) {
    return new Promise((resolve) => {
        let said = false;
        const yes = () => {
            said = true;
            dialog.close();
        };
        const dialog = openDialog(
            title, { class: "small", onclose: () => resolve(said) },
            h("p", { text }),
            h("div.dialog-actions", {},
                h("button", { type: "button", text: "Cancel", onclick: () => dialog.close() }),
                h("button.danger", { type: "button", text: action, onclick: yes }),
            ),
        );
    });
}
