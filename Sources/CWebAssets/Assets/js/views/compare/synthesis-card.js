// What was put together of a compare's answers: one answer, a list of points to pick from, a table.
import { announce } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { plural, shortModel } from "../../core/format.js";
import { isEnded, RunFeed } from "../../core/run-feed.js";
import { MarkdownView, plainText } from "../../md/markdown.js";
import { fillFooter, showAttempts } from "../../parts/answer-footer.js";
import { errorCard } from "../../parts/error-card.js";
import { openMenu } from "../../parts/menu.js";
import { modelMark } from "../../parts/model-mark.js";
import { copy } from "../../parts/clipboard.js";
import { startSynthesis } from "./fuse-dialog.js";
import { tell } from "./seat-actions.js";
import { listed } from "./seat-state.js";
import { PointList } from "./point-list.js";
import { Thought } from "./thought.js";

const TITLES = { fuse: "Put together by", checklist: "Points listed by", compare: "Compared by", custom: "Put together by" };

export class SynthesisCard {
    #frame = 0;
    #shownTurn = -1;
    #wasRunning = false;
    #listening = new AbortController();

    /** @param {import("./compare-block.js").CompareBlock} block @param {string} id @param {any} [view] */
    constructor(block, id, view) {
        this.block = block;
        this.id = id;
        this.mark = h("span.seat-mark");
        this.title = h("h3.seat-name", { id: `${id}-title` });
        this.state = h("span.seat-state");
        this.stop = iconButton("stop", "Stop", () => void tell(this, "cancel"), { class: "small", hidden: true });
        this.menu = iconButton("more", "Actions for what was put together", () => this.#menu(), { class: "small" });
        this.thought = new Thought();
        this.text = h("div.seat-text", { dir: "auto" });
        this.points = new PointList((picks) => this.#write(picks));
        this.notice = h("div.seat-notice");
        this.footer = h("div.answer-footer");
        this.goOn = h("button.quiet", { type: "button", hidden: true, onclick: () => block.continueFrom(this.feed.run.result?.message ?? this.turn?.message) }, icon("fork"), "Continue");
        this.copy = iconButton("copy", "Copy as Markdown", () => void copy(this.turn?.text ?? ""), { class: "small", hidden: true });
        this.element = h(
            "div.seat-card.synthesis-card", { role: "article", tabindex: "0", "aria-labelledby": `${id}-title` },
            h("header.seat-head", {}, this.mark, h("div.seat-who", {}, this.title), this.state, this.stop, this.menu),
            h("div.seat-content", {}, this.thought.element, this.text, this.points.element, this.notice),
            h("div.seat-end", {}, this.footer, h("div.seat-actions", {}, this.goOn, this.copy)),
        );
        this.markdown = new MarkdownView(this.text);
        this.feed = RunFeed.open(id, view);
        const { signal } = this.#listening;
        this.feed.addEventListener("change", () => this.plan(), { signal });
        this.feed.addEventListener("delta", () => this.plan(), { signal });
        this.feed.addEventListener("connection", () => this.plan(), { signal });
        this.plan();
    }

    close() {
        this.#listening.abort();
        cancelAnimationFrame(this.#frame);
        this.feed.close();
    }

    get isRunning() {
        return this.feed.isRunning;
    }

    /** Its last turn. @returns {import("../../core/run-feed.js").Turn|undefined} */
    get turn() {
        return [...this.feed.turns.values()].sort((one, other) => one.turn - other.turn).at(-1);
    }

    get #plan() {
        return this.feed.run?.settings?.synthesis ?? { mode: "fuse", sources: [] };
    }

    plan() {
        this.#frame ||= requestAnimationFrame(() => {
            this.#frame = 0;
            if (this.feed.run || this.feed.error) this.update();
        });
    }

    update() {
        const { run } = this.feed;
        if (!run) return void fill(this.notice, errorCard(this.feed.error));
        // Other compares of the same question have what was put together of them below themselves.
        this.element.hidden = Boolean(this.#plan.run) && this.#plan.run !== this.block.runId;
        const { turn } = this;
        this.#showTitle(turn);
        this.#showText(turn);
        const isRunning = this.isRunning;
        this.element.setAttribute("aria-busy", String(isRunning));
        this.stop.hidden = !isRunning;
        this.#showEnd(turn, isRunning);
        if (this.#wasRunning && !isRunning) {
            announce(run.status === "completed" ? `${this.title.textContent}: finished` : "Putting the answers together failed");
            this.block.thread?.reload();
        }
        this.#wasRunning = isRunning;
    }

    /** @param {any} turn */
    #showTitle(turn) {
        const plan = this.#plan;
        const model = turn?.model ?? this.feed.run.seats[0]?.model;
        const names = plan.sources.map((/** @type {any} */ source) => this.block.nameOf(source.seat));
        const by = plan.picks?.length ? "Written by" : TITLES[/** @type {"fuse"} */ (plan.mode)];
        const from = plan.picks?.length ? `from ${plural(plan.picks.length, "point")} of ` : "from ";
        const title = `${by} ${model ? shortModel(model) : "a model"} ${from}${names.length > 3 ? plural(names.length, "answer") : listed(names)}`;
        if (this.title.textContent === title) return;
        this.title.textContent = title;
        this.title.title = listed(names);
        fill(this.mark, modelMark(model));
    }

