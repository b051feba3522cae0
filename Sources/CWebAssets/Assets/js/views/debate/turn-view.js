// One turn of a debate as an article: who speaks, what was said, what it cost; or how it failed.
import * as api from "../../core/api.js";
import { announce } from "../../core/announce.js";
import { fill, h, icon } from "../../core/dom.js";
import { count } from "../../core/format.js";
import { fillFooter, showAttempts } from "../../parts/answer-footer.js";
import { errorCard } from "../../parts/error-card.js";
import { modelName } from "../../parts/model-mark.js";
import { hasTwin, isOver, isReplaced, seatName, seatOf, sideLabel, spoken } from "./facts.js";
import { TurnText } from "./turn-text.js";
import { phaseName, statusWord } from "./words.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */

let newest = 0;

export class TurnView {
    #textTurn = -1;
    /** @type {string|null} the message whose thoughts were read from the conversation */
    #thoughtsOf = null;
    #wasOver = false;
    #attemptSeen = 1;

    /**
     * @param {{clamped?: boolean, showsSide?: boolean, showsPhase?: boolean, heading?: string}} [options]
     *   clamped: long texts are cut, and shown whole on demand
     */
    constructor({ clamped = false, showsSide = false, showsPhase = false, heading = "h4" } = {}) {
        this.isClamped = clamped;
        this.showsSide = showsSide;
        this.showsPhase = showsPhase;
        const id = `turn-${++newest}`;
        this.who = h(heading, { id, class: "turn-who" });
        this.marks = h("span.turn-marks");
        this.reasoning = h("details.reasoning", { hidden: true }, h("summary"), h("div.reasoning-text", { dir: "auto" }));
        this.words = h("div.md.turn-text", { dir: "auto" });
        this.more = h("button.link.turn-more", { type: "button", hidden: true, "aria-expanded": "false", onclick: () => this.#toggle() });
        this.notice = h("div.turn-notice", { hidden: true });
        this.footer = h("div.answer-footer");
        this.element = h(
            "article.turn", { "aria-labelledby": id },
            h("header.turn-head", {}, this.who, this.marks),
            this.reasoning, this.words, this.more, this.notice, this.footer,
        );
        this.element.view = this;
        if (clamped) this.words.classList.add("is-clamped");
        this.text = new TurnText(this.words);
        // A tab that is opened, a window that grows: then it may be cut, or not any more.
        if (clamped) new ResizeObserver(() => this.turn && this.#clamp(isOver(this.turn))).observe(this.words);
        this.reasoning.addEventListener("toggle", () => this.reasoning.open && this.#readThoughts());
    }

    /**
     * Brings it up to date.
     * @param {any} run @param {Turn} turn
     * @param {{earlier?: Turn[], actions?: {label: string, run: () => void}[]}} [more]
     */
    update(run, turn, { earlier = [], actions = [] } = {}) {
        this.run = run;
        this.turn = turn;
        const over = isOver(turn);
        if (turn.turn !== this.#textTurn) this.#restart(turn);
        if (turn.seat !== null) this.element.dataset.seat = String(turn.seat % 8);
        this.element.classList.toggle("is-streaming", !over);
        this.element.setAttribute("aria-busy", String(!over));
        this.#head(turn);
        this.#thoughts(turn);
        this.#attemptSeen = Math.max(this.#attemptSeen, turn.attempt ?? 1);
        this.text.show(over ? spoken(turn) : turn.text, over);
        this.words.hidden = !turn.text;
        this.#clamp(over);
        this.#notice(turn, earlier, actions);
        fillFooter(this.footer, over ? turn : { usage: null, cost: null });
        if (over && !this.#wasOver && this.isLive) announce(`${this.#name()}: ${statusWord(turn.status).toLowerCase()}`);
        if (!over) this.isLive = true;
        this.#wasOver = over;
    }

    /** Adds words that have just come. @param {string} kind @param {string} text */
    append(kind, text) {
        if (kind === "text") {
            if (this.words.hidden) this.words.hidden = false;
            if (this.waitingLine) this.#wait(false);
            this.text.append(text);
        } else if (kind === "reasoning" && this.turn) {
            if (this.reasoning.hidden) this.#thoughts(this.turn);
            else this.reasoning.lastElementChild.append(text);
        }
    }

    /** Another try of the same place: it begins anew. @param {Turn} turn */
    #restart(turn) {
        if (this.#textTurn >= 0) this.text.show("", false);
        this.#textTurn = turn.turn;
        this.#thoughtsOf = null;
        this.#wasOver = false;
    }

    #name() {
        const turn = /** @type {Turn} */ (this.turn);
        return turn.seat === null ? phaseName(turn.phase) : `${seatName(this.run, turn.seat)}, ${phaseName(turn.phase).toLowerCase()}`;
    }

    /** @param {Turn} turn */
    #head(turn) {
        const seat = turn.seat === null ? null : seatOf(this.run, turn.seat);
        const substituted = seat && turn.model && seat.model !== turn.model;
        const state = `${turn.model}|${turn.status}|${turn.conceded}|${turn.attempt}|${turn.text === ""}|${turn.done}|${turn.side}`;
        if (state === this.headState) return;
        this.headState = state;
        const name = turn.seat === null ? modelName(turn.model) : modelName(turn.model ?? seat?.model);
        fill(this.who, name, seat && hasTwin(this.run, seat) ? h("span.muted.small", { text: `seat ${seat.seat + 1}` }) : null);
        const over = isOver(turn);
        fill(
            this.marks,
            this.showsSide && (turn.side ?? seat?.side) ? h("span.side-badge", { dir: "auto", text: sideLabel(turn.seat, turn.side ?? seat.side) }) : null,
            this.showsPhase ? h("span.turn-phase", { text: phaseName(turn.phase) }) : null,
            turn.conceded ? h("span.badge.warning", {}, icon("flag"), "gives in") : null,
            turn.done ? h("span.badge", { text: "nothing to add" }) : null,
            substituted ? h("span.badge.warning", { text: `in place of ${seat.model}`, title: "The seat's own model failed" }) : null,
            !over && (turn.attempt ?? 1) > 1 ? h("span.badge.warning", { text: `try ${turn.attempt}` }) : null,
            over && turn.status !== "completed" ? h(`span.badge.${turn.status}`, { text: statusWord(turn.status).toLowerCase() }) : null,
        );
        this.#wait(!over && !turn.text);
    }

    /** Says that nothing has come yet. @param {boolean} isWaiting */
    #wait(isWaiting) {
        if (!isWaiting) {
            this.waitingLine?.remove();
            this.waitingLine = null;
        } else if (!this.waitingLine) {
            this.waitingLine = h("p.turn-waiting", {}, h("span.dot.running-dot"), h("span", { text: "thinking" }));
            this.words.before(this.waitingLine);
        }
    }

    /** @param {Turn} turn */
    #thoughts(turn) {
        const tokens = turn.usage?.output_tokens_details?.reasoning_tokens ?? 0;
        const text = turn.reasoning ?? "";
        this.reasoning.hidden = !text && !tokens;
        if (this.reasoning.hidden) return;
        const summary = isOver(turn) || turn.text ? "Thought first" : "Thinking";
        this.reasoning.firstElementChild.textContent = tokens ? `${summary}, ${count(tokens)} tokens` : summary;
        const place = this.reasoning.lastElementChild;
        if (text && place.textContent !== text) place.textContent = text;
    }

    /** A run's view has the thoughts of each seat's last turn alone; those of the others stand in the conversation. */
    async #readThoughts() {
        const turn = /** @type {Turn} */ (this.turn);
        if (turn.reasoning || !isOver(turn) || !turn.message || this.#thoughtsOf === turn.message) return;
        this.#thoughtsOf = turn.message;
        const place = this.reasoning.lastElementChild;
        place.textContent = "Reading…";
        try {
            const item = await api.get(`/conversations/${this.run.conversation}/items/${turn.message}`);
            const parts = item.content.filter((/** @type {any} */ part) => part.type === "reasoning");
            place.textContent = parts.map((/** @type {any} */ part) => part.text ?? "").join("") || "The provider did not show what it thought.";
        } catch {
            this.#thoughtsOf = null;
            place.textContent = "It could not be read just now.";
        }
    }

    /** @param {Turn} turn @param {Turn[]} earlier @param {{label: string, run: () => void}[]} actions */
    #notice(turn, earlier, actions) {
        const state = `${turn.turn}|${turn.status}|${turn.error?.code}|${earlier.length}|${actions.map((action) => action.label)}`;
        if (state === this.noticeState) return;
        this.noticeState = state;
        const over = isOver(turn);
        const failure = over && turn.error && !["cancelled", "completed", "interrupted", "declined"].includes(turn.status);
        fill(
            this.notice,
            failure ? errorCard(turn.error, actions) : null,
            turn.status === "declined" ? h("p.muted", { text: "The model declined to answer. The others were told so." }) : null,
            turn.status === "incomplete" ? h("p.muted.small", { text: "Cut at its limit." }) : null,
            turn.status === "cancelled" ? h("p.muted.small", { text: "Stopped. What had come is kept." }) : null,
            turn.status === "interrupted" ? h("p.muted.small", { text: "The server was stopped in the middle. What had come is kept." }) : null,
            earlier.length ? this.#earlier(earlier) : null,
        );
        this.notice.hidden = !this.notice.childElementCount;
    }

    /** Tries that came before in this place: kept, and shown to no other model. @param {Turn[]} earlier */
    #earlier(earlier) {
        const words = earlier.map((turn) => (isReplaced(this.run, turn) ? "replaced" : statusWord(turn.status).toLowerCase())).join(", ");
        return h(
            "details.turn-earlier", {},
            h("summary", { text: earlier.length === 1 ? `An earlier try (${words})` : `${earlier.length} earlier tries (${words})` }),
            earlier.map((turn) => h("blockquote", { dir: "auto", text: turn.text || turn.error?.message || "No words came." })),
        );
    }

