// Asks how answers are to be put together: which of them, how, and by whom.
import { failed } from "../../core/announce.js";
import * as api from "../../core/api.js";
import { fill, h, icon } from "../../core/dom.js";
import { defaultModel, noteUse } from "../../core/store.js";
import { openDialog } from "../../parts/dialog.js";
import { modelMark, modelName } from "../../parts/model-mark.js";
import { pickModels } from "../picker/model-picker.js";
import { STATE_WORDS } from "./seat-state.js";

/** @typedef {"fuse"|"checklist"|"compare"|"custom"} Mode */
/** @type {[Mode, string, string][]} */
const MODES = [
    ["fuse", "Fuse", "One answer that keeps what is right in each."],
    ["checklist", "Checklist", "The points where they differ. You pick, then the answer is written."],
    ["compare", "Compare table", "Scores by the criteria that matter, and which is best."],
    ["custom", "Custom", "Your own instructions."],
];

/**
 * Opens the dialog.
 * @param {{runId: string, views: import("./seat-state.js").SeatView[], onstart: (view: any) => void}} options
 */
export function openFuseDialog({ runId, views, onstart }) {
    new FuseDialog(runId, views, onstart);
}

class FuseDialog {
    /** @type {Mode} */
    #mode = "fuse";
    #isBusy = false;

    /** @param {string} runId @param {import("./seat-state.js").SeatView[]} views @param {(view: any) => void} onstart */
    constructor(runId, views, onstart) {
        this.runId = runId;
        this.onstart = onstart;
        this.model = views.find((view) => view.message && view.model)?.model ?? defaultModel();
        this.seats = views.map((view) => this.#seat(view));
        this.words = h("textarea", { rows: "2", dir: "auto", oninput: () => this.#update() });
        this.wordsLabel = h("span.label");
        this.who = h("button.fuse-model", { type: "button", onclick: () => void this.#pick() });
        this.start = h("button.primary", { type: "submit" }, icon("merge"), "Put together");
        this.problem = h("p.muted.small", { role: "status" });
        this.form = h(
            "form.fuse-form", { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), void this.#send()) },
            h("fieldset", {}, h("legend", { text: "Answers" }), h("div.fuse-seats", {}, this.seats.map((seat) => seat.label))),
            h("fieldset", {}, h("legend", { text: "How" }), h("div.fuse-modes", {}, MODES.map((mode) => this.#choice(mode)))),
            h("label.field", {}, this.wordsLabel, this.words),
            h("div.field", {}, h("span.label", { id: "fuse-who", text: "Written by" }), this.who),
            h("div.dialog-actions", {}, this.problem, h("span.grow"), h("button", { type: "button", text: "Cancel", onclick: () => this.dialog.close() }), this.start),
        );
        this.dialog = openDialog("Put answers together", { class: "fuse-dialog" }, this.form);
        this.#update();
    }

    /** @param {import("./seat-state.js").SeatView} view */
    #seat(view) {
        const isWhole = view.message !== null;
        const box = h("input", { type: "checkbox", ".checked": isWhole, disabled: !isWhole, onchange: () => this.#update() });
        const why = isWhole ? (view.state === "cut" ? "cut short" : "") : view.isActive ? "still answers" : `no answer: ${STATE_WORDS[view.state].toLowerCase()}`;
        return {
            seat: view.seat, box,
            label: h("label.check", {}, box, modelMark(view.model), h("span.fuse-name", {}, h("span", { text: view.name }), why ? h("span.muted.small", { text: why }) : null)),
        };
    }

    /** @param {[Mode, string, string]} mode */
    #choice([mode, name, hint]) {
        const radio = h("input", { type: "radio", name: "mode", value: mode, ".checked": mode === this.#mode, onchange: () => {
            this.#mode = mode;
            this.#update();
        } });
        return h("label.fuse-mode", {}, radio, h("span", {}, h("strong", { text: name }), h("span.muted.small", { text: hint })));
    }

    get #chosen() {
        return this.seats.filter((seat) => seat.box.checked).map((seat) => seat.seat);
    }

    #update() {
        const isCustom = this.#mode === "custom";
        this.wordsLabel.textContent = isCustom ? "What is to be made of them" : "Anything to heed (optional)";
        this.words.required = isCustom;
        fill(this.who, this.model ? modelName(this.model) : "Choose a model", icon("down"));
        this.who.setAttribute("aria-label", `Written by ${this.model ?? "nobody yet"}. Choose another model`);
        this.problem.textContent = this.#chosen.length < 2 ? "Choose two answers or more." : isCustom && !this.words.value.trim() ? "Say what is to be made of them." : this.model ? "" : "Choose who writes it.";
        this.start.disabled = this.#isBusy || this.problem.textContent !== "";
    }

    async #pick() {
        const picked = await pickModels({ title: "Who puts them together?", selected: this.model ? [this.model] : [], multiple: false });
        if (picked?.length) this.model = picked[0];
        this.#update();
        this.who.focus();
    }

    async #send() {
        this.#isBusy = true;
        this.#update();
        const instructions = this.words.value.trim();
        const body = { mode: this.#mode, model: this.model, seats: this.#chosen, ...(instructions ? { instructions } : {}) };
        const view = await startSynthesis(this.runId, body);
        this.#isBusy = false;
        this.#update();
        if (!view) return;
        this.dialog.close();
        this.onstart(view);
    }
}

/** Begins it on the server. @param {string} runId @param {any} body @returns {Promise<any>} the run's view; null if it was refused */
export async function startSynthesis(runId, body) {
    try {
        const view = await api.post(`/runs/${runId}/synthesis`, { ...body, background: true });
        if (body.model) noteUse([body.model]);
        return view;
    } catch (error) {
        failed(error);
        return null;
    }
}
