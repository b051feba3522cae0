// What the next message will cost, asked of the server when the writer pauses.
import * as api from "../../core/api.js";

/** A change is priced when there was none for so long. */
const DELAY_MS = 450;

export class Estimator {
    #abort = new AbortController();
    #timer = 0;

    /** @param {() => any} body what would be sent; null if nothing can be @param {(estimate: any) => void} show */
    constructor(body, show) {
        this.body = body;
        this.show = show;
    }

    /** Something has changed. */
    changed() {
        this.stop();
        if (this.body() === null) return this.show(null);
        this.#timer = setTimeout(() => this.#ask(), DELAY_MS);
    }

    stop() {
        clearTimeout(this.#timer);
        this.#abort.abort();
    }

    async #ask() {
        const body = this.body();
        if (body === null) return this.show(null);
        this.#abort = new AbortController();
        try {
            this.show(await api.post("/runs/estimate", body, { signal: this.#abort.signal }));
        } catch (error) {
            if (/** @type {any} */ (error).name !== "AbortError") this.show(null);
        }
    }
}
