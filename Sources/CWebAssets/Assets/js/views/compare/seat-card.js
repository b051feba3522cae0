// One seat of a compare: who answers, how far it is, the answer itself, what it cost, what can be done with it.
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { shortModel } from "../../core/format.js";
import { MarkdownView } from "../../md/markdown.js";
import { fillFooter, showAttempts } from "../../parts/answer-footer.js";
import { errorCard } from "../../parts/error-card.js";
import { modelMark } from "../../parts/model-mark.js";
import { ColumnScroll } from "./column-scroll.js";
import { openSeatMenu, retrySeat, retryWith, stopSeat } from "./seat-actions.js";
import { STATE_WORDS } from "./seat-state.js";
import { copy } from "../../parts/clipboard.js";
import { Thought } from "./thought.js";

/** @typedef {import("./seat-state.js").SeatView} SeatView */

/** What is said below an answer that is no whole one. @type {Partial<Record<string, string>>} */
const NOTES = {
    stopped: "Stopped. What had come is kept.",
    interrupted: "Broken off in the middle. What had come is kept.",
    cut: "It ended at its limit, before it was finished.",
    declined: "The model declined to answer.",
};

export class SeatCard {
    /** @type {string[]} text that came and is not shown yet */
    #pending = [];
    #shownLength = 0;
    #shownTurn = -1;
    #isEnded = false;
    #problem = "";
    #facts = "";
    /** @type {SeatView|null} */
    view = null;

