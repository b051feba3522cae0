// Whether the server can be reached, as far as the page has noticed; looks by itself until it is back.
import { announce } from "../../core/announce.js";

const FIRST_MS = 2000;
const MOST_MS = 15_000;
/** While somebody looks, the server is asked now and then whether it is there. */
const HEARTBEAT_MS = 20_000;

/** Event "change". */
class Connection extends EventTarget {
    isOffline = false;
    #timer = 0;
    #wait = FIRST_MS;

    constructor() {
        super();
        addEventListener("online", () => this.#look());
        addEventListener("offline", () => this.lost());
        document.addEventListener("visibilitychange", () => this.#look());
        this.#timer = setTimeout(() => this.#look(), HEARTBEAT_MS);
    }

    /** A request did not reach the server. */
    lost() {
        if (this.isOffline) return;
        this.#wait = FIRST_MS;
        this.#set(true);
        this.#later(this.#wait);
    }

    /** Takes note of an error, if it is of this kind. @param {any} error @returns {boolean} whether it is */
    note(error) {
        if (error?.code !== "offline") return false;
        this.lost();
        return true;
    }

    async #look() {
        clearTimeout(this.#timer);
        if (document.hidden) return;
        const isThere = await fetch("/livez", { cache: "no-store" }).then((response) => response.ok, () => false);
        if (isThere) {
            this.#set(false);
            return this.#later(HEARTBEAT_MS);
        }
        this.#set(true);
        this.#wait = Math.min(MOST_MS, this.#wait * 1.6);
        this.#later(this.#wait);
    }

    /** @param {number} ms */
    #later(ms) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#look(), ms);
    }

    /** @param {boolean} isOffline */
    #set(isOffline) {
        if (this.isOffline === isOffline) return;
        this.isOffline = isOffline;
        announce(isOffline ? "The server cannot be reached." : "The server is back.");
        this.dispatchEvent(new Event("change"));
    }
}

export const connection = new Connection();
