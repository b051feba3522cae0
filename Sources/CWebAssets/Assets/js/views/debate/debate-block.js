// A debate, live or kept: its head, what was said in the form of its protocol, what it came to, and a way to take part.
import { announce } from "../../core/announce.js";
import { fill, h, icon } from "../../core/dom.js";
import { isEnded, RunFeed } from "../../core/run-feed.js";
import { errorCard } from "../../parts/error-card.js";
import { RunBlock } from "../../parts/run-block.js";
import { Commands } from "./commands.js";
import { CouncilBody } from "./council-body.js";
import { DebateHeader } from "./debate-header.js";
import { saveMarkdown } from "./export-markdown.js";
import { isOver, seatName, turnsOf } from "./facts.js";
import { FusionBody } from "./fusion-body.js";
import { GridBody } from "./grid-body.js";
import { Outcome } from "./outcome.js";
import { ThreadBody } from "./thread-body.js";
import { pauseReason, protocolName, statusWord, stopReason } from "./words.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */
/** @typedef {{turnActions: (turn: Turn) => {label: string, run: () => void}[]}} Context what the bodies ask of the block */

const BODIES = /** @type {Record<string, typeof ThreadBody | typeof GridBody | typeof CouncilBody | typeof FusionBody>} */ ({
    sides: ThreadBody, talk: ThreadBody, vote: GridBody, revise: GridBody, council: CouncilBody, fusion: FusionBody,
});

class DebateBlock extends RunBlock {
    #frame = 0;
    /** @type {boolean|null} whether it went on when it was last looked at */
    #wasRunning = null;
    /** @type {Set<string>} boundaries that were told to assistive technology */
    #told = new Set();

    end() {
        super.end();
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
    }

    begin() {
        if (this.feed || !this.exchange.runId) return;
        this.#wasRunning = null;
        const signal = this.follow({
            change: () => this.#soon(),
            delta: ({ turn, kind, text }) => this.body?.append(turn, kind, text),
            connection: () => this.#soon(),
        });
        this.#build(/** @type {RunFeed} */ (this.feed));
        document.addEventListener("visibilitychange", () => this.#soon(), { signal });
        this.#show();
    }

    /** @param {RunFeed} feed */
    #build(feed) {
        this.body = null;
        this.commands = new Commands(feed, () => this.#soon());
        const exportMarkdown = () => void saveMarkdown(feed.run, turnsOf(feed), this.exchange.user);
        const { thread } = this.exchange;
        this.head = new DebateHeader(this.commands, { exportMarkdown });
        this.outcome = new Outcome(this.commands, { exportMarkdown, continueFrom: thread?.continueFrom ? (message) => thread.continueFrom(message) : null });
        this.place = h("div.debate-body");
        this.waiting = h("div.debate-pause", { hidden: true, role: "group", "aria-label": "The debate waits" });
        this.interject = this.#interjectBox();
        this.loading = h("div.debate-loading", {}, h("div.skeleton"), h("div.skeleton"), h("div.skeleton"));
        this.section = h("section.debate", {}, this.loading);
        this.replaceChildren(this.section);
    }

    /** Shows the newest state with the next frame; at once where no frames come. */
    #soon() {
        if (document.hidden) return this.#show();
        this.#frame ||= requestAnimationFrame(() => this.#show());
    }

