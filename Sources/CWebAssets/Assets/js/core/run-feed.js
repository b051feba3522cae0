// A run, followed: one reader a run and tab, from any moment, through broken connections and restarts of the server.
import * as api from "./api.js";
import { events } from "./sse.js";

/**
 * @typedef {object} Turn a step of a run, with what it has said so far
 * @property {number} turn
 * @property {number|null} seat null: the judge, the chair, the clerk
 * @property {number} round
 * @property {string} phase answer, revise, opening, rebuttal, check, judge, rank, chair, say, human, summary, clerk, fuse, ...
 * @property {string|null} model null in a blind compare
 * @property {string|null} message
 * @property {string} status queued, in_progress, completed, incomplete, failed, cancelled, interrupted, declined
 * @property {string} text
 * @property {string} reasoning
 * @property {any} usage
 * @property {string|null} cost
 * @property {number|null} ttft_ms
 * @property {number|null} duration_ms
 * @property {any} error
 * @property {number} [attempt]
 * and what its protocol adds: label, side, answer, confidence, changed, ranking ...
 */

const ENDED = new Set(["completed", "incomplete", "failed", "cancelled", "interrupted"]);
/** Whether a status is an end. @param {string} status */
export const isEnded = (status) => ENDED.has(status);

const utf8 = new TextEncoder();
const utf8Text = new TextDecoder();

/** No sign of life for so long means that the connection is dead. */
const SILENCE_MS = 40_000;

/**
 * Events: "change" (turns, seats, status: anything but words), "delta" (detail {turn, kind, text}), "connection".
 * `run` is the API's view of the run; `turns` the turns by their numbers, newer than the view while it goes on.
 */
export class RunFeed extends EventTarget {
    /** @type {Map<string, RunFeed>} */
    static #open = new Map();

    /** The feed of a run; the same for all who ask, until all have closed it. @param {string} id @param {any} [view] the run as the server answered it */
    static open(id, view) {
        let feed = RunFeed.#open.get(id);
        if (!feed) RunFeed.#open.set(id, (feed = new RunFeed(id, view)));
        feed.#users += 1;
        return feed;
    }

    #users = 0;
    #seen = 0;
    #abort = new AbortController();
    /** @type {Map<string, number>} bytes had of each turn and kind */
    #bytes = new Map();
    #isFollowing = false;
    #pendingRefresh = 0;
    #wake = () => {};

    /** @type {any} */
    run = null;
    /** @type {Map<number, Turn>} */
    turns = new Map();
    /** @type {"loading"|"live"|"reconnecting"|"ended"|"failed"} */
    connection = "loading";
    /** @type {any} why the run could not be read */
    error = null;

    /** @param {string} id @param {any} view */
    constructor(id, view) {
        super();
        this.id = id;
        if (view) this.#take(view);
        this.#begin();
    }

