// Where a message is written: to whom, how, with what, and about what it will cost.
import { failed, toast } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { money } from "../../core/format.js";
import { recall, remember } from "../../core/remember.js";
import { knownModels, loadModels, model, store } from "../../core/store.js";
import { attachmentChip, readAttachment } from "./attachments.js";
import { Estimator } from "./estimate.js";
import { Panel } from "./panel.js";
import { noSettings } from "./settings.js";

export class Composer {
    /** @type {import("./attachments.js").Attachment[]} */
    attachments = [];
    settings = noSettings();
    /** The last exchange is a compare, whose answers the next one can go on from. */
    #followsCompare = false;
    #context = "preferred";
    #isSending = false;
    /** @type {Promise<void>|null} the form of a debate is coming, or has come */
    #settingUp = null;
    /** @type {string|null} the conversation, whose draft this is */
    #id = null;

    /** @param {{thread: import("../thread/conversation-view.js").ConversationView, signal: AbortSignal}} options */
    constructor({ thread, signal }) {
        this.thread = thread;
        this.panel = new Panel({ onchange: () => this.#changed(), ondone: () => this.focus() });
        this.estimator = new Estimator(() => (this.problem ? null : this.#body()), (estimate) => this.#showEstimate(estimate));
        this.#build();
        store.addEventListener("models", () => this.#modelsCame(), { signal });
    }

    #build() {
        this.setupPlace = h("div.composer-setup", { hidden: true });
        /** @type {any} the form of a debate, once one was wanted */
        this.setup = null;
        this.field = h("textarea", {
            id: "composer", rows: "1", dir: "auto", "aria-label": "Message", placeholder: "Write a message", enterkeyhint: "send",
            oninput: () => this.#typed(),
        });
        this.field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.#key(event));
        this.field.addEventListener("paste", (/** @type {ClipboardEvent} */ event) => this.#pasted(event));
        this.attached = h("div.attachments", { hidden: true });
        this.file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Attach files", onchange: () => this.#attach([...this.file.files]) });
        this.options = h("div.composer-options");
        this.price = h("span.composer-price.muted.small");
        this.sendButton = h("button.primary.send", { type: "submit", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
        this.element = h(
            // What is wrong is said by send(): the browser's own check would hold a form back for a cap of 0.25 in steps of 0.05 from 0.01.
            "form.composer", { novalidate: true, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), this.send()), "aria-label": "New message" },
            this.panel.element,
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
        for (const name of ["dragover", "dragleave", "drop"]) this.element.addEventListener(name, (/** @type {DragEvent} */ event) => this.#dragged(event));
    }

    // Whose message this is.

    /**
     * Begins with a conversation, or a new one.
     * @param {any} conversation @param {URLSearchParams} query `?model=a` or `?models=a,b`, `?q=` @param {boolean} [takesFocus]
     */
    open(conversation, query, takesFocus = true) {
        this.#id = conversation?.id ?? null;
        const asked = (query.get("models") ?? query.get("model") ?? "").split(",").filter(Boolean);
        const kept = recall(`chat.${this.#id ?? "new"}`, /** @type {any} */ (null)) ?? {};
        this.settings = { ...noSettings(), ...kept.settings };
        // The last mode is that of the next chat; one that is there already is not covered with the set-up of a debate.
        const last = recall("mode", "chat");
        const usual = conversation && last === "debate" ? "chat" : last;
        const mode = asked.length > 1 ? "compare" : asked.length ? "chat" : kept.mode ?? usual;
        this.panel.open(mode, asked.length ? asked : kept.models ?? (conversation?.model ? [conversation.model] : recall("panel", [])));
        this.attachments = [];
        this.#followsCompare = false;
        this.field.value = query.get("q") ?? recall(`draft.${this.#id ?? "new"}`, "");
        this.#modelsCame();
        loadModels().catch((error) => failed(error, "The models could not be read"));
        this.#grow();
        if (takesFocus && matchMedia("(pointer: fine)").matches) this.focus();
    }

    /** The new chat has become a conversation. @param {any} conversation */
    moveTo(conversation) {
        remember("draft.new", undefined);
        this.#id = conversation.id;
        this.#keep();
    }

    close() {
        this.estimator.stop();
    }

    /** What stands above has changed. @param {import("../thread/tree.js").Exchange[]} exchanges */
    noteThread(exchanges) {
        this.#followsCompare = exchanges.at(-1)?.chosen?.run?.kind === "compare";
        this.#renderOptions();
        this.#estimateSoon();
    }

    #keep() {
        const { mode, models } = this.panel;
        remember(`chat.${this.#id ?? "new"}`, { models, mode, settings: this.settings });
        remember("panel", models);
        remember("mode", mode);
    }

    #modelsCame() {
        this.panel.seatFirst();
        this.#render();
    }

    pickModels() {
        return this.panel.pick();
    }

    /** Offers a way to begin. @param {import("./panel.js").Mode} mode @param {string} prompt */
    offer(mode, prompt) {
        this.panel.setMode(mode);
        if (!this.field.value) this.field.value = prompt;
        this.#typed();
        this.focus();
        this.field.select();
    }

    focus() {
        this.field.focus();
    }

    async openSettings() {
        const { openSettings } = await import("./settings-dialog.js");
        const chosen = /** @type {any[]} */ (this.panel.models.map((id) => model(id)).filter(Boolean));
        openSettings(this.settings, chosen, (settings) => {
            this.settings = settings;
            this.#changed();
        });
    }

    // How it is sent.

    /** A seat as it is asked for here. @param {string} [id] */
    seat(id = this.panel.models[0]) {
        const { system, params } = this.settings;
        return { model: id, ...(system ? { system } : {}), ...(Object.keys(params).length ? { params } : {}) };
    }

    /** Everything of a run but its place and its words. */
    runSettings() {
        const { mode, models } = this.panel;
        const cap = this.settings.max_cost ? { max_cost: String(this.settings.max_cost) } : {};
        if (mode === "debate") {
            const asked = this.setup?.body ?? { seats: [] };
            return { kind: "debate", ...cap, ...asked, seats: asked.seats.map((/** @type {any} */ seat) => ({ ...this.seat(seat.model), ...seat })) };
        }
        const seats = models.map((id) => this.seat(id));
        if (mode === "chat") return { kind: "chat", seats: seats.slice(0, 1), ...cap };
        const context = this.#followsCompare ? { context: this.#context } : {};
        return { kind: "compare", seats, ...context, ...cap, ...(this.settings.blind ? { blind: true } : {}) };
    }

    #body() {
        const place = this.thread.conversation ? { conversation: this.thread.conversation.id } : {};
        return { ...place, ...this.runSettings(), input: this.#input() };
    }

    #input() {
        const text = this.field.value.trim();
        const parts = this.attachments.map((one) => one.part);
        return parts.length ? [...parts, ...(text ? [{ type: "input_text", text }] : [])] : text;
    }

    /** Why it cannot be sent; null if it can. */
    get problem() {
        if (!this.field.value.trim() && !this.attachments.length) return "Write something first.";
        return this.panel.problem ?? (this.panel.mode === "debate" ? this.setup?.problem ?? null : null);
    }

    async send() {
        if (this.#isSending) return;
        this.#sending(true);
        try {
            // Who is quicker than the list of models, or than the form of a debate, is not to be told that it is not there.
            if (!knownModels().length) await loadModels().catch(() => {});
            if (this.panel.mode === "debate") await this.#setUp();
            const { problem } = this;
            if (problem) {
                if (this.field.value.trim()) toast(problem, { kind: "error" });
                return this.focus();
            }
            this.panel.noteUse();
            await this.thread.startRun({ ...this.runSettings(), input: this.#input() });
            this.#sent();
        } catch (error) {
            failed(error, "Not sent");
        } finally {
            this.#sending(false);
        }
    }

    /** @param {boolean} isSending */
    #sending(isSending) {
        this.#isSending = this.sendButton.disabled = isSending;
        this.#estimateSoon();
        if (isSending) this.element.setAttribute("aria-busy", "true");
        else this.element.removeAttribute("aria-busy");
    }

    #sent() {
        this.field.value = "";
        this.attachments = [];
        remember(`draft.${this.#id ?? "new"}`, undefined);
        // One debates once; what follows is mostly a question about it.
        if (this.panel.mode === "debate") this.panel.setMode("chat");
        this.#changed();
        this.#grow();
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
    #dragged(event) {
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
        const { mode } = this.panel;
        this.panel.render();
        this.setupPlace.hidden = mode !== "debate";
        if (mode === "debate") this.#showSetup();
        this.element.dataset.mode = mode;
        this.field.placeholder = { chat: "Write a message", compare: "Ask them all", debate: "What shall they debate?" }[mode];
        this.#renderOptions();
        this.#renderAttachments();
    }

    #showSetup() {
        if (!this.setup) return void this.#setUp().catch((error) => failed(error, "The form of a debate could not be read"));
        this.setup.seats = this.panel.models;
        this.#estimateSoon();
    }

    /** Fetches the form of a debate when the first one is wanted. @returns {Promise<void>} */
    #setUp() {
        return (this.#settingUp ??= import("../debate/debate-setup.js").then(({ DebateSetup }) => {
            this.setup = new DebateSetup(this.setupPlace, { onchange: () => this.#changed() });
            this.setup.onestimate = (/** @type {any} */ estimate) => this.#showEstimate(estimate);
            this.#showSetup();
        }).catch((error) => {
            // The next one who wants it may have more luck.
            this.#settingUp = null;
            throw error;
        }));
    }

    #renderOptions() {
        if (this.panel.mode !== "compare") return void this.options.replaceChildren();
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
        fill(this.options, blind, this.#followsCompare ? context : null);
    }

    #renderAttachments() {
        const blind = this.panel.models.filter((id) => model(id) && !model(id)?.architecture.input_modalities.includes("image"));
        this.attached.hidden = this.attachments.length === 0;
        fill(this.attached, this.attachments.map((one, index) => attachmentChip(one, () => {
            this.attachments.splice(index, 1);
            this.#renderAttachments();
            this.#estimateSoon();
        }, one.kind === "image" && blind.length ? `${blind.join(", ")} cannot see pictures` : null)));
    }

    // What it will cost.

    #estimateSoon() {
        // What is being sent has its price; what follows it cannot be reckoned before it has begun.
        if (this.#isSending) return this.estimator.stop();
        if (this.panel.mode !== "debate") return this.estimator.changed();
        this.estimator.stop();
        // The button says what it does before its price is known.
        if (this.problem || !this.sendButton.classList.contains("is-wide")) this.#showEstimate(null);
        if (!this.problem) this.setup?.estimate(this.field.value);
    }

    /** @param {any} estimate */
    #showEstimate(estimate) {
        const isDebate = this.panel.mode === "debate";
        const isFree = estimate && Number(estimate.cost_max) === 0;
        this.price.textContent = !estimate || isFree ? "" : estimate.cost_likely === null ? "cost unknown" : `about ${money(estimate.cost_likely)}`;
        this.price.title = estimate && !isFree ? `At most ${money(estimate.cost_max)}` : "";
        const words = estimate && isDebate ? `Start · up to ${estimate.calls_max} calls${isFree ? "" : ` · at most ${money(estimate.max_cost ?? estimate.cost_max)}`}` : "Start";
        this.sendButton.classList.toggle("is-wide", isDebate);
        this.sendButton.setAttribute("aria-label", isDebate ? words : "Send");
        fill(this.sendButton, icon(isDebate ? "play" : "send"), isDebate ? words : null);
    }
}
