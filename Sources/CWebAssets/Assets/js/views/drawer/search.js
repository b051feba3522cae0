// The search in titles and texts: results take the list's place while there is something in the field.
import * as api from "../../core/api.js";
import { announce } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { dateGroup, plural } from "../../core/format.js";
import { titleOf } from "./row.js";

const PAGE = 30;
const PAUSE_MS = 160;

/**
 * A text with the places marked that were looked for.
 * @param {{text: string, matches: [number, number][]}} snippet matches are start and length in UTF-16 units, as strings count
 */
export function marked({ text, matches }) {
    const parts = [];
    let end = 0;
    for (const [start, length] of matches) {
        if (start < end) continue;
        parts.push(text.slice(end, start), h("mark", { text: text.slice(start, start + length) }));
        end = start + length;
    }
    parts.push(text.slice(end));
    return parts;
}

/** The address of a hit: the conversation, at the message. @param {any} hit */
export const hitAddress = (hit) => `/c/${hit.id}${hit.snippet.message ? `?m=${hit.snippet.message}` : ""}`;

export class Search {
    /** @type {AbortController|null} */
    #asking = null;
    #timer = 0;
    #words = "";
    /** @type {string|null} */
    #edge = null;
    #hasMore = false;

    /**
     * @param {HTMLElement} scroller
     * onerror answers whether the error is told elsewhere.
     * @param {{onchange: (isSearching: boolean) => void, isArchived: () => boolean, onerror: (error: any) => boolean, leave: () => void}} options
     */
    constructor(scroller, options) {
        this.options = options;
        this.field = h("input.drawer-search-field", {
            type: "search", placeholder: "Search", "aria-label": "Search in titles and texts", autocomplete: "off", spellcheck: "false",
            enterkeyhint: "search", maxlength: "200", oninput: () => this.#later(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        });
        this.clear = iconButton("close", "Clear the search", () => this.end(), { class: "small drawer-search-clear" });
        this.clear.hidden = true;
        this.form = h("search.drawer-search", {}, icon("search"), this.field, this.clear);
        this.hits = h("ul.hits");
        this.note = h("p.drawer-note.muted", { hidden: true });
        this.sentinel = h("div.drawer-end", { "aria-hidden": "true" });
        this.element = h("div.drawer-results", { hidden: true }, this.note, this.hits, this.sentinel);
        this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#move(event));
        scroller.append(this.element);
        new IntersectionObserver((entries) => {
            if (entries.at(-1)?.isIntersecting && this.#hasMore && !this.#asking) this.#ask(false);
        }, { root: scroller, rootMargin: "300px" }).observe(this.sentinel);
    }

    get isSearching() {
        return this.#words !== "";
    }

    /** Empties the field and shows the list again. */
    end() {
        this.field.value = "";
        this.#now();
        this.field.focus();
    }

    /** Searches anew: the server is back, say. */
    again() {
        if (this.isSearching) this.#ask(true);
    }

    #later() {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#now(), this.field.value ? PAUSE_MS : 0);
    }

    #now() {
        clearTimeout(this.#timer);
        const words = this.field.value.trim();
        this.clear.hidden = !this.field.value;
        if (words === this.#words) return;
        this.#words = words;
        this.#asking?.abort();
        this.#asking = null;
        this.element.hidden = !words;
        this.options.onchange(words !== "");
        if (!words) return void this.hits.replaceChildren();
        this.#ask(true);
    }

    /** @param {boolean} isFirst */
    async #ask(isFirst) {
        const asking = (this.#asking = new AbortController());
        const archived = this.options.isArchived() ? "&archived=true" : "";
        const after = isFirst ? "" : `&after=${this.#edge}`;
        try {
            const found = await api.get(`/conversations?q=${encodeURIComponent(this.#words)}&limit=${PAGE}${archived}${after}`, asking.signal);
            if (asking.signal.aborted) return;
            this.#edge = found.last_id;
            this.#hasMore = found.has_more;
            this.#show(found.data, isFirst);
        } catch (error) {
            if (asking.signal.aborted) return;
            this.#hasMore = false;
            this.#say(this.options.onerror(error) ? "" : /** @type {any} */ (error).message);
        } finally {
            if (this.#asking === asking) this.#asking = null;
        }
    }

    /** @param {any[]} data @param {boolean} isFirst */
    #show(data, isFirst) {
        if (isFirst) this.hits.replaceChildren();
        const known = new Set([...this.hits.children].map((hit) => /** @type {any} */ (hit).dataset.key));
        const fresh = data.filter((hit) => !known.has(hit.id));
        this.hits.append(...fresh.map(makeHit));
        this.sentinel.hidden = !this.#hasMore;
        const isNothing = this.hits.childElementCount === 0;
        this.#say(isNothing ? "Nothing found. Each word must begin a word of the title or of a message." : "");
        if (isFirst) announce(isNothing ? "Nothing found." : `${this.#hasMore ? "More than " : ""}${plural(fresh.length, "conversation")} found.`);
    }

    /** @param {string} text */
    #say(text) {
        this.note.hidden = !text;
        fill(this.note, text);
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.key === "ArrowDown") {
            event.preventDefault();
            if (this.isSearching) this.hits.querySelector("a")?.focus();
            else this.options.leave();
        } else if (event.key === "Escape" && this.field.value) {
            event.preventDefault();
            event.stopPropagation();
            this.end();
        } else if (event.key === "Enter") {
            this.#now();
        }
    }

    /** @param {KeyboardEvent} event */
    #move(event) {
        const links = /** @type {HTMLElement[]} */ ([...this.hits.querySelectorAll("a")]);
        const now = links.indexOf(/** @type {any} */ (document.activeElement));
        const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: links.length - 1 }[event.key];
        if (event.key === "Escape") {
            event.preventDefault();
            event.stopPropagation();
            return this.end();
        }
        if (to === undefined || now < 0) return;
        event.preventDefault();
        if (to < 0) this.field.focus();
        else links[Math.min(to, links.length - 1)].focus();
    }
}

/** @param {any} hit */
function makeHit(hit) {
    const isTitle = !hit.snippet.message || hit.snippet.text === hit.title;
    return h(
        "li.hit", { data: { key: hit.id } },
        h(
            "a.hit-link", { href: hitAddress(hit) },
            h("span.hit-title", { dir: "auto" }, isTitle ? marked(hit.snippet) : titleOf(hit)),
            h("span.hit-date", { text: `${dateGroup(hit.updated_at)}${hit.archived ? ", archived" : ""}` }),
            isTitle ? null : h("span.hit-text", { dir: "auto" }, marked(hit.snippet)),
        ),
    );
}
