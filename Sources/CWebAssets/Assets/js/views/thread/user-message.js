// A person's message: its words, its attachments, and editing it.
import * as api from "../../core/api.js";
import { failed } from "../../core/announce.js";
import { h, icon, iconButton } from "../../core/dom.js";
import { dateTime } from "../../core/format.js";
import { copy } from "../../parts/clipboard.js";
import { attachmentOf } from "../composer/attachments.js";

/** @param {any} item @param {import("./conversation-view.js").ConversationView} thread */
export function userMessage(item, thread) {
    const words = h("div.user-words", { dir: "auto" });
    const attached = h("div.attachments");
    const text = [];
    for (const part of item.content) {
        const attachment = attachmentOf(part);
        if (attachment) attached.append(attachment);
        else if (part.text) text.push(part.text);
    }
    words.textContent = text.join("\n\n");
    const pagerPlace = h("span");
    const actions = h(
        "div.message-actions", {},
        pagerPlace,
        iconButton("copy", "Copy this message", () => copy(text.join("\n\n")), { class: "small" }),
        iconButton("edit", "Edit this message", () => edit(element, item, text.join("\n\n"), thread), { class: "small" }),
        iconButton("fork", "Copy the chat up to here", () => thread.fork(item.id), { class: "small" }),
    );
    const element = h(
        "article.user-message", { tabindex: "0", "data-message": item.id, "aria-label": `You, ${dateTime(item.created_at)}` },
        attached.childElementCount ? attached : null,
        text.length ? words : null,
        actions,
    );
    element.showPager = (/** @type {Node|null} */ pager) => pagerPlace.replaceChildren(...(pager ? [pager] : []));
    return element;
}

/** @param {any} element @param {any} item @param {string} text @param {import("./conversation-view.js").ConversationView} thread */
function edit(element, item, text, thread) {
    const field = h("textarea", { "aria-label": "Your message", rows: String(Math.min(16, text.split("\n").length + 1)), dir: "auto" });
    field.value = text;
    const attachments = item.content.filter((/** @type {any} */ part) => attachmentOf(part) !== null);
    const content = () => [...attachments, { type: "input_text", text: field.value.trim() }];
    const close = () => {
        form.replaceWith(element);
        element.focus();
    };
    const rerun = async () => {
        if (!field.value.trim()) return field.focus();
        try {
            form.inert = true;
            await thread.startRun({ ...thread.composer.runSettings(), parent: item.parent, input: content() });
            close();
        } catch (error) {
            form.inert = false;
            failed(error);
        }
    };
    const save = async () => {
        if (!field.value.trim()) return field.focus();
        try {
            await api.post(`/conversations/${item.conversation ?? thread.conversation.id}/items`, {
                parent: item.parent, items: [{ role: "user", content: content() }],
            });
            close();
            await thread.reload();
        } catch (error) {
            failed(error);
        }
    };
    const form = h(
        "form.edit-form", { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), rerun()) },
        field,
        h("div.row", {},
            h("button.primary", { type: "submit" }, icon("retry"), "Ask again"),
            item.parent ? h("button", { type: "button", text: "Save only", onclick: save }) : null,
            h("button.quiet", { type: "button", text: "Cancel", onclick: close }),
            h("span.muted.small", { text: "The first version stays: the arrows lead back to it." }),
        ),
    );
    form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") close();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) rerun();
        else if (event.key === "s" && (event.ctrlKey || event.metaKey) && item.parent) save();
        else return;
        event.preventDefault();
        event.stopPropagation();
    });
    element.replaceWith(form);
    field.focus();
}
