// What the blocks of an exchange share: each shows a run, and follows it while it is on the page.
import { RunFeed } from "../core/run-feed.js";

/**
 * @typedef {object} ExchangeView what a block shows
 * @property {string|null} runId null: a message that no run made
 * @property {any} [view] the run as the server answered it, if it was begun here
 * @property {any} message that message
 * @property {any} user what was asked
 * @property {any[]} syntheses summaries of the runs that put its answers together
 * @property {any} thread the conversation, through which a block acts
 */

/** An element that shows a run. Heirs define `begin`, which is called whenever there is something to show, and `end`. */
export class RunBlock extends HTMLElement {
    /** @type {any} */
    #exchange = null;
    #listening = new AbortController();
    /** @type {RunFeed|null} the run, while it is followed */
    feed = null;

    /** @param {ExchangeView} exchange */
    set exchange(exchange) {
        this.#exchange = exchange;
        if (this.isConnected) this.begin();
    }

    get exchange() {
        return this.#exchange;
    }

    /** Whether the run goes on. */
    get isRunning() {
        return this.feed?.isRunning ?? false;
    }

    connectedCallback() {
        if (this.#exchange) this.begin();
    }

    disconnectedCallback() {
        // One that is only moved is back at once, and keeps its feed.
        queueMicrotask(() => !this.isConnected && this.end());
    }

    /**
     * Begins to follow the run.
     * @param {{change: () => void, delta: (delta: {turn: any, kind: string, text: string}) => void, connection: () => void}} listeners
     * @returns {AbortSignal} aborted when it is followed no more
     */
    follow({ change, delta, connection }) {
        this.#listening = new AbortController();
        const { signal } = this.#listening;
        this.feed = RunFeed.open(this.#exchange.runId, this.#exchange.view);
        this.feed.addEventListener("change", change, { signal });
        this.feed.addEventListener("delta", (event) => delta(/** @type {any} */ (event).detail), { signal });
        this.feed.addEventListener("connection", connection, { signal });
        return signal;
    }

    /** Shows the exchange, or what is new of it. */
    begin() {}

    /** Follows the run no more. Heirs put away what they hold besides. */
    end() {
        this.#listening.abort();
        this.feed?.close();
        this.feed = null;
    }
}
