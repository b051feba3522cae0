// The conversations that the drawer knows: read page by page, newest first, kept up to date by what changes.
import * as api from "../../core/api.js";

/**
 * @typedef {object} Conversation as the API shows it
 * @property {string} id @property {string|null} title @property {string|null} model @property {boolean} pinned
 * @property {boolean} archived @property {number} created_at @property {number} updated_at
 */

const PAGE = 50;
/** The most that the server gives at once. */
const MOST = 1000;

/** The order of the server: what changed last comes first. @param {Conversation} one @param {Conversation} other */
function order(one, other) {
    return other.updated_at - one.updated_at || (one.id < other.id ? 1 : one.id > other.id ? -1 : 0);
}

/** Event "change": what is to be shown is another. Errors are the caller's. */
export class ConversationList extends EventTarget {
    /** @type {Map<string, Conversation>} */
    #known = new Map();
    /** @type {Conversation[]|null} in order; null when it has to be sorted anew */
    #sorted = null;
    /** @type {Set<string>} those that are about to be deleted, or were */
    #hidden = new Set();
    /** @type {string|null} the last one of the pages read so far */
    #edge = null;
    /** @type {Promise<void>|null} */
    #loading = null;
    /** Counts the lists shown, so that an answer for another list is dropped. */
    #list = 0;

    isArchived = false;
    /** Whether the server has more. */
    hasMore = true;
    /** Whether a first page came. */
    isLoaded = false;

    /** Those to show, in order. @returns {Conversation[]} */
    get shown() {
        this.#sorted ??= [...this.#known.values()].filter((one) => !this.#hidden.has(one.id)).sort(order);
        return this.#sorted;
    }

    /** @param {string} id */
    get(id) {
        return this.#known.get(id);
    }

    /** Shows those that are put away, or those that are not. @param {boolean} isArchived */
    async show(isArchived) {
        this.#list += 1;
        Object.assign(this, { isArchived, hasMore: true, isLoaded: false });
        this.#known.clear();
        this.#edge = null;
        this.#loading = null;
        this.#changed();
        await this.more();
    }

    /** Reads the next page; calls while one is read wait for the same. */
    more() {
        if (!this.hasMore) return Promise.resolve();
        this.#loading ??= this.#read().finally(() => (this.#loading = null));
        return this.#loading;
    }

    async #read() {
        const list = this.#list;
        const isFirst = !this.isLoaded;
        const after = this.#edge ? `&after=${this.#edge}` : "";
        const [page, pinned] = await Promise.all([
            this.#page(PAGE, after).catch((error) => this.#restart(error)),
            // Those that are pinned come first, however old they are; a server that cannot filter gives the newest.
            isFirst && !this.isArchived ? api.get(`/conversations?archived=false&pinned=true&limit=${MOST / 10}`) : null,
        ]);
        if (list !== this.#list) return;
        for (const one of [...page.data, ...(pinned?.data.filter((/** @type {Conversation} */ one) => one.pinned) ?? [])]) {
            this.#known.set(one.id, one);
        }
        this.#edge = page.last_id ?? this.#edge;
        this.hasMore = page.has_more;
        this.isLoaded = true;
        this.#changed();
    }

    /** The edge may have been deleted: then the list is read from its beginning. @param {any} error */
    #restart(error) {
        if (error.status !== 404 || !this.#edge) throw error;
        return this.#page(Math.min(MOST, this.#known.size + PAGE), "");
    }

    /** @param {number} limit @param {string} after @returns {Promise<any>} */
    #page(limit, after) {
        return api.get(`/conversations?archived=${this.isArchived}&limit=${limit}${after}`);
    }

    /**
     * Reads the beginning anew: what is new comes in, what is gone goes.
     * @param {boolean} [whole] as far as pages were read, not only the first
     */
    async refresh(whole = false) {
        if (!this.isLoaded) return this.more();
        const list = this.#list;
        const page = await this.#page(Math.min(MOST, whole ? Math.max(PAGE, this.#known.size) : PAGE), "");
        if (list !== this.#list) return;
        const now = new Map(page.data.map((/** @type {Conversation} */ one) => [one.id, one]));
        const last = page.data.at(-1);
        for (const one of [...this.#known.values()]) {
            const isInReach = !page.has_more || (last && order(one, last) <= 0);
            if (isInReach && !now.has(one.id)) this.#known.delete(one.id);
        }
        for (const [id, one] of now) this.#known.set(id, one);
        if (!page.has_more) this.hasMore = false;
        this.#changed();
    }

    /** Takes what another part of the page says of a conversation. @param {any} told */
    take(told) {
        if (!told?.id) return;
        const one = { ...this.#known.get(told.id), ...told };
        // Without times it has no place in the order: it is one that is not known yet, told of in part.
        if (one.updated_at === undefined && !told.deleted) return;
        if (told.deleted || one.archived !== this.isArchived) this.#known.delete(told.id);
        else this.#known.set(told.id, one);
        this.#changed();
    }

    /** Takes one out of sight, or back in. @param {string} id @param {boolean} isHidden */
    hide(id, isHidden) {
        if (isHidden) this.#hidden.add(id);
        else this.#hidden.delete(id);
        this.#changed();
    }

    #changed() {
        this.#sorted = null;
        this.dispatchEvent(new Event("change"));
    }
}
