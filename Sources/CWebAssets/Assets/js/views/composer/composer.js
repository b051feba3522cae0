// Where a message is written: to whom, how, with what, and about what it will cost.
import * as api from "../../core/api.js";
import { failed, toast } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { money } from "../../core/format.js";
import { recall, remember } from "../../core/remember.js";
import { defaultModel, knownModels, loadModels, model, store } from "../../core/store.js";
import { modelName } from "../../parts/model-mark.js";
import { DebateSetup } from "../debate/debate-setup.js";
import { pickModels } from "../picker/model-picker.js";
import { attachmentChip, readAttachment } from "./attachments.js";
import { noSettings, openSettings } from "./settings-dialog.js";

/** @typedef {"chat"|"compare"|"debate"} Mode */

const MODES = /** @type {[Mode, string][]} */ ([["chat", "Ask one"], ["compare", "Compare"], ["debate", "Debate"]]);
const MAX_SEATS = 8;
/** A change is priced when the writer pauses. */
const ESTIMATE_DELAY_MS = 450;

export class Composer {
    /** @type {Mode} */
    mode = "chat";
    /** @type {string[]} */
    models = [];
    /** @type {import("./attachments.js").Attachment[]} */
    attachments = [];
    settings = noSettings();
    /** The last compare's answers, if the next message can go on from each of its own. */
    #followsCompare = false;
    #context = "preferred";
    #isSending = false;
    #estimating = new AbortController();
    #timer = 0;
    /** @type {string|null} the conversation, whose draft this is */
    #id = null;

