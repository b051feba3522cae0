// A conversation's messages as a tree, and the path that is shown: pure, tested without a browser.

/** @typedef {any} Item a message as the API shows it */
/** @typedef {any} RunSummary a run as the list of runs shows it */
/**
 * @typedef {object} Alternative one answer to a message: a run, or a message that no run made
 * @property {string} key @property {RunSummary|null} run @property {Item|null} message
 */
/**
 * @typedef {object} Exchange a message of a person, and what came of it
 * @property {Item} user
 * @property {Item[]} siblings the versions of the message, itself among them, oldest first
 * @property {Alternative[]} alternatives the answers to it, oldest first
 * @property {Alternative|null} chosen the one that the path goes through
 * @property {RunSummary[]} syntheses
 */

const isPrompt = (/** @type {Item} */ item) => item.role === "user" && !item.run;

/** The tree of some items, however few of them are known. */
export class Tree {
    /** @type {Map<string, Item>} */
    items = new Map();
    /** @type {Map<string|null, Item[]>} */
    #children = new Map();
    /** @type {Map<string, RunSummary[]>} by the message that they answer */
    #runs = new Map();

    /** @param {Item[]} items @param {RunSummary[]} runs */
    constructor(items, runs) {
        for (const item of [...items].sort(byAge)) {
            if (this.items.has(item.id)) continue;
            this.items.set(item.id, item);
            push(this.#children, item.parent, item);
        }
        for (const run of [...runs].sort(byAge)) push(this.#runs, run.input_message, run);
    }

    /** The messages from the first known one to a leaf. @param {string|null} leaf @returns {Item[]} */
    path(leaf) {
        const path = [];
        for (let item = leaf ? this.items.get(leaf) : undefined; item; item = this.items.get(item.parent)) path.push(item);
        return path.reverse();
    }

    /** The newest message below one. @param {string} id @returns {string} */
    leafBelow(id) {
        for (let next = id; ; ) {
            const last = this.#children.get(next)?.at(-1);
            if (!last) return next;
            next = last.id;
        }
    }

    /** What the path to a leaf consists of. Messages before the first prompt (instructions) stand alone. @param {string|null} leaf @returns {{head: Item[], exchanges: Exchange[]}} */
    exchanges(leaf) {
        const path = this.path(leaf);
        /** @type {Item[]} */
        const head = [];
        /** @type {Exchange[]} */
        const exchanges = [];
        path.forEach((item, index) => {
            if (isPrompt(item)) exchanges.push(this.#exchange(item, path[index + 1] ?? null));
            else if (exchanges.length === 0) head.push(item);
        });
        return { head, exchanges };
    }

    /** @param {Item} user @param {Item|null} next @returns {Exchange} */
    #exchange(user, next) {
        const runs = this.#runs.get(user.id) ?? [];
        const known = new Set(runs.map((run) => run.id));
        const alone = (this.#children.get(user.id) ?? []).filter((item) => !isPrompt(item) && !known.has(item.run));
        /** @type {Alternative[]} */
        const alternatives = [
            ...runs.filter((run) => run.kind !== "synthesis").map((run) => ({ key: run.id, run, message: null, at: run.created_at })),
            ...alone.map((message) => ({ key: message.id, run: null, message, at: message.created_at })),
        ].sort((one, other) => one.at - other.at);
        return {
            user,
            siblings: (this.#children.get(user.parent) ?? []).filter(isPrompt),
            alternatives,
            chosen: this.#chosen(alternatives, runs, next) ?? alternatives.at(-1) ?? null,
            syntheses: runs.filter((run) => run.kind === "synthesis"),
        };
    }

    /** @param {Alternative[]} alternatives @param {RunSummary[]} runs @param {Item|null} next */
    #chosen(alternatives, runs, next) {
        if (!next || isPrompt(next)) return null;
        const found = alternatives.find((one) => (one.run ? one.run.id === next.run : one.key === next.id));
        if (found) return found;
        // What was put together of a compare's answers stands with the compare.
        const source = next.derived_from?.length ? this.items.get(next.derived_from[0])?.run : null;
        return alternatives.find((one) => one.run?.id === source) ?? null;
    }

    /** Where the path goes on if an alternative is chosen. @param {Exchange} exchange @param {Alternative} alternative @returns {string|null} */
    leafOf(exchange, alternative) {
        const children = this.#children.get(exchange.user.id) ?? [];
        const first = children.filter((item) => (alternative.run ? item.run === alternative.run.id : item.id === alternative.key)).at(-1);
        return first ? this.leafBelow(first.id) : null;
    }

    /** Tokens and dollars of all that is known; `cost` is null if that of an answer is not known. */
    totals() {
        let tokens = 0;
        let cost = 0;
        let isKnown = true;
        for (const item of this.items.values()) {
            if (!item.usage) continue;
            tokens += item.usage.total_tokens;
            // A blind compare tells no cost.
            if (item.cost === null || item.cost === undefined) isKnown = false;
            else cost += Number(item.cost);
        }
        return { tokens, cost: isKnown ? cost : null };
    }
}

/** @param {{created_at: number, id: string}} one @param {{created_at: number, id: string}} other */
function byAge(one, other) {
    return one.created_at - other.created_at || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** @template Key, Value @param {Map<Key, Value[]>} map @param {Key} key @param {Value} value */
function push(map, key, value) {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
}

/** The words of a message. @param {Item} item */
export function textOf(item) {
    return item.content
        .filter((/** @type {any} */ part) => ["input_text", "output_text", "text"].includes(part.type))
        .map((/** @type {any} */ part) => part.text)
        .join("\n\n");
}