    /** Says that one user is done with it. */
    close() {
        this.#users -= 1;
        if (this.#users > 0) return;
        RunFeed.#open.delete(this.id);
        this.#abort.abort();
        this.#wake();
    }

    /** Whether the run still goes on. */
    get isRunning() {
        return this.run !== null && !isEnded(this.run.status);
    }

    /** Reads the run anew; after a command, say, that reopened it. @param {any} [view] as the command answered it */
    async refresh(view) {
        try {
            this.#take(view ?? (await api.get(`/runs/${this.id}`, this.#abort.signal)));
        } catch (error) {
            if (this.run) return;
            throw error;
        }
        if (this.isRunning && !this.#isFollowing) this.#follow();
    }

    /** Sends a command, and takes its answer as the newest state. @param {string} name such as "pause" @param {any} [body] @returns {Promise<any>} */
    async command(name, body = {}) {
        const view = await api.post(`/runs/${this.id}/${name}`, body);
        await this.refresh(view);
        return view;
    }

    async #begin() {
        try {
            if (!this.run) await this.refresh();
            else if (this.isRunning) this.#follow();
            if (!this.isRunning && !this.#isFollowing) this.#connection("ended");
        } catch (error) {
            if (/** @type {any} */ (error).name === "AbortError") return;
            this.error = error;
            this.#connection("failed");
        }
    }

    /** @param {any} view */
    #take(view) {
        // A copy: what is heard later is written into it.
        this.run = { ...view };
        for (const told of view.turns) {
            const known = this.turns.get(told.turn);
            const isEnd = isEnded(told.status) || told.status === "declined";
            const turn = { reasoning: "", ...known, ...told };
            // What was heard live is newer than a view of a turn under way.
            if (known && !isEnd && known.text.length > told.text.length) turn.text = known.text;
            if (isEnd) {
                const message = view.seats.find((/** @type {any} */ seat) => seat.message?.id === told.message)?.message;
                const thought = message?.content.filter((/** @type {any} */ part) => part.type === "reasoning");
                if (thought?.length) turn.reasoning = thought.map((/** @type {any} */ part) => part.text ?? "").join("");
            }
            this.turns.set(told.turn, turn);
            this.#bytes.set(`${told.turn}.text`, utf8.encode(turn.text).length);
            this.#bytes.set(`${told.turn}.reasoning`, utf8.encode(turn.reasoning).length);
        }
        this.#changed();
    }

    #changed() {
        this.dispatchEvent(new Event("change"));
    }

