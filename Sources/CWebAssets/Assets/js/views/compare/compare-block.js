// A compare run: its seats side by side, one at a time, or one below the other; the verdict; what was put together of them.
import { announce } from "../../core/announce.js";
import { fill, h, icon, newId, reconcile } from "../../core/dom.js";
import { command } from "../../core/keys.js";
import { errorCard } from "../../parts/error-card.js";
import { RunBlock } from "../../parts/run-block.js";
import { textOf } from "../thread/tree.js";
import { SyncedScroll } from "./column-scroll.js";
import { CompareBar } from "./compare-bar.js";
import { openFuseDialog } from "./fuse-dialog.js";
import { tell } from "./seat-actions.js";
import { SeatCard } from "./seat-card.js";
import { Announcer, letterOf, seatViews } from "./seat-state.js";
import { columns, isSynced, rememberLayout, rememberRemoved, rememberSynced, removedSeats, SeatLayout } from "./seat-layout.js";
import { SeatTabs } from "./seat-tabs.js";
import { SynthesisCard } from "./synthesis-card.js";
import { VoteBar } from "./vote-bar.js";

/** @typedef {import("./seat-state.js").SeatView} SeatView */
/** @typedef {import("./seat-layout.js").Layout} Layout */

export class CompareBlock extends RunBlock {
    /** @type {Map<number, SeatCard>} */
    #cards = new Map();
    /** @type {Map<string, SynthesisCard>} */
    #syntheses = new Map();
    /** @type {any[]} views of those begun here, which the thread may not know yet */
    #begun = [];
    /** @type {Set<number>} turns that had begun before this page looked */
    #foundTurns = new Set();
    #announcer = new Announcer();
    #frame = 0;
    #isStale = false;
    /** @type {(() => void)[]} */
    #works = [];
    #wasRunning = false;
    /** @type {Layout|""} */
    #shownLayout = "";

    /** Begins the ids of this block's elements. */
    prefix = newId("compare");
    /** @type {SeatView[]} those that are shown */
    seats = [];
    /** @type {SeatView[]} */
    allSeats = [];

    get thread() {
        return this.exchange?.thread;
    }

    get runId() {
        return this.exchange.runId;
    }

    get isSynced() {
        return this.synced.isOn;
    }

    /** Whether the conversation, as it is shown, goes through a message. @param {string|null|undefined} message */
    isOnPath(message) {
        if (!message) return false;
        const leaf = this.thread?.conversation?.leaf ?? null;
        return message === leaf || (this.thread?.tree?.path(leaf).some((/** @type {any} */ item) => item.id === message) ?? false);
    }

    /** Whether this page has seen a turn begin. @param {number} turn */
    hasWitnessed(turn) {
        return !this.#foundTurns.has(turn);
    }

    /** What was asked. */
    get question() {
        return this.exchange.user ? textOf(this.exchange.user) : "";
    }

    begin() {
        if (!this.feed) this.#open();
        this.#stale();
    }

