// The list itself: groups by date, pinned ones first, read on as it is scrolled; one place in it for Tab, arrows move.
import { h, reconcile } from "../../core/dom.js";
import { dateGroup } from "../../core/format.js";
import { makeRow, updateRow } from "./row.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */

/**
 * @typedef {object} Rows what the list lets a row do
 * @property {(conversation: Conversation) => import("./row.js").Marks} marks
 * @property {(button: HTMLElement, conversation: Conversation) => void} menu
 * @property {(row: HTMLElement, conversation: Conversation) => void} rename
 * @property {(conversation: Conversation) => void} remove
 * @property {() => Promise<any>} more reads the next page
 */

export class ListView {
    #list;
    #rows;
    #isReading = false;
    /** @type {string|null} the conversation that Tab comes to */
    #active = null;
    #groups = new DateGroups();

    /** @param {HTMLElement} scroller @param {import("./conversation-list.js").ConversationList} list @param {Rows} rows */
    constructor(scroller, list, rows) {
        this.#list = list;
        this.#rows = rows;
        this.groups = h("div.drawer-groups");
        this.end = h("div.drawer-end", { "aria-hidden": "true" });
        this.element = h("div.drawer-list", {}, this.groups, this.end);
        scroller.append(this.element);
        this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        this.element.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#click(event));
        this.element.addEventListener("dblclick", (/** @type {MouseEvent} */ event) => {
            const row = this.#rowOf(event.target);
            if (row) this.rename(row.dataset.id);
        });
        this.element.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
            const row = this.#rowOf(event.target);
            if (row) this.#activate(row.dataset.id);
        });
        new IntersectionObserver((entries) => {
            if (entries.at(-1)?.isIntersecting) this.#readOn();
        }, { root: scroller, rootMargin: "600px" }).observe(this.end);
    }

    /** Shows the list as it is now. */
    show() {
        const shown = this.#list.shown;
        const focused = this.#rowOf(document.activeElement ?? {})?.dataset.id;
        const groups = this.#groups.of(shown, !this.#list.isArchived);
        reconcile(this.groups, groups, (group) => group.name, (group) => makeGroup(group.name), (section, group) => {
            reconcile(section.lastElementChild, group.items, (one) => one.id, makeRow, (row, one) => updateRow(row, one, this.#rows.marks(one)));
        });
        this.end.hidden = !this.#list.hasMore;
        if (!this.#active || !this.#row(this.#active)) this.#activate(this.#current() ?? shown[0]?.id ?? null);
        else this.#activate(this.#active);
        // Who has changed group is a new element.
        if (focused && document.activeElement === document.body) this.#link(focused)?.focus();
    }

    /** Shows the marks of some conversations anew. @param {Iterable<string>} ids */
    mark(ids) {
        for (const id of ids) {
            const [row, one] = [this.#row(id), this.#list.get(id)];
            if (row && one) updateRow(row, one, this.#rows.marks(one));
        }
    }

    /** Begins to write a title anew. @param {string} id */
    rename(id) {
        const [row, one] = [this.#row(id), this.#list.get(id)];
        if (row && one) this.#rows.rename(row, one);
    }

    /** Goes into the list by keyboard. */
    focus() {
        this.#link(this.#active)?.focus();
    }

    async #readOn() {
        if (this.#isReading) return;
        this.#isReading = true;
        // On a page that fills no screen the end stays in sight, and would say nothing again.
        while (this.#list.hasMore && this.element.isConnected && this.#isEndNear()) {
            if (!(await this.#rows.more())) break;
            await new Promise(requestAnimationFrame);
        }
        this.#isReading = false;
    }

    #isEndNear() {
        const scroller = /** @type {HTMLElement} */ (this.element.parentElement);
        return !scroller.hidden && this.end.getBoundingClientRect().top < scroller.getBoundingClientRect().bottom + 600;
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const row = this.#rowOf(event.target);
        const one = row && this.#list.get(row.dataset.id);
        if (!one || event.ctrlKey || event.metaKey || event.altKey) return;
        const rows = /** @type {HTMLElement[]} */ ([...this.groups.querySelectorAll(".conversation")]);
        const now = rows.indexOf(row);
        const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: rows.length - 1, PageDown: now + 10, PageUp: now - 10 }[event.key];
        if (to !== undefined) rows[Math.max(0, Math.min(to, rows.length - 1))].querySelector("a")?.focus();
        else if (event.key === "F2") this.rename(one.id);
        else if (event.key === "Delete") this.#remove(one, rows[now + 1] ?? rows[now - 1]);
        else if (event.key === "ContextMenu") this.#rows.menu(/** @type {HTMLElement} */ (row.querySelector(".conversation-menu")), one);
        else return;
        event.preventDefault();
    }

    /** @param {Conversation} conversation @param {HTMLElement|undefined} next who gets the focus */
    #remove(conversation, next) {
        this.#rows.remove(conversation);
        next?.querySelector("a")?.focus();
    }

    /** @param {MouseEvent} event */
    #click(event) {
        const button = /** @type {HTMLElement} */ (event.target).closest(".conversation-menu");
        const one = button && this.#list.get(this.#rowOf(button)?.dataset.id ?? "");
        if (one) this.#rows.menu(/** @type {HTMLElement} */ (button), one);
    }

    /** @param {string|null} id */
    #activate(id) {
        if (id === this.#active && id && this.#link(id)?.tabIndex === 0) return;
        for (const [name, index] of /** @type {[string|null, number][]} */ ([[this.#active, -1], [id, 0]])) {
            this.#row(name)?.querySelectorAll("a, button").forEach((part) => (/** @type {HTMLElement} */ (part).tabIndex = index));
        }
        this.#active = id;
    }

    #current() {
        return /** @type {any} */ (this.groups.querySelector("[aria-current]")?.parentElement)?.dataset.id;
    }

    /** @param {any} target @returns {any} */
    #rowOf(target) {
        return target.closest?.(".conversation");
    }

    /** @param {string|null} id @returns {HTMLElement|null} */
    #row(id) {
        return id ? this.groups.querySelector(`[data-key="${CSS.escape(id)}"].conversation`) : null;
    }

    /** @param {string|null} id @returns {HTMLElement|null|undefined} */
    #link(id) {
        return this.#row(id)?.querySelector("a");
    }
}

/** @param {string} name */
function makeGroup(name) {
    const id = `group-${Math.random().toString(36).slice(2)}`;
    return h("section.drawer-group", { "aria-labelledby": id }, h("h2", { id, text: name }), h("ul"));
}

/** Sorts into groups; what a day is called is found out once, not for each of its conversations. */
class DateGroups {
    /** @type {Map<number, string>} */
    #names = new Map();
    #midnight = 0;

    /** @param {Conversation[]} conversations newest first @param {boolean} hasPinned whether those that are pinned have a group */
    of(conversations, hasPinned) {
        const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
        if (midnight !== this.#midnight) this.#names.clear();
        this.#midnight = midnight;
        /** @type {Map<string, Conversation[]>} */
        const groups = new Map([["Pinned", []]]);
        for (const one of conversations) {
            const name = hasPinned && one.pinned ? "Pinned" : this.#name(one.updated_at);
            const group = groups.get(name);
            if (group) group.push(one);
            else groups.set(name, [one]);
        }
        return [...groups].map(([name, items]) => ({ name, items })).filter((group) => group.items.length);
    }

    /** @param {number} seconds */
    #name(seconds) {
        const day = Math.floor((seconds - this.#midnight) / 86_400);
        let name = this.#names.get(day);
        if (!name) this.#names.set(day, (name = dateGroup(seconds)));
        return name;
    }
}
