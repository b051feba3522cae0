// A long list of rows that are equally high: groups are cut into chunks, and only the chunks near what is in sight have rows.
// Ten thousand rows at once make each frame take a third of a second, also with content-visibility.
import { h, newId, reconcile } from "../../core/dom.js";
import { makeRow, updateRow } from "./row.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */
/** @typedef {HTMLElement & {items: Conversation[], start: number, size: number, place: number, isNear: boolean}} Chunk start: in the whole list; place: in its group */

const CHUNK = 30;
/** Rows so far out of sight are made already. */
const MARGIN = "1200px";

export class RowWindow {
    #marks;
    #observer;
    /** @type {Chunk[]} in order */
    #chunks = [];
    /** @type {(() => void)} */
    onrows = () => {};

    /** @param {HTMLElement} scroller @param {(conversation: Conversation) => import("./row.js").Marks} marks */
    constructor(scroller, marks) {
        this.#marks = marks;
        this.element = h("div.drawer-groups");
        this.#observer = new IntersectionObserver((entries) => {
            for (const entry of entries) {
                const chunk = /** @type {Chunk} */ (entry.target);
                chunk.isNear = entry.isIntersecting;
                if (chunk.isNear) this.#fill(chunk);
                else this.#empty(chunk);
            }
            this.onrows();
        }, { root: scroller, rootMargin: MARGIN });
    }

    /** @param {import("./date-groups.js").Group[]} groups */
    show(groups) {
        const before = new Set(this.#chunks);
        this.#chunks = [];
        let start = 0;
        reconcile(this.element, groups, (group) => group.name, (group) => makeGroup(group.name), (section, group) => {
            this.#cut(section.lastElementChild, group.items, start);
            start += group.items.length;
        });
        for (const chunk of this.#chunks) before.delete(chunk);
        for (const gone of before) this.#observer.unobserve(gone);
        for (const chunk of this.#chunks) if (chunk.isNear) this.#fill(chunk);
    }

    /** The row at a place in the whole list, made if it is not there. @param {number} index @returns {HTMLElement|null} */
    rowAt(index) {
        const chunk = this.#chunks.findLast((one) => one.start <= index);
        const id = chunk?.items[index - chunk.start]?.id;
        if (!chunk || !id) return null;
        this.#fill(chunk);
        return this.row(id);
    }

    /** The row of a conversation, if there is one now. @param {string|null} id @returns {HTMLElement|null} */
    row(id) {
        return id ? this.element.querySelector(`.conversation[data-key="${CSS.escape(id)}"]`) : null;
    }

    /** Brings a group's chunks to what it holds. @param {HTMLElement} list @param {Conversation[]} items @param {number} start */
    #cut(list, items, start) {
        const count = Math.ceil(items.length / CHUNK);
        while (list.childElementCount > count) list.lastElementChild?.remove();
        for (let index = 0; index < count; index++) {
            let chunk = /** @type {Chunk|undefined} */ (list.children[index]);
            if (!chunk) {
                chunk = /** @type {Chunk} */ (h("div.conversation-chunk", { role: "none" }));
                // The first ones are to be seen before anybody has looked.
                chunk.isNear = start + index * CHUNK < 2 * CHUNK;
                list.append(chunk);
                this.#observer.observe(chunk);
            }
            const place = index * CHUNK;
            Object.assign(chunk, { items: items.slice(place, place + CHUNK), start: start + place, place, size: items.length });
            chunk.style.setProperty("--count", String(chunk.items.length));
            this.#chunks.push(chunk);
        }
    }

    /** @param {Chunk} chunk */
    #fill(chunk) {
        reconcile(chunk, chunk.items, (one) => one.id, makeRow, (row, one) => updateRow(row, one, this.#marks(one)));
        // How many there are is not to be told from the rows that are made.
        [...chunk.children].forEach((row, index) => {
            row.setAttribute("aria-posinset", String(chunk.place + index + 1));
            row.setAttribute("aria-setsize", String(chunk.size));
        });
    }

    /** Takes the rows out, unless somebody is at one of them. @param {Chunk} chunk */
    #empty(chunk) {
        if (!chunk.contains(document.activeElement) && !chunk.querySelector("[aria-expanded=true]")) chunk.replaceChildren();
    }
}

/** @param {string} name */
function makeGroup(name) {
    const id = newId("group");
    return h("section.drawer-group", { "aria-labelledby": id }, h("h2", { id, text: name }), h("div", { role: "list", "aria-labelledby": id }));
}
