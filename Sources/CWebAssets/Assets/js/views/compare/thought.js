// What a model thought before it answered: folded, and written out only while somebody looks.
import { h } from "../../core/dom.js";
import { count, duration } from "../../core/format.js";
import { MarkdownView } from "../../md/markdown.js";

const KEPT = "plenum.thought.";

/** @param {string|null} message @returns {number|null} */
function kept(message) {
    try {
        const took = sessionStorage.getItem(`${KEPT}${message}`);
        return took === null ? null : Number(took);
    } catch {
        return null;
    }
}

export class Thought {
    #text = "";
    /** @type {number|null} when the first of it came while this page looked on */
    #began = null;
    /** @type {number|null} */
    #took = null;
    #isEnded = false;

    constructor() {
        this.summary = h("summary");
        this.body = h("div.thought-text", { dir: "auto" });
        this.element = h("details.thought", { hidden: true, ontoggle: () => this.#show() }, this.summary, this.body);
        this.markdown = new MarkdownView(this.body);
    }

    reset() {
        this.#text = "";
        this.#began = this.#took = null;
        this.#isEnded = false;
        this.markdown.set("");
        this.element.hidden = true;
        this.element.open = false;
    }

    /** @param {string} text */
    append(text) {
        this.#began ??= performance.now();
        this.#text += text;
        if (this.element.open) this.markdown.append(text);
    }

    /** @param {import("./seat-state.js").SeatView} view @param {boolean} isWitness whether this page has looked on from its beginning */
    update(view, isWitness) {
        const { turn } = view;
        const text = turn?.reasoning ?? "";
        this.element.hidden = text === "";
        if (!turn || !text) return;
        if (text.length !== this.#text.length) {
            this.#text = text;
            this.#show();
        }
        const isOver = Boolean(turn.text) || !view.isActive;
        if (isOver && isWitness && this.#began !== null) this.#keep(turn.message, performance.now() - this.#began);
        this.#took ??= kept(turn.message);
        this.summary.textContent = isOver ? this.#past(view) : "Thinking";
        this.element.classList.toggle("is-live", !isOver);
        if (isOver && !this.#isEnded) {
            this.#isEnded = true;
            this.#show();
        }
    }

    /** Keeps the time for this tab's life, so that it is still said when the page is loaded again. @param {string|null} message @param {number} took */
    #keep(message, took) {
        if (this.#took !== null) return;
        this.#took = took;
        try {
            sessionStorage.setItem(`${KEPT}${message}`, String(Math.round(took)));
        } catch {
            // Then it is said once.
        }
    }

    /** The server does not say how long it thought: where this page did not look on, it says how much. @param {import("./seat-state.js").SeatView} view */
    #past(view) {
        if (view.isBlind) return "Thought first";
        if (this.#took !== null) return `Thought for ${duration(this.#took)}`;
        const tokens = view.turn?.usage?.output_tokens_details?.reasoning_tokens;
        return tokens ? `Thought first, ${count(tokens)} tokens` : "Thought first";
    }

    #show() {
        if (!this.element.open) return;
        this.markdown.set(this.#text);
        if (this.#isEnded) this.markdown.end();
    }
}
