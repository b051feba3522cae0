// Conversations under the names of their days.
import { dateGroup } from "../../core/format.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */
/** @typedef {{name: string, items: Conversation[]}} Group */

/** What a day is called is found out once, not for each of its conversations. */
export class DateGroups {
    /** @type {Map<number, string>} */
    #names = new Map();
    #midnight = 0;

    /** @param {Conversation[]} conversations newest first @param {boolean} hasPinned whether those that are pinned have a group @returns {Group[]} */
    of(conversations, hasPinned) {
        const midnight = new Date().setHours(0, 0, 0, 0) / 1000;
        if (midnight !== this.#midnight) this.#names.clear();
        this.#midnight = midnight;
        /** @type {Map<string, Conversation[]>} */
        const groups = new Map([["Pinned", []]]);
        for (const one of conversations) {
            const name = hasPinned && one.pinned ? "Pinned" : this.#name(one.updated_at);
            const group = groups.get(name);
            if (group) group.push(one);
            else groups.set(name, [one]);
        }
        return [...groups].map(([name, items]) => ({ name, items })).filter((group) => group.items.length);
    }

    /** @param {number} seconds */
    #name(seconds) {
        const day = Math.floor((seconds - this.#midnight) / 86_400);
        let name = this.#names.get(day);
        if (!name) this.#names.set(day, (name = dateGroup(seconds)));
        return name;
    }
}
