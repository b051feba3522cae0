// Who is asked, and how: one, several side by side, or a debate.
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { recall, remember } from "../../core/remember.js";
import { defaultModel, knownModels, model } from "../../core/store.js";
import { modelName } from "../../parts/model-mark.js";

/** @typedef {"chat"|"compare"|"debate"} Mode */

const MODES = /** @type {[Mode, string][]} */ ([["chat", "Ask one"], ["compare", "Compare"], ["debate", "Debate"]]);
const MAX_SEATS = 8;

export class Panel {
    /** @type {Mode} */
    mode = "chat";
    /** @type {string[]} the model of each seat; the same may sit twice */
    models = [];

    /** @param {{onchange: () => void, ondone: () => void}} options `onchange`: mode or models are others; `ondone`: a choice was closed */
    constructor({ onchange, ondone }) {
        this.onchange = onchange;
        this.ondone = ondone;
        this.modes = h("div.segments", { role: "radiogroup", "aria-label": "How to ask" });
        this.seats = h("div.seat-chips");
        this.element = h("div.composer-top", {}, this.modes, this.seats);
    }

    /** Begins anew. @param {Mode} mode @param {string[]} models */
    open(mode, models) {
        this.mode = mode;
        this.models = mode === "chat" ? models.slice(0, 1) : models.slice(0, MAX_SEATS);
    }

    /** Why nobody can be asked; null if somebody can. */
    get problem() {
        if (!this.models.length) return "Choose a model first.";
        // While the list of models cannot be read nothing is known to be gone: the server will say.
        const off = knownModels().length ? this.models.find((id) => !model(id)?.available) : undefined;
        if (off) return model(off)?.unavailable_reason ?? `${off} is not there any more: choose another model.`;
        return this.mode !== "chat" && this.models.length < 2 ? "Choose two models or more." : null;
    }

    /** Seats somebody if nobody sits there; the models have come. */
    seatFirst() {
        const first = this.models.length ? null : defaultModel();
        if (first) this.models = [first];
    }

    /** @param {Mode} mode */
    setMode(mode) {
        this.mode = mode;
        if (mode === "chat") this.models = this.models.slice(0, 1);
        else if (this.models.length < 2) this.#fill();
        this.onchange();
    }

    /** A compare or debate needs two or more: those who sat together last, or who there is. */
    #fill() {
        const others = [...recall("panel.last", /** @type {string[]} */ ([])), ...knownModels().map((one) => one.id)];
        for (const id of others) {
            if (this.models.length >= 3) break;
            if (!this.models.includes(id) && model(id)?.available) this.models.push(id);
        }
    }

    /** Those who sit together are offered together the next time. */
    noteUse() {
        if (this.models.length > 1) remember("panel.last", this.models);
    }

    /** Lets the person choose who is asked. */
    async pick() {
        const isOne = this.mode === "chat";
        const { pickModels } = await import("../picker/model-picker.js");
        const picked = await pickModels({
            title: isOne ? "Choose a model" : "Choose who takes part", selected: isOne ? [] : [...new Set(this.models)], multiple: !isOne, max: MAX_SEATS,
        });
        if (picked) {
            // A model that sits twice stays twice.
            const doubles = this.models.filter((id, index) => this.models.indexOf(id) !== index && picked.includes(id));
            this.models = isOne ? picked : [...picked, ...doubles].slice(0, MAX_SEATS);
            this.onchange();
        }
        this.ondone();
    }

    render() {
        fill(this.modes, MODES.map(([mode, label]) => h("button", {
            type: "button", role: "radio", "aria-checked": String(this.mode === mode), tabindex: this.mode === mode ? "0" : "-1", text: label,
            onclick: () => this.setMode(mode), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#arrow(event),
        })));
        const more = h("button.chip.add", { type: "button", onclick: () => this.pick() }, icon("plus"), "Models");
        fill(this.seats, this.models.map((id, index) => this.#chip(id, index)), this.mode === "chat" && this.models.length ? null : more);
    }

    /** @param {KeyboardEvent} event */
    #arrow(event) {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!by) return;
        event.preventDefault();
        const index = MODES.findIndex(([mode]) => mode === this.mode);
        this.setMode(MODES[(index + by + MODES.length) % MODES.length][0]);
        /** @type {any} */ (this.modes.querySelector("[aria-checked=true]"))?.focus();
    }

    /** @param {string} id @param {number} index */
    #chip(id, index) {
        const known = model(id);
        const isOff = known && !known.available;
        const name = h("button.chip", {
            type: "button", "aria-label": `${id}: choose another model`, title: isOff ? known.unavailable_reason : id, class: isOff ? "is-off" : "", onclick: () => this.pick(),
        }, modelName(id), this.mode === "chat" ? icon("down") : null);
        if (this.mode === "chat") return name;
        const add = iconButton("plus", `Seat ${id} once more`, () => this.#reseat(index + 1, 0, id), { class: "small", disabled: this.models.length >= MAX_SEATS });
        const remove = iconButton("close", `Remove ${id}`, () => this.#reseat(index, 1), { class: "small" });
        return h("span.seat-chip", { "data-seat": String(index % 8) }, name, add, remove);
    }

    /** @param {number} index @param {number} leaving @param {...string} coming */
    #reseat(index, leaving, ...coming) {
        this.models.splice(index, leaving, ...coming);
        this.onchange();
        this.ondone();
    }
}
