// The list itself: groups by date, pinned ones first, read on as it is scrolled; one place in it for Tab, arrows move.
import { h } from "../../core/dom.js";
import { DateGroups } from "./date-groups.js";
import { updateRow } from "./row.js";
import { RowWindow } from "./window.js";

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
    #window;
    #groups = new DateGroups();
    /** @type {Conversation[]} as they are shown */
    #shown = [];
    #isReading = false;
    /** @type {string|null} the conversation that Tab comes to */
    #active = null;

    /** @param {HTMLElement} scroller @param {import("./conversation-list.js").ConversationList} list @param {Rows} rows */
    constructor(scroller, list, rows) {
        this.#list = list;
        this.#rows = rows;
        this.#window = new RowWindow(scroller, rows.marks);
        this.#window.onrows = () => this.#activate(this.#active);
        this.end = h("div.drawer-end", { "aria-hidden": "true" });
        this.element = h("div.drawer-list", {}, this.#window.element, this.end);
        scroller.append(this.element);
        this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        this.element.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#click(event));
        this.element.addEventListener("dblclick", (/** @type {MouseEvent} */ event) => {
            const row = this.#rowOf(event.target);
            if (row) this.rename(row.dataset.key);
        });
        this.element.addEventListener("focusin", (/** @type {FocusEvent} */ event) => {
            const row = this.#rowOf(event.target);
            if (row) this.#activate(row.dataset.key);
        });
        new IntersectionObserver((entries) => {
            if (entries.at(-1)?.isIntersecting) this.#readOn();
        }, { root: scroller, rootMargin: "600px" }).observe(this.end);
    }

    /** Shows the list as it is now. */
    show() {
        const focused = this.#rowOf(document.activeElement)?.dataset.key;
        const groups = this.#groups.of(this.#list.shown, !this.#list.isArchived);
        this.#shown = groups.flatMap((group) => group.items);
        this.#window.show(groups);
        this.end.hidden = !this.#list.hasMore;
        const isKnown = this.#active !== null && this.#shown.some((one) => one.id === this.#active);
        this.#activate(isKnown ? this.#active : this.#shown[0]?.id ?? null);
        // Who has changed group is a new element.
        if (focused && document.activeElement === document.body) this.#focus(focused);
    }

    /** Shows the marks of some conversations anew. @param {Iterable<string>} ids */
    mark(ids) {
        for (const id of ids) {
            const [row, one] = [this.#window.row(id), this.#list.get(id)];
            if (row && one) updateRow(row, one, this.#rows.marks(one));
        }
    }

    /** Makes one the place that Tab comes to. @param {string} id */
    choose(id) {
        if (!this.element.contains(document.activeElement)) this.#activate(id);
    }

    /** Begins to write a title anew. @param {string} id */
    rename(id) {
        const [row, one] = [this.#find(id), this.#list.get(id)];
        if (!row || !one) return;
        row.scrollIntoView({ block: "nearest" });
        this.#rows.rename(row, one);
    }

    /** Goes into the list by keyboard. */
    focus() {
        if (this.#active) this.#focus(this.#active);
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
        return !this.element.hidden && this.end.getBoundingClientRect().top < scroller.getBoundingClientRect().bottom + 600;
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const row = this.#rowOf(event.target);
        const one = row && this.#list.get(row.dataset.key);
        if (!one || event.ctrlKey || event.metaKey || event.altKey) return;
        const now = this.#shown.findIndex((other) => other.id === one.id);
        const last = this.#shown.length - 1;
        const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: last, PageDown: now + 10, PageUp: now - 10 }[event.key];
        if (to !== undefined) this.#window.rowAt(Math.max(0, Math.min(to, last)))?.querySelector("a")?.focus();
        else if (event.key === "F2") this.rename(one.id);
        else if (event.key === "Delete") this.#remove(one, this.#shown[now + 1] ?? this.#shown[now - 1]);
        else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) this.#rows.menu(row.querySelector(".conversation-menu"), one);
        else return;
        event.preventDefault();
    }

    /** @param {Conversation} conversation @param {Conversation|undefined} next who gets the focus */
    #remove(conversation, next) {
        this.#rows.remove(conversation);
        if (next) this.#focus(next.id);
    }

    /** @param {MouseEvent} event */
    #click(event) {
        const button = /** @type {HTMLElement} */ (event.target).closest(".conversation-menu");
        const one = button && this.#list.get(this.#rowOf(button)?.dataset.key ?? "");
        if (one) this.#rows.menu(/** @type {HTMLElement} */ (button), one);
    }

    /** @param {string|null} id */
    #activate(id) {
        for (const part of this.#window.element.querySelectorAll('[tabindex="0"]')) /** @type {HTMLElement} */ (part).tabIndex = -1;
        this.#window.row(id)?.querySelectorAll("a, button").forEach((part) => (/** @type {HTMLElement} */ (part).tabIndex = 0));
        this.#active = id;
    }

    /** @param {any} target @returns {any} */
    #rowOf(target) {
        const row = target?.closest?.(".conversation");
        return this.element.contains(row) ? row : null;
    }

    /** The row of one that is shown, made if need be. @param {string} id */
    #find(id) {
        return this.#window.row(id) ?? this.#window.rowAt(this.#shown.findIndex((one) => one.id === id));
    }

    /** @param {string} id */
    #focus(id) {
        this.#find(id)?.querySelector("a")?.focus();
    }
}
