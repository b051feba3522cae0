// The model selector: search, providers, prices, context, abilities, health, favourites; by pointer or by keyboard alone.
import { h, icon } from "../../core/dom.js";
import { count, plural, pricePerMillion } from "../../core/format.js";
import { favourites, knownModels, loadModels, recentModels, toggleFavourite } from "../../core/store.js";
import { openDialog } from "../../parts/dialog.js";
import { modelMark } from "../../parts/model-mark.js";

/** @typedef {import("../../core/store.js").Model} Model */

/** What a filter lets through. @type {{label: string, fits: (model: Model) => boolean}[]} */
const FILTERS = [
    { label: "Can be asked", fits: (model) => model.available },
    { label: "Sees pictures", fits: (model) => model.architecture.input_modalities.includes("image") },
    { label: "Thinks first", fits: (model) => Boolean(model.capabilities.reasoning || model.capabilities.thinking || model.capabilities.thinking_always_on) },
    { label: "100k+ context", fits: (model) => (model.context_length ?? 0) >= 100_000 },
];

/** How the list is ordered. @type {Record<string, (one: Model, other: Model) => number>} */
const ORDERS = {
    "By provider": () => 0,
    "Cheapest first": (one, other) => price(one) - price(other),
    "Longest context": (one, other) => (other.context_length ?? 0) - (one.context_length ?? 0),
};

const price = (/** @type {Model} */ model) => (model.pricing ? Number(model.pricing.completion) : Infinity);

/**
 * Lets a person choose models.
 * @param {{title?: string, selected?: string[], multiple?: boolean, max?: number}} options with `multiple` the same model may sit
 *   twice only by the composer's doing; here each is chosen once
 * @returns {Promise<string[]|null>} null if they closed it
 */
export function pickModels({ title = "Choose a model", selected = [], multiple = false, max = 8 } = {}) {
    const models = knownModels();
    return new Promise((resolve) => {
        const picker = new Picker(models, new Set(selected), multiple, max, (result) => {
            answer = result;
            dialog.close();
        });
        /** @type {string[]|null} */
        let answer = null;
        const dialog = openDialog(title, { class: "model-picker", onclose: () => resolve(answer) }, ...picker.content);
        picker.search.focus();
        // Prices and health may have changed since the page was opened.
        loadModels(models.length > 0).then((fresh) => picker.use(fresh), () => picker.use(models));
    });
}

class Picker {
    #filter = new Set([0]);
    /** Whether the server's list came, or cannot come. */
    isRead = false;
    /** Enter was pressed before the list came. */
    #isHasty = false;
    /** @type {HTMLElement[]} */
    chips = [];
    #order = "By provider";

