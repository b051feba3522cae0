// One model's answer: streamed or kept, with what it cost and what can be done with it.
import * as api from "../../core/api.js";
import { announce, failed } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { shortModel } from "../../core/format.js";
import { isEnded } from "../../core/run-feed.js";
import { MarkdownView, plainText } from "../../md/markdown.js";
import { fillFooter, showAttempts, showGeneration } from "../../parts/answer-footer.js";
import { copy } from "../../parts/clipboard.js";
import { errorCard } from "../../parts/error-card.js";
import { openMenu } from "../../parts/menu.js";
import { modelName } from "../../parts/model-mark.js";
import { RunBlock } from "../../parts/run-block.js";
import { textOf } from "./tree.js";

/** How an answer that is no whole one came to stand as it does. @type {Record<string, string>} */
const ENDINGS = {
    cancelled: "Stopped. What had come is kept.",
    interrupted: "The server was stopped in the middle. What had come is kept.",
    incomplete: "Not whole: it ended before it was finished.",
};

class ChatAnswer extends RunBlock {
    #wasRunning = false;
    /** @type {any} the turn or the message that is shown */
    #shown = null;

    begin() {
        if (this.feed || this.childElementCount) return;
        this.name = h("span");
        this.state = h("span.badge", { hidden: true });
        this.reasoning = h("details.reasoning", { hidden: true }, h("summary"), h("div.reasoning-text", { dir: "auto" }));
        this.body = h("div.md.answer-body", { dir: "auto" });
        this.notice = h("div.answer-notice");
        this.footer = h("div.answer-footer");
        this.actions = h("div.message-actions");
        this.article = h("article.answer", { tabindex: "0" },
            h("header.answer-head", {}, h("h2.visually-hidden", { text: "Answer" }), this.name, this.state),
            this.reasoning, this.body, this.notice,
            h("div.answer-end", {}, this.footer, this.actions),
        );
        this.append(this.article);
        this.markdown = new MarkdownView(this.body);
        if (!this.exchange.runId) return this.#showMessage(this.exchange.message);
        this.follow({ change: () => this.#changed(), delta: (delta) => this.#delta(delta), connection: () => this.#connection() });
        if (this.feed?.run) this.#changed();
    }

    /** The turn that answers: the last of the one seat, or of a synthesis. */
    #turn() {
        const turns = [.../** @type {RunFeed} */ (this.feed).turns.values()].filter((turn) => turn.phase !== "human");
        return turns.sort((one, other) => one.turn - other.turn).at(-1);
    }

    #changed() {
        const feed = /** @type {RunFeed} */ (this.feed);
        const turn = this.#turn();
        const isRunning = feed.isRunning;
        if (turn) {
            const isNew = this.#shown?.turn !== turn.turn || turn.text.length < this.markdown.text.length;
            this.#shown = turn;
            if (isNew || turn.text.length > this.markdown.text.length) this.markdown.set(turn.text);
            this.#showReasoning(turn);
            if (isEnded(turn.status) || turn.status === "declined") this.markdown.end();
        }
        const seat = feed.run.seats[0];
        const status = turn?.status ?? (isRunning ? "queued" : feed.run.status);
        this.#facts({ ...seat, ...turn, status, model: turn?.model ?? seat?.model, error: turn?.error ?? seat?.error ?? null }, isRunning);
        if (this.#wasRunning && !isRunning) {
            announce(status === "completed" ? `${shortModel(turn?.model ?? seat?.model)} has answered` : `${shortModel(seat?.model)}: ${status}`);
            this.exchange.thread.ended();
        } else if (!this.#wasRunning && isRunning) announce(`${shortModel(seat?.model)} answers`);
        this.#wasRunning = isRunning;
    }

    /** @param {{turn: any, kind: string, text: string}} delta */
    #delta({ turn, kind, text }) {
        if (turn.turn !== this.#shown?.turn) return this.#changed();
        if (kind === "text") this.markdown.append(text);
        if (kind === "reasoning" || !this.reasoning.hidden) this.#showReasoning(turn);
    }

    /** @param {any} turn */
    #showReasoning(turn) {
        this.reasoning.hidden = !turn.reasoning;
        if (!turn.reasoning) return;
        this.reasoning.firstElementChild.textContent = turn.text || isEnded(turn.status) ? "Thought first" : "Thinking";
        const place = this.reasoning.lastElementChild;
        const had = place.textContent ?? "";
        if (turn.reasoning.startsWith(had)) place.append(turn.reasoning.slice(had.length));
        else place.textContent = turn.reasoning;
    }