    /** @param {{thread: import("../thread/conversation-view.js").ConversationView, signal: AbortSignal}} options */
    constructor({ thread, signal }) {
        this.thread = thread;
        this.#build();
        store.addEventListener("models", () => this.#modelsCame(), { signal });
        signal.addEventListener("abort", () => this.#estimating.abort());
    }

    #build() {
        this.modes = h("div.segments", { role: "radiogroup", "aria-label": "How to ask" });
        this.seats = h("div.seat-chips");
        this.setupPlace = h("div.composer-setup", { hidden: true });
        this.setup = new DebateSetup(this.setupPlace, { onchange: () => this.#changed() });
        this.setup.onestimate = (/** @type {any} */ estimate) => this.#showEstimate(estimate);
        this.field = h("textarea", {
            id: "composer", rows: "1", dir: "auto", "aria-label": "Message", placeholder: "Write a message", enterkeyhint: "send",
            oninput: () => this.#typed(),
        });
        this.field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        this.field.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => this.#pasted(event));
        this.attached = h("div.attachments", { hidden: true });
        this.file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Attach files", onchange: () => this.#attach([...this.file.files]) });
        this.options = h("div.composer-options");
        this.price = h("span.composer-price.muted.small", { "aria-live": "off" });
        this.sendButton = h("button.primary.send", { type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
        this.element = h(
            "form.composer", { onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), this.send()), "aria-label": "New message" },
            h("div.composer-top", {}, this.modes, this.seats),
            this.setupPlace,
            h("div.composer-box", {},
                this.attached, this.field, this.file,
                h("div.composer-bar", {},
                    iconButton("clip", "Attach pictures, texts or PDFs", () => this.file.click()),
                    iconButton("sliders", "Settings of this chat", () => this.openSettings()),
                    this.options, h("span.grow"), this.price, this.sendButton,
                ),
            ),
        );
        for (const name of ["dragover", "drop"]) this.element.addEventListener(name, (/** @type {DragEvent} */ event) => this.#dropped(event));
    }

    // Whose message this is.

    /** Begins with a conversation, or a new one. @param {any} conversation @param {URLSearchParams} query `?model=a` or `?models=a,b` */
    open(conversation, query) {
        this.#id = conversation?.id ?? null;
        const asked = (query.get("models") ?? query.get("model") ?? "").split(",").filter(Boolean);
        const kept = recall(`chat.${this.#id ?? "new"}`, /** @type {any} */ (null)) ?? {};
        this.settings = { ...noSettings(), ...kept.settings };
        this.models = asked.length ? asked : kept.models ?? (conversation?.model ? [conversation.model] : recall("panel", []));
        this.mode = asked.length > 1 ? "compare" : asked.length ? "chat" : kept.mode ?? recall("mode", "chat");
        if (this.mode === "chat") this.models = this.models.slice(0, 1);
        this.attachments = [];
        this.#followsCompare = false;
        this.field.value = query.get("q") ?? recall(`draft.${this.#id ?? "new"}`, "");
        this.#modelsCame();
        loadModels().catch((error) => failed(error, "The models could not be read"));
        this.#grow();
        if (matchMedia("(pointer: fine)").matches) this.focus();
    }

    /** The new chat has become a conversation. @param {any} conversation */
    moveTo(conversation) {
        remember("draft.new", undefined);
        this.#id = conversation.id;
        this.#keep();
    }

    close() {
        clearTimeout(this.#timer);
        this.#estimating.abort();
    }

    /** What stands above has changed. @param {import("../thread/tree.js").Exchange[]} exchanges */
    noteThread(exchanges) {
        const last = exchanges.at(-1)?.chosen?.run;
        this.#followsCompare = last?.kind === "compare";
        this.#renderOptions();
        this.#estimateSoon();
    }

    #keep() {
        const choice = { models: this.models, mode: this.mode, settings: this.settings };
        remember(`chat.${this.#id ?? "new"}`, choice);
        remember("panel", this.models);
        remember("mode", this.mode);
    }

    // To whom.

    #modelsCame() {
        if (this.models.length === 0) {
            const first = defaultModel();
            if (first) this.models = [first];
        }
        this.#render();
    }

    /** Lets the person choose who is asked. */
    async pickModels() {
        const isOne = this.mode === "chat";
        const picked = await pickModels({
            title: isOne ? "Choose a model" : "Choose who takes part", selected: isOne ? [] : [...new Set(this.models)], multiple: !isOne, max: MAX_SEATS,
        });
        if (!picked) return this.focus();
        // A model that sits twice stays twice.
        const doubles = this.models.filter((id, index) => this.models.indexOf(id) !== index && picked.includes(id));
        this.models = isOne ? picked : [...picked, ...doubles].slice(0, MAX_SEATS);
        this.#changed();
        this.focus();
    }

    /** @param {Mode} mode */
    setMode(mode) {
        this.mode = mode;
        if (mode === "chat") this.models = this.models.slice(0, 1);
        else if (this.models.length < 2) this.#fillPanel();
        this.#changed();
    }

    /** A compare or debate needs two or more: those sat together last, or what there is. */
    #fillPanel() {
        const others = [...recall("panel.last", /** @type {string[]} */ ([])), ...knownModels().map((one) => one.id)];
        for (const id of others) {
            if (this.models.length >= 3) break;
            if (!this.models.includes(id) && model(id)?.available) this.models.push(id);
        }
    }

    /** Offers a way to begin. @param {Mode} mode @param {string} prompt */
    offer(mode, prompt) {
        this.setMode(mode);
        if (!this.field.value) this.field.value = prompt;
        this.#typed();
        this.focus();
        this.field.select();
    }

    focus() {
        this.field.focus();
    }

    openSettings() {
        const chosen = /** @type {any[]} */ (this.models.map((id) => model(id)).filter(Boolean));
        openSettings(this.settings, chosen, (settings) => {
            this.settings = settings;
            this.#changed();
        });
    }

    // How it is sent.

    /** A seat as it is asked for here. @param {string} id */
    seat(id) {
        const { system, params } = this.settings;
        return { model: id ?? this.models[0], ...(system ? { system } : {}), ...(Object.keys(params).length ? { params } : {}) };
    }

    /** Everything of a run but its place and its words. */
    runSettings() {
        const cap = this.settings.max_cost ? { max_cost: String(this.settings.max_cost) } : {};
        if (this.mode === "debate") {
            const asked = this.setup.body ?? { seats: [] };
            return { kind: "debate", ...cap, ...asked, seats: asked.seats.map((/** @type {any} */ seat) => ({ ...this.seat(seat.model), ...seat })) };
        }
        const seats = this.models.map((id) => this.seat(id));
        if (this.mode === "chat" || seats.length === 1) return { kind: "chat", seats: seats.slice(0, 1), ...cap };
        const context = this.#followsCompare ? { context: this.#context } : {};
        return { kind: "compare", seats, ...context, ...cap, ...(this.settings.blind ? { blind: true } : {}) };
    }

    #input() {
        const text = this.field.value.trim();
        const parts = this.attachments.map((one) => one.part);
        return parts.length ? [...parts, ...(text ? [{ type: "input_text", text }] : [])] : text;
    }

    /** Why it cannot be sent; null if it can. */
    get problem() {
        if (!this.field.value.trim() && !this.attachments.length) return "Write something first.";
        if (!this.models.length) return "Choose a model first.";
        const off = this.models.find((id) => !model(id)?.available);
        if (off) return model(off)?.unavailable_reason ?? `${off} is not there any more: choose another model.`;
        if (this.mode !== "chat" && this.models.length < 2) return "Choose two models or more.";
        return this.mode === "debate" ? this.setup.problem : null;
    }

    async send() {
        if (this.#isSending) return;
        const { problem } = this;
        if (problem) {
            if (this.field.value.trim()) toast(problem, { kind: "error" });
            return this.focus();
        }
        this.#isSending = true;
        this.sendButton.disabled = true;
        this.element.setAttribute("aria-busy", "true");
        try {
            remember("panel.last", this.models.length > 1 ? this.models : recall("panel.last", []));
            await this.thread.startRun({ ...this.runSettings(), input: this.#input() });
            this.field.value = "";
            this.attachments = [];
            remember(`draft.${this.#id ?? "new"}`, undefined);
            if (this.mode === "debate") this.setMode("chat");
            this.#keep();
            this.#render();
            this.#grow();
        } catch (error) {
            failed(error, "Not sent");
        } finally {
            this.#isSending = false;
            this.sendButton.disabled = false;
            this.element.removeAttribute("aria-busy");
        }
    }

    /** Asks something at once, in this chat. @param {string} text */
    ask(text) {
        const draft = this.field.value;
        this.field.value = text;
        this.send().then(() => {
            this.field.value ||= draft;
            this.#typed();
        });
    }

    // What is written.

    /** @param {KeyboardEvent} event */
    #key(event) {
        if (event.key !== "Enter" || event.isComposing) return;
        // On a phone Enter makes a line: there is a button to send.
        const sends = event.ctrlKey || event.metaKey || (!event.shiftKey && matchMedia("(pointer: fine)").matches);
        if (!sends) return;
        event.preventDefault();
        this.send();
    }

    #typed() {
        this.#grow();
        remember(`draft.${this.#id ?? "new"}`, this.field.value || undefined);
        this.#estimateSoon();
    }

    #grow() {
        this.field.style.blockSize = "auto";
        this.field.style.blockSize = `${Math.min(this.field.scrollHeight + 2, innerHeight * 0.4)}px`;
    }

    /** @param {ClipboardEvent} event */
    #pasted(event) {
        const files = [...(event.clipboardData?.files ?? [])];
        if (!files.length) return;
        event.preventDefault();
        this.#attach(files);
    }