    #show() {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        const feed = this.feed;
        if (!feed) return;
        if (!feed.run) {
            if (feed.connection === "failed") fill(this.section, errorCard(feed.error, [{ label: "Try again", run: () => this.#again() }]));
            return;
        }
        const { run } = feed;
        const turns = turnsOf(feed);
        if (!this.body) this.#makeBody(run);
        this.section.dataset.state = isEnded(run.status) ? "ended" : run.paused ? "paused" : "running";
        this.place.setAttribute("aria-busy", String(feed.isRunning && !run.paused));
        this.head.update(run, turns, feed.connection);
        this.body.update(run, turns);
        this.#pause(run, turns);
        this.#showInterject(run);
        this.outcome.update(run, turns);
        this.#boundaries(run, turns);
    }

    /** @param {any} run */
    #makeBody(run) {
        const Body = BODIES[run.settings.protocol] ?? ThreadBody;
        this.section.dataset.protocol = run.settings.protocol;
        this.section.setAttribute("aria-label", `Debate: ${protocolName(run.settings.protocol)}`);
        this.body = new Body(this.place, { turnActions: (turn) => this.#turnActions(turn) });
        fill(this.section, this.head.element, this.place, this.waiting, this.interject, this.outcome.element);
    }

    /** The run could not be read: once more. */
    #again() {
        this.end();
        this.begin();
    }

    /** What can be done about a seat's last turn if it failed. @param {Turn} turn */
    #turnActions(turn) {
        const feed = this.feed;
        const { seat } = turn;
        if (!feed || seat === null || !["failed", "cancelled", "interrupted"].includes(turn.status)) return [];
        const isLast = turnsOf(feed).filter((other) => other.seat === seat).at(-1)?.turn === turn.turn;
        // While it waits for the person the choices stand below, with more of them.
        if (!isLast || feed.run.status === "interrupted" || (feed.run.paused && pauseReason(feed.run) === "seat_failed")) return [];
        return [{ label: "Try again", run: () => this.commands.retry(seat) }, { label: "Replace model", run: () => this.commands.replace(seat) }];
    }

    // A seat was lost, and the debate waits.

    /** @param {any} run @param {Turn[]} turns */
    #pause(run, turns) {
        const isLost = run.paused && !isEnded(run.status) && pauseReason(run) === "seat_failed";
        const lost = isLost ? turns.filter((turn) => turn.seat !== null).at(-1) : null;
        const state = lost ? `${lost.turn}|${this.commands.isBusy}` : "";
        if (this.pauseState === state) return;
        this.pauseState = state;
        this.waiting.hidden = !lost;
        if (!lost) return;
        const seat = /** @type {number} */ (lost.seat);
        const { commands } = this;
        const button = (/** @type {string} */ text, /** @type {() => any} */ onclick, kind = "") => h(`button${kind}`, { type: "button", disabled: commands.isBusy, text, onclick });
        const others = run.seats.length - (run.settings.cancelled_seats?.length ?? 0) - 1;
        fill(
            this.waiting,
            icon("warning"),
            h("div.grow", {}, h("strong", { text: `${seatName(run, seat)} was lost` }), h("p.small", { text: "The debate waits for you: somebody else may take the seat, or it ends with what there is." })),
            h("div.row", {},
                button("Replace model", () => commands.replace(seat), ".primary"),
                button("Try again", () => commands.retry(seat)),
                run.settings.protocol === "sides" && others > 1 ? button("Go on without it", () => commands.goOnWithout(seat)) : null,
                button("Conclude now", commands.conclude)),
        );
    }

    // A word of one's own.

    #interjectBox() {
        const field = h("textarea", { rows: "1", dir: "auto", "aria-label": "Say something to the debate", placeholder: "Put a question or an objection to all" });
        const send = async () => {
            const text = field.value.trim();
            if (!text) return field.focus();
            if (!(await this.commands.say(text))) return;
            field.value = "";
            field.focus();
        };
        field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
        });
        const submit = (/** @type {Event} */ event) => (event.preventDefault(), void send());
        return h("form.interject", { hidden: true, onsubmit: submit }, field, h("button", { type: "submit" }, "Say it"));
    }

    /** @param {any} run */
    #showInterject(run) {
        const isHeard = !isEnded(run.status) && (run.settings.protocol === "sides" || run.settings.protocol === "talk") && !run.settings.concluding;
        // Words that were being written when it ended stay until they are gone.
        const field = this.interject.firstElementChild;
        this.interject.hidden = !isHeard && !field.value;
        this.interject.lastElementChild.disabled = !isHeard;
    }

    // Boundaries, told once.

    /** @param {any} run @param {Turn[]} turns */
    #boundaries(run, turns) {
        const { isRunning } = /** @type {RunFeed} */ (this.feed);
        const isFirst = this.#wasRunning === null;
        const tell = (/** @type {string} */ key, /** @type {string} */ text) => {
            if (this.#told.has(key)) return;
            this.#told.add(key);
            if (!isFirst) announce(text);
        };
        for (const turn of turns) {
            if (turn.seat === null && !isOver(turn) && turn.phase === "judge") tell(`judge-${turn.turn}`, "The judge is reading");
            if (turn.phase === "human") tell(`human-${turn.turn}`, "Your word was heard");
        }
        if (this.#wasRunning && !isRunning) {
            announce(`Debate ${statusWord(run.status).toLowerCase()}. ${stopReason(run.stop_reason, run.settings.protocol)}`);
            const { thread } = this.exchange;
            if (thread?.ended) thread.ended();
            else thread?.reload?.();
        }
        this.#wasRunning = isRunning;
    }
}

customElements.define("debate-block", DebateBlock);