    #open() {
        this.#build();
        const signal = this.follow({ change: () => this.#stale(), delta: (delta) => this.#delta(delta), connection: () => this.#stale() });
        const isLast = () => this.thread?.isLast(this.runId) ?? false;
        command(`${this.prefix}-fuse`, { name: "Put answers together", keys: "", run: () => this.putTogether(), isAvailable: () => isLast() && this.#wholeCount > 1 }, signal);
        this.sizes = new SeatLayout(this, (isOther) => {
            if (isOther) this.#stale();
            this.plan(() => this.tabs?.resized());
        }, signal);
        // What is known is shown at once, so that nothing below it jumps.
        if (this.feed?.run) this.show();
    }

    end() {
        super.end();
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        this.#works = [];
        for (const card of [...this.#cards.values(), ...this.#syntheses.values()]) card.close();
        this.#cards.clear();
        this.#syntheses.clear();
        this.#begun = [];
        this.tabs?.close();
        this.#announcer = new Announcer();
        this.#wasRunning = false;
        this.#shownLayout = "";
        this.replaceChildren();
    }

    #build() {
        this.synced = new SyncedScroll(() => [...this.#cards.values()].map((card) => card.column));
        this.synced.isOn = isSynced();
        this.bar = new CompareBar(this);
        this.vote = new VoteBar(this);
        this.line = h("p.compare-line.muted.small", { role: "status", hidden: true });
        this.note = h("div.compare-note", { hidden: true });
        this.track = h("div.compare-track");
        this.tabs = new SeatTabs(this, this.track);
        this.below = h("div.compare-below");
        this.seatsPlace = h("div.compare-seats", {}, h("h2.visually-hidden", { text: "Answers side by side" }), this.bar.element, this.line, this.note, this.tabs.element, this.track, this.vote.element);
        this.replaceChildren(this.seatsPlace, this.below);
    }

    // Once a frame.

    /** Does some work with the next frame. @param {() => void} work */
    plan(work) {
        this.#works.push(work);
        this.#nextFrame();
    }

    #stale() {
        this.#isStale = true;
        this.#nextFrame();
    }

    #nextFrame() {
        if (!this.feed) return;
        this.#frame ||= requestAnimationFrame(() => {
            this.#frame = 0;
            if (this.#isStale) this.show();
            else for (const card of this.#cards.values()) card.flush();
            const works = this.#works;
            this.#works = [];
            for (const work of works) work();
        });
    }

    /** @param {{turn: import("../../core/run-feed.js").Turn, kind: "text"|"reasoning", text: string}} delta */
    #delta({ turn, kind, text }) {
        const card = turn.seat === null ? undefined : this.#cards.get(turn.seat);
        const state = card?.view?.turn?.turn === turn.turn ? card.view.state : null;
        card?.delta(kind, text, turn.turn);
        // The first words are more than words: the seat does something else now. Thoughts are shown by the card itself.
        const isSame = state === "streaming" || (state === "thinking" && kind === "reasoning");
        if (isSame) this.#nextFrame();
        else this.#stale();
    }

    /** Brings everything up to date. */
    show() {
        this.#isStale = false;
        const { feed } = this;
        this.#showConnection();
        if (!feed.run) return;
        if (this.allSeats.length === 0 && !this.exchange.view) this.#foundTurns = new Set(feed.turns.keys());
        this.allSeats = seatViews(feed.run, feed.turns);
        const hidden = new Set(removedSeats(this.runId));
        this.seats = this.allSeats.filter((view) => !hidden.has(view.seat));
        const layout = this.sizes.of(this.seats.length);
        const isNew = layout !== this.#shownLayout;
        this.#shownLayout = layout;
        this.seatsPlace.dataset.layout = layout;
        this.style.setProperty("--columns", String(columns(this.seats.length, this.sizes.room)));
        this.#showCards();
        this.tabs.update(this.seats, layout === "tabs", (seat) => this.#cards.get(seat));
        this.bar.update(this.seats, { layout, isNarrow: this.sizes.isNarrow, hiddenCount: this.allSeats.length - this.seats.length });
        this.vote.update(this.seats, feed.run.preference, this.#mayVote);
        this.#showNote();
        this.#showSyntheses();
        this.#tellEnds();
        if (isNew) this.plan(() => this.tabs.resized());
    }

    get #wholeCount() {
        return this.seats.filter((view) => view.message).length;
    }

    get #mayVote() {
        // Of one answer there is nothing to say but in a blind compare, where saying it shows the names.
        const { settings, preference } = this.feed.run;
        return !this.isRunning && this.allSeats.length > 1 && (this.#wholeCount > 1 || Boolean(preference) || Boolean(settings?.blind));
    }

    #showCards() {
        const { preference } = this.feed.run;
        const mayPrefer = this.#mayVote;
        for (const [seat, card] of this.#cards) {
            if (this.seats.some((view) => view.seat === seat)) continue;
            card.close();
            this.#cards.delete(seat);
        }
        reconcile(
            this.track, this.seats, (view) => String(view.seat),
            (view) => {
                const card = new SeatCard(this, view.seat);
                this.#cards.set(view.seat, card);
                this.synced.add(card.column);
                return card.element;
            },
            (_element, view) => /** @type {SeatCard} */ (this.#cards.get(view.seat)).update(view, {
                isWinner: preference?.kind === "prefer" && preference.seat === view.seat,
                mayPrefer, hasVote: Boolean(preference), isOnPath: this.isOnPath(view.message),
            }),
        );
    }

    #showConnection() {
        const { connection, error } = this.feed;
        this.line.hidden = connection !== "reconnecting" && !(connection === "loading" && !this.feed.run);
        if (!this.line.hidden) this.line.textContent = connection === "loading" ? "Reading the answers…" : "Connection lost, trying again. Nothing is lost.";
        if (connection !== "failed") return;
        this.note.hidden = false;
        fill(this.note, errorCard(error, [{ label: "Try again", run: () => {
            this.end();
            this.begin();
        } }]));
    }

    #showNote() {
        const isInterrupted = this.feed.run.status === "interrupted";
        if (this.feed.connection === "failed") return;
        this.note.hidden = !isInterrupted;
        if (!isInterrupted || this.note.childElementCount) return void (isInterrupted || this.note.replaceChildren());
        fill(this.note, h("div.compare-interrupted", {}, icon("warning"), h("p", { text: "The server stopped in the middle. What had come is kept." }),
            h("button", { type: "button", onclick: () => void tell(this, "resume") }, icon("play"), "Resume")));
    }

