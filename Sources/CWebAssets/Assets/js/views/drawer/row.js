// One conversation of the list: a link, what is going on in it, and its menu.
import { h, icon, iconButton } from "../../core/dom.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */
/** @typedef {{isCurrent: boolean, isRunning: boolean, isUnread: boolean}} Marks */

export const titleOf = (/** @type {{title: string|null}} */ conversation) => conversation.title || "Untitled";

/** @param {Conversation} conversation @returns {HTMLElement} */
export function makeRow(conversation) {
    return h(
        "div.conversation", { role: "listitem" },
        h(
            "a.conversation-link", { href: `/c/${conversation.id}`, tabindex: "-1", draggable: "false" },
            h("span.conversation-title", { dir: "auto" }),
            h("span.conversation-state"),
        ),
        iconButton("more", "Menu", () => {}, { class: "small conversation-menu", tabindex: "-1", title: null }),
    );
}

/**
 * Shows what is known of a conversation; does nothing if that is shown already, as a list may have thousands.
 * @param {any} row @param {Conversation} conversation @param {Marks} marks
 */
export function updateRow(row, conversation, marks) {
    const title = titleOf(conversation);
    const told = `${title}\n${marks.isCurrent}${marks.isRunning}${marks.isUnread}${conversation.pinned}`;
    if (row.told === told) return;
    row.told = told;
    const link = row.querySelector(".conversation-link");
    row.querySelector(".conversation-title").textContent = title;
    row.querySelector(".conversation-menu").setAttribute("aria-label", `Menu of “${title}”`);
    row.classList.toggle("unread", marks.isUnread && !marks.isRunning);
    if (marks.isCurrent) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
    link.title = title.length > 28 ? title : "";
    link.lastElementChild.replaceChildren(...signs(conversation, marks));
}

/** @param {Conversation} conversation @param {Marks} marks */
function signs(conversation, marks) {
    const sign = (/** @type {Node} */ picture, /** @type {string} */ word) =>
        h("span.sign", { title: word }, picture, h("span.visually-hidden", { text: `, ${word.toLowerCase()}` }));
    if (marks.isRunning) return [sign(h("span.dot.running-dot"), "Being answered")];
    if (marks.isUnread) return [sign(h("span.dot.unread-dot"), "Unread")];
    return conversation.pinned ? [sign(icon("pin"), "Pinned")] : [];
}

/**
 * Lets the title be written anew in its place.
 * @param {HTMLElement} row @param {Conversation} conversation
 * @param {(title: string) => void} onsave called with another title than before
 */
export function renameInPlace(row, conversation, onsave) {
    if (row.querySelector(".conversation-rename")) return;
    const link = /** @type {HTMLElement} */ (row.querySelector(".conversation-link"));
    const field = h("input.conversation-rename", {
        type: "text", maxlength: "200", "aria-label": "Title", autocomplete: "off", dir: "auto", ".value": conversation.title ?? "",
    });
    let isOver = false;
    const end = (/** @type {boolean} */ isSaved, /** @type {boolean} */ isByKey) => {
        if (isOver) return;
        isOver = true;
        const title = field.value.trim();
        field.remove();
        row.classList.remove("renaming");
        if (isByKey) link.focus();
        if (isSaved && title && title !== conversation.title) onsave(title);
    };
    field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
        // The list's own keys, and those of the page, mean nothing in here.
        event.stopPropagation();
        if (event.isComposing || (event.key !== "Enter" && event.key !== "Escape")) return;
        event.preventDefault();
        end(event.key === "Enter", true);
    });
    field.addEventListener("blur", () => end(true, false));
    row.classList.add("renaming");
    link.before(field);
    field.focus();
    field.select();
}
