// The palette: one field for everything that can be done and found.
import { announce } from "../../core/announce.js";
import { fill, h, icon } from "../../core/dom.js";
import { loadModels } from "../../core/store.js";
import { openDialog } from "../../parts/dialog.js";
import { commandOffers, conversationOffers, modelOffers } from "./sources.js";

/** @typedef {import("./sources.js").Offer} Offer */

const PAUSE_MS = 140;

/** Opens the palette, or closes it. */
export function openPalette() {
    const open = /** @type {HTMLDialogElement|null} */ (document.querySelector("dialog.palette[open]"));
    if (open) open.close();
    else new Palette();
}

class Palette {
    /** @type {Offer[]} */
    #offers = [];
    /** @type {Offer[]} */
    #conversations = [];
    /** The words that the conversations were found by. */
    #words = "";
    /** Enter was pressed before the server had answered. */
    #isHasty = false;
    #chosen = 0;
    #timer = 0;
    #abort = new AbortController();
    /** @type {(() => void)|null} what was chosen; done when the dialog is gone and the focus is back */
    #act = null;

    constructor() {
        this.list = h("div.palette-list", { role: "listbox", id: "palette-list", "aria-label": "Commands, conversations and models" });
        this.note = h("p.palette-note", { hidden: true, text: "Nothing found." });
        this.field = h("input", {
            type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
            "aria-label": "Commands, conversations and models", placeholder: "Type a command, words of a conversation, a model", autocomplete: "off",
            spellcheck: "false", oninput: () => this.#typed(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        });
        this.dialog = openDialog("Commands and search", { class: "palette", onclose: () => this.#closed() },
            h("div.palette-field", {}, icon("search"), this.field), this.note, this.list);
        this.list.addEventListener("click", (/** @type {MouseEvent} */ event) => this.#choose(this.#indexOf(event)));
        this.list.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => this.#select(this.#indexOf(event), false));
        this.field.focus();
        this.#show();
        this.#ask();
        loadModels().then(() => this.#show(), () => {});
    }

    #closed() {
        clearTimeout(this.#timer);
        this.#abort.abort();
        this.#act?.();
    }

    #typed() {
        this.#chosen = 0;
        this.#isHasty = false;
        this.#show();
        this.list.scrollTop = 0;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
    }

    async #ask() {
        this.#abort.abort();
        const { signal } = (this.#abort = new AbortController());
        const words = this.field.value;
        try {
            this.#conversations = await conversationOffers(words, signal);
        } catch {
            // Commands work without the server.
            if (signal.aborted) return;
            this.#conversations = [];
        }
        if (signal.aborted) return;
        this.#words = words;
        this.#show();
        if (this.#isHasty) return this.#choose(0);
        if (this.field.value) announce(this.#offers.length ? `${this.#offers.length} found.` : "Nothing found.");
    }

    #show() {
        const text = this.field.value;
        const chosen = this.#offers[this.#chosen]?.id;
        const commands = commandOffers(text);
        // What was found by other words is no answer to these.
        const conversations = this.#words === text ? this.#conversations : [];
        // Without words the lately used comes first, with words what is nearest to hand.
        this.#offers = text.trim() ? [...commands, ...modelOffers(text), ...conversations] : [...conversations.slice(0, 4), ...commands, ...modelOffers(text)];
        const kept = this.#offers.findIndex((offer) => offer.id === chosen);
        this.#chosen = this.#chosen > 0 && kept >= 0 ? kept : 0;
        /** @type {Map<string, HTMLElement>} */
        const groups = new Map();
        this.#offers.forEach((offer, index) => {
            let group = groups.get(offer.group);
            if (!group) {
                const id = `palette-group-${groups.size}`;
                group = h("div", { role: "group", "aria-labelledby": id }, h("div.palette-group", { id, text: offer.group }));
                groups.set(offer.group, /** @type {HTMLElement} */ (group));
            }
            /** @type {HTMLElement} */ (group).append(h("div.palette-item", { role: "option", id: `palette-${index}`, data: { index }, "aria-selected": "false" }, ...offer.content));
        });
        fill(this.list, ...groups.values());
        this.note.hidden = this.#offers.length > 0 || this.#words !== text;
        this.list.hidden = this.#offers.length === 0;
        this.#select(this.#chosen, false);
    }

    /** @param {number} index @param {boolean} [isSeen] whether it is brought into sight */
    #select(index, isSeen = true) {
        if (index < 0) return;
        this.list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
        this.#chosen = index;
        const item = this.list.querySelector(`[data-index="${index}"]`);
        item?.setAttribute("aria-selected", "true");
        if (item) this.field.setAttribute("aria-activedescendant", item.id);
        else this.field.removeAttribute("aria-activedescendant");
        if (isSeen) item?.scrollIntoView({ block: "nearest" });
    }

    /** @param {Event} event */
    #indexOf(event) {
        const item = /** @type {any} */ (event.target).closest?.(".palette-item");
        return item ? Number(item.dataset.index) : -1;
    }

    /** @param {number} index */
    #choose(index) {
        const offer = this.#offers[index];
        // Only what is typed now counts, and it may still be looked for.
        if (!offer) return void (this.#isHasty = this.#words !== this.field.value);
        this.#act = offer.run;
        this.dialog.close();
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.isComposing) return;
        const last = this.#offers.length - 1;
        const to = {
            ArrowDown: this.#chosen === last ? 0 : this.#chosen + 1, ArrowUp: this.#chosen === 0 ? last : this.#chosen - 1,
            PageDown: Math.min(last, this.#chosen + 8), PageUp: Math.max(0, this.#chosen - 8),
        }[event.key];
        if (to !== undefined) this.#select(to);
        else if (event.key === "Enter") this.#choose(this.#chosen);
        else return;
        event.preventDefault();
    }
}