    /** @param {any} turn */
    #showText(turn) {
        if (!turn) return;
        const isOver = isEnded(turn.status) || turn.status === "declined" || !this.isRunning;
        if (turn.turn !== this.#shownTurn) {
            this.#shownTurn = turn.turn;
            this.markdown.set("");
            this.thought.reset();
        }
        this.thought.update(/** @type {any} */ ({ turn, isActive: !isOver, isBlind: false }), false);
        const points = this.feed.run.result?.points;
        // A list of points comes as JSON: what is shown is the list that the server read out of it.
        const isList = turn.phase === "points" && (!isOver || points?.length);
        this.text.hidden = isList;
        this.points.update(isList, points ?? null, (seat) => this.block.nameOf(seat));
        if (isList) return;
        const text = this.#plan.mode === "compare" ? this.#named(turn.text, isOver) : turn.text;
        if (this.markdown.text !== text) this.markdown.set(text);
        if (isOver) this.markdown.end();
    }

    /** A table speaks of responses by letters: in its place stand names, where the server says who is who. @param {string} text @param {boolean} isOver */
    #named(text, isOver) {
        const { best, labels } = this.feed.run.result ?? {};
        if (!isOver) return text;
        let named = text.replace(/\n*\s*\**BEST:.*\s*$/i, "\n");
        if (Array.isArray(labels)) {
            const name = (/** @type {string} */ letter) => this.block.nameOf(labels[letter.charCodeAt(0) - 65]);
            named = named
                .replace(/\bResponse ([A-P])\b/g, (whole, letter) => name(letter) || whole)
                .replace(/^(\|\s*\**)([A-P])(\**\s*\|)/gm, (whole, before, letter, after) => (name(letter) ? before + name(letter) + after : whole));
        }
        return typeof best === "number" ? `${named.trimEnd()}\n\n**Best: ${this.block.nameOf(best)}**\n` : named;
    }

    /** @param {any} turn @param {boolean} isRunning */
    #showEnd(turn, isRunning) {
        const { run } = this.feed;
        const word = isRunning ? (turn?.text ? "Writing" : turn?.reasoning ? "Thinking" : "Waiting") : { completed: "", cancelled: "Stopped", interrupted: "Interrupted" }[/** @type {"completed"} */ (run.status)] ?? "Failed";
        this.element.dataset.state = this.state.dataset.state = isRunning ? "streaming" : run.status === "completed" ? "done" : run.status === "cancelled" ? "stopped" : run.status;
        fill(this.state, word ? [h("span.dot"), word] : null);
        fillFooter(this.footer, isRunning || !turn ? { usage: null, cost: null } : turn);
        const message = run.result?.message ?? null;
        this.goOn.hidden = isRunning || !message || turn?.phase === "points";
        const isOnPath = this.block.isOnPath(message);
        this.goOn.lastChild.textContent = isOnPath ? "Continues here" : "Continue";
        this.goOn.setAttribute("aria-pressed", String(isOnPath));
        this.copy.hidden = isRunning || !turn?.text || turn.phase === "points";
        const again = { label: "Retry", run: () => void tell(this, "seats/0/retry") };
        if (run.status === "interrupted") fill(this.notice, errorCard({ code: "interrupted", message: "What had come is kept." }, [{ label: "Resume", run: () => void tell(this, "resume") }]));
        else if (run.status === "failed") fill(this.notice, errorCard(turn?.error ?? { code: run.stop_reason, message: "Nothing came of it." }, [again, { label: "Details", run: () => this.#attempts() }]));
        else if (run.result?.points?.length === 0 && !isRunning) fill(this.notice, h("p.muted.small", { text: "No list of points could be read out of this." }));
        else if (this.#plan.left_out?.length) fill(this.notice, h("p.muted.small", { text: `Left out, since there was no answer: ${listed(this.#plan.left_out.map((/** @type {number} */ seat) => this.block.nameOf(seat)))}.` }));
        else this.notice.replaceChildren();
    }

    #attempts() {
        showAttempts(this.feed.run.seats[0]?.attempts ?? []);
    }

    /** Has the answer written by the points that were picked. @param {string[]} picks */
    async #write(picks) {
        const plan = this.#plan;
        const view = await startSynthesis(this.block.runId, {
            mode: "checklist", picks, model: this.feed.run.seats[0].model,
            seats: plan.sources.map((/** @type {any} */ source) => source.seat),
            ...(plan.instructions ? { instructions: plan.instructions } : {}),
        });
        if (view) this.block.addSynthesis(view);
    }

    #menu() {
        const text = this.turn?.text ?? "";
        openMenu(this.menu, [
            { label: "Copy as Markdown", icon: "copy", run: () => void copy(text) },
            { label: "Copy as plain text", icon: "copy", run: () => void copy(plainText(text)) },
            ...(this.isRunning ? [] : [{ label: "Write it again", icon: /** @type {const} */ ("retry"), run: () => void tell(this, "seats/0/retry") }]),
            { label: "Attempts and cost", icon: "info", run: () => this.#attempts() },
        ]);
    }
}