    /** @param {Model[]} models @param {Set<string>} selected @param {boolean} multiple @param {number} max @param {(result: string[]) => void} done */
    constructor(models, selected, multiple, max, done) {
        this.models = models;
        this.selected = selected;
        this.multiple = multiple;
        this.max = max;
        this.done = done;
        this.#beginFilter();
        this.search = h("input", {
            type: "search", placeholder: "Search by name, maker or ability", "aria-label": "Search models", oninput: () => this.#render(),
        });
        this.list = h("div.model-list");
        this.count = h("span.muted.small", { role: "status" });
        this.useButton = h("button.primary", { type: "button", hidden: !multiple, onclick: () => this.done([...this.selected]) });
        const order = h("select", { "aria-label": "Order", onchange: () => this.#reorder(order.value) }, Object.keys(ORDERS).map((name) => h("option", { text: name })));
        this.chips = FILTERS.map((filter, index) => this.#chip(filter.label, index));
        this.content = [
            this.search,
            h("div.row", {}, this.chips, h("span.grow"), h("div.model-order", {}, order)),
            this.list,
            h("div.dialog-actions.model-actions", {}, this.count, h("span.grow"), this.useButton),
        ];
        for (const part of [this.search, this.list]) part.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        this.#render();
    }

    /** Nothing to ask: then all are shown, with what each needs. */
    #beginFilter() {
        if (this.models.length && !this.models.some((model) => model.available)) this.#filter.clear();
        for (const chip of this.chips) chip.setAttribute("aria-pressed", String(this.#filter.has(Number(chip.dataset.index))));
    }

    /** Takes a fresh list. @param {Model[]} models */
    use(models) {
        const wasEmpty = this.models.length === 0;
        this.isRead = true;
        this.models = models;
        if (wasEmpty) this.#beginFilter();
        const held = /** @type {any} */ (document.activeElement)?.dataset?.model;
        this.#render();
        if (held) /** @type {any} */ (this.list.querySelector(`[data-model="${CSS.escape(held)}"]`))?.focus();
        if (this.#isHasty) /** @type {any} */ (this.list.querySelector("[data-model]"))?.click();
        this.#isHasty = false;
    }

    /** @param {string} label @param {number} index */
    #chip(label, index) {
        const chip = h("button.filter", {
            type: "button", "aria-pressed": String(this.#filter.has(index)), text: label, data: { index },
            onclick: () => {
                if (!this.#filter.delete(index)) this.#filter.add(index);
                chip.setAttribute("aria-pressed", String(this.#filter.has(index)));
                this.#render();
            },
        });
        return chip;
    }

    /** @param {string} order */
    #reorder(order) {
        this.#order = order;
        this.#render();
    }

    #render() {
        const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
        const fits = (/** @type {Model} */ model) => {
            const text = `${model.id} ${model.name} ${model.provider_name} ${badges(model).join(" ")}`.toLowerCase();
            return words.every((/** @type {string} */ word) => text.includes(word)) && [...this.#filter].every((index) => FILTERS[index].fits(model));
        };
        const found = this.models.filter(fits).sort(ORDERS[this.#order]);
        this.list.replaceChildren(...this.#groups(found, words.length > 0).map(([name, group]) => this.#group(name, group)));
        if (!found.length) {
            this.list.replaceChildren(h("div.empty", {}, h("p", { text: this.models.length ? "No model fits. Take a filter off, or another word." : this.isRead ? "No models are known yet." : "Reading the models…" })));
        }
        this.#counts(found.length);
    }

    /** @param {number} found */
    #counts(found) {
        this.count.textContent = this.multiple ? `${this.selected.size} of ${this.max} seats` : plural(found, "model");
        this.useButton.textContent = this.selected.size > 1 ? `Ask ${this.selected.size} models` : "Ask this model";
        this.useButton.disabled = this.selected.size === 0;
    }

    /** Favourites and the last used stand before the providers. @param {Model[]} found @param {boolean} isSearch @returns {[string, Model[]][]} */
    #groups(found, isSearch) {
        if (this.#order !== "By provider") return [["", found]];
        const first = (/** @type {string[]} */ ids) => /** @type {Model[]} */ (ids.map((id) => found.find((model) => model.id === id)).filter(Boolean));
        const starred = first(favourites());
        const recent = isSearch ? [] : first(recentModels()).filter((model) => !starred.includes(model)).slice(0, 3);
        const rest = Map.groupBy(found.filter((model) => !starred.includes(model) && !recent.includes(model)), (model) => model.provider_name);
        return /** @type {[string, Model[]][]} */ ([["Favourites", starred], ["Used last", recent], ...rest]).filter(([, group]) => group.length);
    }

    /** @param {string} name @param {Model[]} group */
    #group(name, group) {
        return h("section", { "aria-label": name || "Models" }, name ? h("h3.small.muted", { text: name }) : null, h("ul", {}, group.map((model) => this.#row(model))));
    }

    /** @param {Model} model */
    #row(model) {
        const isChosen = this.selected.has(model.id);
        const isStarred = favourites().includes(model.id);
        const star = h(
            "button.icon-button.small", {
                type: "button", tabindex: "-1", "aria-pressed": String(isStarred), "aria-label": `Favourite: ${model.id}`, title: "Favourite (Alt+F on the model)",
                onclick: () => (toggleFavourite(model.id), this.#render()),
            },
            icon("star"),
        );
        return h(
            "li.model-row", { class: model.available ? "" : "is-off" },
            h("button.model-choice", {
                type: "button", "data-model": model.id, "aria-pressed": String(isChosen), "aria-disabled": model.available ? null : "true",
                onclick: () => this.#choose(model),
            },
            modelMark(model.id),
            h("span.model-words", {},
                h("span.model-title", { text: model.name.replace(/^[^:]+: /, "") }),
                h("span.muted.small", { text: model.available ? model.id : model.unavailable_reason ?? "Not available" }),
            ),
            h("span.model-badges", {}, badges(model).map((text) => h("span.badge", { text }))),
            h("span.model-facts.muted.small", {},
                h("span", { text: model.pricing ? `${pricePerMillion(model.pricing.prompt)} in · ${pricePerMillion(model.pricing.completion)} out` : "price unknown", title: "Dollars a million tokens" }),
                h("span", { text: model.context_length ? `${count(model.context_length)} context` : "" }),
            ),
            h(`span.health.${model.health}`, { title: healthWords(model), role: "img", "aria-label": healthWords(model) }, h("span.dot")),
            isChosen ? icon("check") : null),
            star,
        );
    }

    /** @param {Model} model */
    #choose(model) {
        if (!model.available) return;
        if (!this.multiple) return this.done([model.id]);
        if (!this.selected.delete(model.id)) {
            if (this.selected.size >= this.max) return;
            this.selected.add(model.id);
        }
        this.#render();
        /** @type {any} */ (this.list.querySelector(`[data-model="${CSS.escape(model.id)}"]`))?.focus();
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const rows = /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[data-model]")]);
        const now = rows.indexOf(/** @type {any} */ (document.activeElement));
        if (event.key === "ArrowDown") rows[Math.min(now + 1, rows.length - 1)]?.focus();
        else if (event.key === "ArrowUp" && now > 0) rows[now - 1].focus();
        else if (event.key === "ArrowUp" && now === 0) this.search.focus();
        else if (event.key === "Enter" && now < 0 && !rows.length) this.#isHasty = !this.isRead;
        else if (event.key === "Enter" && now < 0) rows[0].click();
        else if (event.key === "Enter" && this.multiple && (event.ctrlKey || event.metaKey) && this.selected.size) this.done([...this.selected]);
        else if (event.altKey && event.key.toLowerCase() === "f" && now >= 0) {
            const id = /** @type {string} */ (rows[now].dataset.model);
            toggleFavourite(id);
            this.use(this.models);
            /** @type {any} */ (this.list.querySelector(`[data-model="${CSS.escape(id)}"]`))?.focus();
        } else return;
        event.preventDefault();
    }
}

/** @param {Model} model */
function badges(model) {
    return [
        model.simulated ? "simulated" : "",
        model.architecture.input_modalities.includes("image") ? "sees" : "",
        FILTERS[2].fits(model) ? "thinks" : "",
        model.supported_parameters.includes("tools") && !model.simulated ? "tools" : "",
    ].filter(Boolean);
}

/** @param {Model} model */
function healthWords(model) {
    return { ok: "Working", unconfigured: "Needs a key", resting: "Resting after failures", degraded: "Some calls fail" }[model.health] ?? model.health;
}