    /** @param {import("./compare-block.js").CompareBlock} block @param {number} seat */
    constructor(block, seat) {
        this.block = block;
        this.seat = seat;
        const id = `${block.prefix}-seat-${seat}`;
        this.mark = h("span.seat-mark");
        this.name = h("h3.seat-name", { id: `${id}-name` });
        this.was = h("span.seat-was.muted.small", { hidden: true });
        this.winner = h("span.badge.accent", { hidden: true }, icon("star"), "Preferred");
        this.state = h("span.seat-state");
        this.menu = iconButton("more", "Actions", () => openSeatMenu(block, this.menu, seat), { class: "small" });
        this.stop = iconButton("stop", "Stop", () => void stopSeat(block, seat), { class: "small", hidden: true });
        this.thought = new Thought();
        this.text = h("div.seat-text", { dir: "auto" });
        this.wait = h("div.seat-wait", { "aria-hidden": "true", hidden: true }, h("span.skeleton"), h("span.skeleton"), h("span.skeleton"));
        this.notice = h("div.seat-notice");
        this.content = h("div.seat-content", {}, this.thought.element, this.text, this.wait, this.notice);
        this.scroller = h("div.seat-scroll", {}, this.content);
        this.jump = h("button.seat-jump", { type: "button", hidden: true, onclick: () => this.column.follow() }, icon("down"), "Jump to latest");
        this.more = h("button.link.seat-more", { type: "button", hidden: true, onclick: () => this.expand(!this.isExpanded) });
        this.footer = h("div.answer-footer");
        this.#makeActions();
        this.element = h(
            "div.seat-card", { id, role: "article", tabindex: "0", "aria-labelledby": `${id}-name`, "data-seat": String(seat % 8) },
            h("header.seat-head", {}, this.mark, h("div.seat-who", {}, this.name, this.was), this.winner, this.state, this.stop, this.menu),
            h("div.seat-frame", {}, this.scroller, this.jump),
            h("div.seat-end", {}, this.more, this.footer, this.actions),
        );
        this.markdown = new MarkdownView(this.text);
        this.column = new ColumnScroll(this.scroller, this.content, () => block.plan(() => this.#scrolled()));
        this.isExpanded = false;
    }

    #makeActions() {
        const { block, seat } = this;
        const act = (/** @type {(view: SeatView) => void} */ run) => () => this.view && run(this.view);
        this.prefer = h("button.seat-prefer", { type: "button", hidden: true, onclick: () => void block.prefer({ seat }) }, icon("star"), h("span", { text: "Prefer this" }));
        this.goOn = h("button.quiet", { type: "button", hidden: true, title: "Continue from this answer", onclick: act((view) => block.continueFrom(view.message)) }, icon("fork"), "Continue");
        this.copy = iconButton("copy", "Copy as Markdown", act((view) => copy(view.turn?.text ?? "")), { class: "small", hidden: true });
        this.actions = h("div.seat-actions", {}, this.prefer, this.goOn, this.copy);
    }

    close() {
        this.column.close();
    }

    /** Words came. @param {"text"|"reasoning"} kind @param {string} text @param {number} turn */
    delta(kind, text, turn) {
        if (turn !== this.#shownTurn) return;
        if (kind === "text") this.#pending.push(text);
        else this.thought.append(text);
    }

    /** Shows the words that came since the last frame. */
    flush() {
        if (this.#pending.length === 0) return;
        const text = this.#pending.join("");
        this.#pending = [];
        this.#shownLength += text.length;
        this.markdown.append(text);
    }

    /** Shows all but words that stream. @param {SeatView} view @param {{isWinner: boolean, mayPrefer: boolean, hasVote: boolean, isOnPath: boolean}} place */
    update(view, place) {
        const before = this.view;
        this.view = view;
        this.#showName(view, before);
        this.#showState(view);
        this.#showText(view);
        this.thought.update(view, this.block.hasWitnessed(view.turn?.turn ?? -1));
        this.wait.hidden = !(view.state === "waiting" && view.isActive);
        this.#showProblem(view);
        this.#showFacts(view);
        this.element.classList.toggle("is-winner", place.isWinner);
        this.winner.hidden = !place.isWinner;
        this.#showActions(view, place);
        this.column.isLive = view.isActive;
        this.#scrolled();
    }

    /** @param {SeatView} view @param {SeatView|null} before */
    #showName(view, before) {
        if (before && before.name === view.name && before.model === view.model && before.insteadOf === view.insteadOf) return;
        const isReveal = Boolean(before?.isBlind) && !view.isBlind;
        this.element.classList.toggle("is-revealed", isReveal);
        fill(this.mark, modelMark(view.model));
        this.name.textContent = view.name;
        this.name.title = view.model ?? "";
        const hadLetter = this.block.feed.run.settings?.blind && !view.isBlind;
        this.was.hidden = !hadLetter && !view.insteadOf;
        this.was.textContent = view.insteadOf ? `in place of ${shortModel(view.insteadOf)}` : hadLetter ? `was answer ${view.letter}` : "";
        this.scroller.setAttribute("aria-label", `Answer of ${view.name}`);
        this.menu.setAttribute("aria-label", `Actions for ${view.name}`);
        this.stop.setAttribute("aria-label", `Stop ${view.name}`);
        this.copy.setAttribute("aria-label", `Copy the answer of ${view.name}`);
    }

    /** @param {SeatView} view */
    #showState(view) {
        const { state } = this;
        if (state.dataset.state === view.state) return;
        state.dataset.state = view.state;
        this.element.dataset.state = view.state;
        fill(state, h("span.dot"), STATE_WORDS[view.state]);
        this.element.setAttribute("aria-busy", String(view.isActive));
        if (!view.isActive && document.activeElement === this.stop) this.menu.focus({ preventScroll: true });
        this.stop.hidden = !view.isActive;
    }

    /** @param {SeatView} view */
    #showText(view) {
        const { turn } = view;
        const number = turn?.turn ?? -1;
        if (number !== this.#shownTurn) {
            this.#shownTurn = number;
            this.#isEnded = false;
            this.#pending = [];
            this.#shownLength = 0;
            this.markdown.set("");
            this.thought.reset();
        }
        if (!turn) return;
        // Deltas that wait for their frame are part of the turn's text already.
        this.#pending = [];
        if (turn.text.length !== this.#shownLength) {
            if (turn.text.length > this.#shownLength) this.markdown.append(turn.text.slice(this.#shownLength));
            else this.markdown.set(turn.text);
            this.#shownLength = turn.text.length;
        }
        if (this.#isEnded || view.isActive) return;
        this.#isEnded = true;
        if (this.markdown.text !== turn.text) this.markdown.set(turn.text);
        this.markdown.end();
    }

    /** @param {SeatView} view */
    #showProblem(view) {
        const isError = view.state === "failed" || (view.state === "interrupted" && view.error && this.block.feed.run.status !== "interrupted");
        const note = isError ? "" : NOTES[view.state] ?? "";
        const key = isError ? `${view.turn?.turn}.${view.error?.code}.${view.error?.message}.${view.isBlind}` : note;
        if (key === this.#problem) return;
        this.#problem = key;
        // Whoever pressed a button here is not to be thrown out of the seat when it goes.
        if (this.notice.contains(document.activeElement)) this.element.focus({ preventScroll: true });
        if (!isError) return void fill(this.notice, note ? h("p.muted.small", { text: note }) : null);
        const actions = [{ label: "Retry", run: () => void retrySeat(this.block, this.seat) }];
        const now = () => /** @type {SeatView} */ (this.view);
        if (!view.isBlind) {
            actions.push({ label: "Retry with…", run: () => void retryWith(this.block, now()) });
            actions.push({ label: "Details", run: () => showAttempts(now().attempts) });
        }
        fill(this.notice, errorCard(view.error, actions));
    }

    /** @param {SeatView} view */
    #showFacts(view) {
        const { turn } = view;
        const isShown = turn !== null && !view.isActive && !view.isBlind && (turn.usage || turn.cost !== null || turn.duration_ms !== null);
        const key = isShown ? JSON.stringify([turn.usage, turn.cost, turn.ttft_ms, turn.duration_ms]) : "";
        if (key === this.#facts) return;
        this.#facts = key;
        if (isShown) fillFooter(this.footer, turn);
        else this.footer.replaceChildren();
    }

    /** @param {SeatView} view @param {{isWinner: boolean, mayPrefer: boolean, hasVote: boolean, isOnPath: boolean}} place */
    #showActions(view, place) {
        const hasText = Boolean(view.turn?.text) && !view.isActive;
        this.prefer.hidden = !(place.mayPrefer && view.message);
        this.prefer.setAttribute("aria-pressed", String(place.isWinner));
        this.prefer.lastElementChild.textContent = place.isWinner ? "Preferred" : "Prefer this";
        this.prefer.setAttribute("aria-label", `${place.isWinner ? "Preferred" : "Prefer this"}: ${view.name}`);
        this.prefer.classList.toggle("quiet", place.hasVote && !place.isWinner);
        this.goOn.hidden = !view.message;
        this.goOn.lastChild.textContent = place.isOnPath ? "Continues here" : "Continue";
        this.goOn.setAttribute("aria-pressed", String(place.isOnPath));
        this.goOn.setAttribute("aria-label", `${place.isOnPath ? "Continues here" : "Continue"}: ${view.name}`);
        this.copy.hidden = !hasText;
        this.actions.hidden = this.prefer.hidden && this.goOn.hidden && this.copy.hidden;
    }

    /** Shows the answer at its full length, or within the column. @param {boolean} isExpanded */
    expand(isExpanded) {
        this.isExpanded = isExpanded;
        this.element.classList.toggle("is-expanded", isExpanded);
        this.#scrolled();
        if (!isExpanded) this.element.scrollIntoView({ block: "nearest" });
    }

    #scrolled() {
        const { hasOverflow, isAtEnd } = this.column;
        this.scroller.toggleAttribute("data-overflow", hasOverflow);
        this.element.classList.toggle("has-more", hasOverflow && !isAtEnd);
        this.jump.hidden = !(hasOverflow && !isAtEnd && this.view?.isActive);
        this.more.hidden = !(hasOverflow || this.isExpanded);
        this.more.textContent = this.isExpanded ? "Show less" : "Show all";
        // What scrolls must be reachable by keyboard.
        if (hasOverflow) {
            this.scroller.tabIndex = 0;
            this.scroller.setAttribute("role", "group");
        } else {
            this.scroller.removeAttribute("tabindex");
            this.scroller.removeAttribute("role");
        }
    }
}
