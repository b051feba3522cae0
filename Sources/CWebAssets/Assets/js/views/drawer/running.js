// Which conversations are being answered. The server is asked only while somebody looks and something goes on.
import * as api from "../../core/api.js";
import { isEnded } from "../../core/run-feed.js";

const EVERY_MS = 5000;
/** For so long after something was done here, a run may have begun that is not known yet. */
const ALERT_MS = 12_000;

/** Events: "change"; "ended" (detail: the ids of conversations whose runs have ended). */
export class RunningRuns extends EventTarget {
    /** @type {Set<string>} */
    #conversations = new Set();
    #timer = 0;
    #alertUntil = 0;
    #isAsking = false;

    /** @param {AbortSignal} signal */
    constructor(signal) {
        super();
        document.addEventListener("visibilitychange", () => this.look(), { signal });
        signal.addEventListener("abort", () => clearTimeout(this.#timer));
    }

    /** Whether a conversation is being answered. @param {string} id */
    has(id) {
        return this.#conversations.has(id);
    }

    /** Something was begun here: looks soon, and for a while. */
    expect() {
        this.#alertUntil = Date.now() + ALERT_MS;
        this.#again(400);
    }

    /** Looks once, and goes on as long as something runs. */
    async look() {
        clearTimeout(this.#timer);
        if (document.hidden || this.#isAsking) return;
        this.#isAsking = true;
        try {
            const { data } = await api.get("/runs?limit=20");
            this.#take(data);
        } catch {
            // The list of conversations says that the server is away.
        } finally {
            this.#isAsking = false;
        }
        if (this.#conversations.size || Date.now() < this.#alertUntil) this.#again(EVERY_MS);
    }

    /** @param {number} ms */
    #again(ms) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.look(), ms);
    }

    /** @param {any[]} runs */
    #take(runs) {
        const now = new Set(runs.filter((run) => !isEnded(run.status)).map((run) => run.conversation));
        const ended = [...this.#conversations].filter((id) => !now.has(id));
        const isSame = ended.length === 0 && now.size === this.#conversations.size;
        this.#conversations = now;
        if (isSame) return;
        this.dispatchEvent(new Event("change"));
        if (ended.length) this.dispatchEvent(new CustomEvent("ended", { detail: ended }));
    }
}