    /** @param {RunFeed["connection"]} state */
    #connection(state) {
        if (this.connection === state) return;
        this.connection = state;
        this.dispatchEvent(new Event("connection"));
    }

    /** Reads events until the run has ended, over as many connections as that takes. */
    async #follow() {
        this.#isFollowing = true;
        const stop = this.#abort.signal;
        for (let failures = 0; !stop.aborted && this.isRunning; ) {
            try {
                const isOver = await this.#connect(() => {
                    failures = 0;
                    this.#connection("live");
                });
                if (isOver) break;
            } catch (error) {
                if (stop.aborted) break;
                const status = /** @type {any} */ (error).status;
                if (status === 404) {
                    this.error = error;
                    this.#isFollowing = false;
                    return this.#connection("failed");
                }
            }
            if (stop.aborted) break;
            // The server may have been restarted: then the run ended without telling, or goes on.
            await this.refresh().catch(() => {});
            if (!this.isRunning) break;
            if (failures > 0) this.#connection("reconnecting");
            await this.#pause(failures);
            failures += 1;
        }
        this.#isFollowing = false;
        if (stop.aborted) return;
        await this.refresh().catch(() => {});
        if (!this.isRunning) this.#connection("ended");
    }

    /** Waits before the next try, less if the network or the person comes back. @param {number} failures */
    #pause(failures) {
        const ms = Math.min(8000, 250 * 2 ** Math.min(failures, 6)) * (0.75 + Math.random() / 2);
        return new Promise((resolve) => {
            const done = () => {
                clearTimeout(timer);
                removeEventListener("online", done);
                document.removeEventListener("visibilitychange", done);
                resolve(null);
            };
            const timer = setTimeout(done, ms);
            this.#wake = done;
            addEventListener("online", done);
            document.addEventListener("visibilitychange", done);
        });
    }

    /** One connection. @param {() => void} onlive @returns {Promise<boolean>} whether the run's end was told */
    async #connect(onlive) {
        const quit = new AbortController();
        const stop = AbortSignal.any([this.#abort.signal, quit.signal]);
        let timer = setTimeout(() => quit.abort(), SILENCE_MS);
        try {
            const response = await api.send("GET", `/runs/${this.id}/events?after=${this.#seen}`, { signal: stop });
            onlive();
            for await (const batch of events(response)) {
                clearTimeout(timer);
                timer = setTimeout(() => quit.abort(), SILENCE_MS);
                for (const event of batch) {
                    if (event && this.#event(JSON.parse(event.data))) return true;
                }
            }
            return false;
        } finally {
            clearTimeout(timer);
            quit.abort();
        }
    }

    /** @param {any} event @returns {boolean} whether it is the run's end */
    #event(event) {
        // A snapshot's number is above all others; the run may be reopened, and then count on from where it was.
        if (event.seq < 1_000_000_000) this.#seen = Math.max(this.#seen, event.seq);
        switch (event.type) {
            case "seat.delta":
                this.#delta(event);
                return false;
            case "snapshot":
                for (const told of event.turns) this.#turn(told);
                break;
            case "seat.started":
                this.#turn({ ...event, status: "in_progress", error: null });
                break;
            case "seat.retried":
                this.#turn({ ...event, status: "in_progress" });
                break;
            case "seat.completed":
            case "seat.failed":
                this.#turn(event);
                this.#refreshSoon();
                break;
            case "cost":
                Object.assign(this.run, { cost: event.cost, usage: event.usage });
                break;
            case "run.paused":
                Object.assign(this.run, { paused: true, pause_reason: event.reason ?? null });
                break;
            case "run.resumed":
                Object.assign(this.run, { paused: false, status: "in_progress" });
                break;
            case "run.completed":
                // If the run was reopened after this end, the view that is read next says so, and the following goes on.
                return this.#end(event);
            case "human":
                this.#turn({ status: "completed", phase: "human", ...event, seat: null });
                this.#refreshSoon();
                break;
            case "seat.added":
                this.#refreshSoon();
                break;
        }
        this.#changed();
        return false;
    }

    /** @param {any} event */
    #end(event) {
        Object.assign(this.run, { status: event.status, stop_reason: event.stop_reason, result: event.result, paused: false });
        this.#changed();
        return true;
    }

    /** @param {any} told */
    #turn(told) {
        if (told.turn === undefined || told.turn === null) return;
        const { type: _type, seq: _seq, run: _run, ...facts } = told;
        const known = this.turns.get(told.turn);
        this.turns.set(told.turn, {
            ...{ seat: null, round: 0, phase: "answer", model: null, message: null, status: "in_progress", text: "", reasoning: "" },
            ...{ usage: null, cost: null, ttft_ms: null, duration_ms: null, error: null },
            ...known,
            ...facts,
        });
        for (const kind of ["text", "reasoning"]) {
            if (typeof told[kind] === "string") this.#bytes.set(`${told.turn}.${kind}`, utf8.encode(told[kind]).length);
        }
    }

    /** Adds words, leaving out what is there already. @param {any} event */
    #delta(event) {
        if (event.kind !== "text" && event.kind !== "reasoning") return;
        let turn = this.turns.get(event.turn);
        if (!turn) {
            this.#turn({ turn: event.turn, seat: event.seat ?? null });
            turn = /** @type {Turn} */ (this.turns.get(event.turn));
        }
        const name = `${event.turn}.${event.kind}`;
        const had = this.#bytes.get(name) ?? 0;
        if (event.offset > had) return void this.#gap();
        let text = event.text;
        if (event.offset < had) {
            const bytes = utf8.encode(text);
            if (event.offset + bytes.length <= had) return;
            text = utf8Text.decode(bytes.subarray(had - event.offset));
        }
        this.#bytes.set(name, had + utf8.encode(text).length);
        turn[/** @type {"text"|"reasoning"} */ (event.kind)] += text;
        this.dispatchEvent(new CustomEvent("delta", { detail: { turn, kind: event.kind, text } }));
    }

    /** Something is missing: the view has it. */
    #gap() {
        this.#refreshSoon();
    }

    /** Reads the view once for several events. */
    #refreshSoon() {
        if (this.#pendingRefresh) return;
        this.#pendingRefresh = setTimeout(() => {
            this.#pendingRefresh = 0;
            if (!this.#abort.signal.aborted) this.refresh().catch(() => {});
        }, 150);
    }
}