    #showSyntheses() {
        const given = this.exchange.syntheses ?? [];
        const known = new Set(given.map((/** @type {any} */ run) => run.id));
        const runs = [...given, ...this.#begun.filter((run) => !known.has(run.id))].sort((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1));
        for (const [id, card] of this.#syntheses) {
            if (runs.some((run) => run.id === id)) continue;
            card.close();
            this.#syntheses.delete(id);
        }
        reconcile(
            this.below, runs, (run) => run.id,
            (run) => {
                const card = new SynthesisCard(this, run.id, run.turns ? run : undefined);
                this.#syntheses.set(run.id, card);
                return card.element;
            },
            (_element, run) => this.#syntheses.get(run.id)?.plan(),
        );
    }

    #tellEnds() {
        const words = this.#announcer.look(this.seats);
        if (words) announce(words);
        const { isRunning } = this;
        if (this.#wasRunning && !isRunning) (this.thread?.ended ? this.thread.ended() : this.thread?.reload());
        this.#wasRunning = isRunning;
    }

    // What the parts ask for.

    /** What a seat is called, also one that is not shown. @param {number|null} seat */
    nameOf(seat) {
        return this.allSeats.find((view) => view.seat === seat)?.name ?? (seat === null || seat === undefined ? "" : `Answer ${letterOf(seat)}`);
    }

    /** @param {string|null|undefined} message */
    continueFrom(message) {
        if (message) this.thread?.continueFrom(message);
    }

    /** Keeps a verdict. @param {any} body as `prefer` takes it */
    async prefer(body) {
        const view = await tell(this, "prefer", body);
        if (!view) return null;
        this.show();
        const { preference } = view;
        announce(preference.kind === "prefer" ? `You prefer ${this.nameOf(preference.seat)}` : preference.kind === "tie" ? "A tie" : "None of them is good");
        this.thread?.reload();
        return view;
    }

    putTogether() {
        openFuseDialog({ runId: this.runId, views: this.seats, onstart: (view) => this.addSynthesis(view) });
    }

    /** @param {any} view of a run that was just begun */
    addSynthesis(view) {
        this.#begun.push(view);
        this.show();
        const card = this.#syntheses.get(view.id);
        card?.update();
        card?.element.scrollIntoView({ block: "nearest" });
        this.thread?.reload();
    }

    /** @param {Layout} layout */
    setLayout(layout) {
        rememberLayout(layout);
        this.#everywhere();
    }

    /** @param {boolean} isOn */
    setSynced(isOn) {
        rememberSynced(isOn);
        this.#everywhere();
    }

    /** Choices of layout hold for all compares of the page. */
    #everywhere() {
        for (const block of document.querySelectorAll("compare-block")) {
            const other = /** @type {CompareBlock} */ (block);
            if (!other.synced) continue;
            other.synced.isOn = isSynced();
            other.show();
        }
    }

    /** @param {boolean} isExpanded */
    expandAll(isExpanded) {
        for (const card of this.#cards.values()) card.expand(isExpanded);
    }

    /** Takes a seat out of sight, or shows it again. @param {number} seat @param {boolean} isHidden */
    hide(seat, isHidden) {
        const others = removedSeats(this.runId).filter((one) => one !== seat);
        rememberRemoved(this.runId, isHidden ? [...others, seat] : others);
        this.show();
    }

    showHidden() {
        rememberRemoved(this.runId, []);
        this.show();
    }
}

customElements.define("compare-block", CompareBlock);