    /** A message that no run made. @param {any} item */
    #showMessage(item) {
        this.#shown = item;
        const thoughts = item.content.filter((/** @type {any} */ part) => part.type === "reasoning").map((/** @type {any} */ part) => part.text).join("");
        if (thoughts) this.#showReasoning({ reasoning: thoughts, text: "x", status: item.status });
        this.markdown.set(textOf(item));
        this.markdown.end();
        this.#facts(item, item.status === "in_progress");
        if (!item.generation) return;
        api.get(`/generations/${item.generation}`).then((generation) => fillFooter(this.footer, generation)).catch(() => {});
    }

    /** Everything but the words. @param {any} answer @param {boolean} isRunning */
    #facts(answer, isRunning) {
        fill(this.name, modelName(answer.model));
        this.article.setAttribute("aria-label", `Answer of ${answer.model ?? "a model"}`);
        this.article.setAttribute("aria-busy", String(isRunning));
        const words = isRunning ? (this.markdown.text ? "" : answer.reasoning ? "thinking" : "waiting") : answer.status === "completed" ? "" : answer.status;
        this.state.hidden = !words;
        this.state.className = `badge ${isRunning ? "in_progress" : answer.status}`;
        this.state.textContent = words;
        this.article.classList.toggle("is-streaming", isRunning);
        fillFooter(this.footer, isRunning ? { usage: null, cost: null } : answer);
        if (answer.finish_reason === "max_tokens" || answer.finish_reason === "length") this.footer.append(h("span", { text: "cut at the token limit" }));
        this.#notice(answer, isRunning);
        this.#buttons(isRunning);
    }

    /** @param {any} answer @param {boolean} isRunning */
    #notice(answer, isRunning) {
        if (isRunning || answer.status === "completed") return void this.notice.replaceChildren();
        const retry = { label: "Try again", run: () => this.again() };
        const other = { label: "Another model", run: () => this.#withAnother() };
        const attempts = { label: "Details", run: () => this.#attempts() };
        if (answer.error && answer.status !== "cancelled") return void fill(this.notice, errorCard(answer.error, [retry, other, attempts]));
        if (answer.status === "declined") return void fill(this.notice, h("p.muted", { text: "The model declined to answer." }));
        if (ENDINGS[answer.status]) fill(this.notice, h("div.row.answer-ending", {}, h("span.muted.small", { text: ENDINGS[answer.status] }), h("button.link", { type: "button", text: "Try again", onclick: () => this.again() })));
    }

    /** Drawn anew only where others are wanted: whoever has the focus on one keeps it. @param {boolean} isRunning */
    #buttons(isRunning) {
        if (this.actions.childElementCount && this.#wasRunning === isRunning) return;
        if (isRunning) {
            const stop = () => api.post(`/runs/${this.exchange.runId}/cancel`).catch((error) => failed(error));
            return void fill(this.actions, h("button", { type: "button", onclick: stop }, icon("stop"), "Stop"));
        }
        fill(
            this.actions,
            iconButton("copy", "Copy as Markdown", () => copy(this.markdown.text), { class: "small" }),
            iconButton("retry", "Answer again", () => this.again(), { class: "small" }),
            iconButton("more", "More", (event) => this.#menu(/** @type {any} */ (event.currentTarget)), { class: "small" }),
        );
    }

    #menu(/** @type {HTMLElement} */ button) {
        const { thread } = this.exchange;
        const message = this.#shown?.message ?? this.#shown?.id;
        openMenu(button, [
            { label: "Copy as plain text", icon: "copy", run: () => copy(plainText(this.markdown.text)) },
            { label: "Answer with another model", icon: "retry", run: () => this.#withAnother() },
            { label: "More concise", run: () => this.#inOtherWords("Say it again, more concisely.") },
            { label: "In more detail", run: () => this.#inOtherWords("Say it again, in more detail.") },
            null,
            { label: "Copy the chat up to here", icon: "fork", run: () => thread.fork(message) },
            { label: "Attempts and cost", icon: "info", run: () => this.#attempts() },
        ]);
    }

    #attempts() {
        if (this.feed) showAttempts(this.feed.run.seats[0]?.attempts ?? []);
        else if (this.#shown?.generation) showGeneration(this.#shown.generation);
        else showAttempts([]);
    }

    /** Asks the same again; the answer stands beside this one. @param {any} [change] */
    async again(change = {}) {
        const { thread, user } = this.exchange;
        const seat = this.feed?.run.seats[0];
        const asked = seat
            ? { model: seat.model, ...(seat.system ? { system: seat.system } : {}), ...(Object.keys(seat.params).length ? { params: seat.params } : {}) }
            : thread.composer.seat(this.#shown?.model);
        try {
            await thread.startRun({ kind: "chat", parent: user.id, seats: [{ ...asked, ...change }] });
        } catch (error) {
            failed(error);
        }
    }

    async #withAnother() {
        const { pickModels } = await import("../picker/model-picker.js");
        const picked = await pickModels({ title: "Answer with another model", selected: [], multiple: false });
        if (picked) this.again({ model: picked[0] });
    }

    /** @param {string} wish */
    #inOtherWords(wish) {
        this.exchange.thread.composer.ask(wish);
    }

    #connection() {
        const isLost = this.feed?.connection === "reconnecting";
        if (isLost) fill(this.notice, h("p.muted.small", { role: "status", text: "Connection lost. Trying again; nothing is lost." }));
        else if (this.feed?.connection === "failed") fill(this.notice, errorCard(this.feed.error));
        else if (this.isRunning) this.notice.replaceChildren();
    }
}

customElements.define("chat-answer", ChatAnswer);