    /** @param {DragEvent} event */
    #dropped(event) {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        this.element.classList.toggle("is-dropping", event.type === "dragover");
        if (event.type === "drop") this.#attach([...event.dataTransfer.files]);
    }

    /** @param {File[]} files */
    async #attach(files) {
        for (const file of files) {
            try {
                this.attachments.push(await readAttachment(file));
            } catch (error) {
                failed(error);
            }
        }
        this.file.value = "";
        this.#renderAttachments();
        this.#estimateSoon();
    }

    // How it looks.

    #changed() {
        this.#keep();
        this.#render();
        this.#estimateSoon();
    }

    #render() {
        fill(this.modes, MODES.map(([mode, label]) => h("button", {
            type: "button", role: "radio", "aria-checked": String(this.mode === mode), tabindex: this.mode === mode ? "0" : "-1", text: label,
            onclick: () => this.setMode(mode), onkeydown: (/** @type {KeyboardEvent} */ event) => this.#arrow(event),
        })));
        fill(this.seats, this.models.map((id, index) => this.#chip(id, index)), this.mode === "chat" ? null : h("button.chip.add", { type: "button", onclick: () => this.pickModels() }, icon("plus"), "Models"));
        this.setupPlace.hidden = this.mode !== "debate";
        if (this.mode === "debate") this.setup.seats = this.models;
        this.element.dataset.mode = this.mode;
        this.field.placeholder = { chat: "Write a message", compare: "Ask them all", debate: "What shall they debate?" }[this.mode];
        this.#renderOptions();
        this.#renderAttachments();
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
            type: "button", "aria-label": `${id}: choose another model`, title: isOff ? known.unavailable_reason : id, class: isOff ? "is-off" : "", onclick: () => this.pickModels(),
        }, modelName(id), this.mode === "chat" ? icon("down") : null);
        if (this.mode === "chat") return name;
        const add = iconButton("plus", `Seat ${id} once more`, () => this.#double(index), { class: "small", disabled: this.models.length >= MAX_SEATS });
        const remove = iconButton("close", `Remove ${id}`, () => this.#unseat(index), { class: "small" });
        return h("span.seat-chip", { "data-seat": String(index % 8) }, name, add, remove);
    }

    /** @param {number} index */
    #double(index) {
        this.models.splice(index + 1, 0, this.models[index]);
        this.#changed();
    }

    /** @param {number} index */
    #unseat(index) {
        this.models.splice(index, 1);
        this.#changed();
        this.focus();
    }

    #renderOptions() {
        const blind = h("button.filter", {
            type: "button", "aria-pressed": String(this.settings.blind), title: "Names are hidden until you have chosen", onclick: () => {
                this.settings.blind = !this.settings.blind;
                this.#changed();
            },
        }, icon("mask"), "Blind");
        const context = h("select.context", { "aria-label": "What they go on from", onchange: () => (this.#context = context.value) },
            h("option", { value: "preferred", text: "All go on from the preferred answer" }),
            h("option", { value: "own_thread", text: "Each goes on from its own answer" }));
        context.value = this.#context;
        fill(this.options, this.mode === "compare" ? blind : null, this.mode === "compare" && this.#followsCompare ? context : null);
    }

    #renderAttachments() {
        const blind = this.models.filter((id) => model(id) && !model(id)?.architecture.input_modalities.includes("image"));
        this.attached.hidden = this.attachments.length === 0;
        fill(this.attached, this.attachments.map((one, index) => attachmentChip(one, () => {
            this.attachments.splice(index, 1);
            this.#renderAttachments();
        }, one.kind === "image" && blind.length ? `${blind.join(", ")} cannot see pictures` : null)));
    }

    // What it will cost.

    #estimateSoon() {
        clearTimeout(this.#timer);
        this.#estimating.abort();
        if (this.problem) return this.#showEstimate(null);
        this.#timer = setTimeout(() => this.#estimate(), ESTIMATE_DELAY_MS);
    }

    async #estimate() {
        if (this.mode === "debate") return this.setup.estimate(this.field.value);
        this.#estimating = new AbortController();
        const place = this.thread.conversation ? { conversation: this.thread.conversation.id } : {};
        try {
            const body = { ...place, ...this.runSettings(), input: this.#input() };
            this.#showEstimate(await api.post("/runs/estimate", body, { signal: this.#estimating.signal }));
        } catch (error) {
            if (/** @type {any} */ (error).name !== "AbortError") this.#showEstimate(null);
        }
    }

    /** @param {any} estimate */
    #showEstimate(estimate) {
        const isDebate = this.mode === "debate";
        const isFree = estimate && Number(estimate.cost_max) === 0;
        this.price.textContent = !estimate || isFree ? "" : estimate.cost_likely === null ? "cost unknown" : `about ${money(estimate.cost_likely)}`;
        this.price.title = estimate && !isFree ? `At most ${money(estimate.cost_max)}` : "";
        this.sendButton.classList.toggle("is-wide", isDebate);
        const words = estimate && isDebate ? `Start · up to ${estimate.calls_max} calls${isFree ? "" : ` · at most ${money(estimate.max_cost ?? estimate.cost_max)}`}` : "Start";
        fill(this.sendButton, icon(isDebate ? "play" : "send"), isDebate ? words : null);
        this.sendButton.setAttribute("aria-label", isDebate ? words : "Send");
    }
}