    /** @param {boolean} over */
    #clamp(over) {
        if (!this.isClamped) return;
        this.words.classList.toggle("is-tail", !over && !this.isOpen);
        if (this.isOpen) return;
        if (over) this.words.scrollTop = 0;
        requestAnimationFrame(() => {
            if (!this.words.clientHeight || this.isOpen) return;
            const isCut = this.words.scrollHeight > this.words.clientHeight + 8;
            this.words.classList.toggle("is-cut", isCut && over);
            this.more.hidden = !isCut && !this.isOpen;
            this.more.textContent = "Show all";
        });
    }

    #toggle() {
        this.isOpen = !this.isOpen;
        this.words.classList.toggle("is-open", this.isOpen);
        this.words.classList.toggle("is-tail", false);
        this.more.setAttribute("aria-expanded", String(this.isOpen));
        this.more.textContent = this.isOpen ? "Show less" : "Show all";
        if (!this.isOpen && this.turn) this.#clamp(isOver(this.turn));
    }
}

/** What a model said word for word, where its object is shown instead. @param {Turn} turn @param {string} [label] */
export function rawText(turn, label = "Show what it wrote") {
    return h("details.raw-text", {}, h("summary", { text: label }), h("pre", { tabindex: "0", dir: "auto", text: turn.text }));
}

/** All calls of a debate's seats, in order. @param {any} run */
export function showAllAttempts(run) {
    const attempts = run.seats.flatMap((/** @type {any} */ seat) => seat.attempts);
    showAttempts(attempts.sort((/** @type {any} */ one, /** @type {any} */ other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1)));
}
