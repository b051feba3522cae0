// What the palette offers: commands, conversations, models to begin a chat with.
import * as api from "../../core/api.js";
import { h, icon } from "../../core/dom.js";
import { available } from "../../core/keys.js";
import { go } from "../../core/router.js";
import { knownModels, recentModels } from "../../core/store.js";
import { modelMark } from "../../parts/model-mark.js";
import { titleOf } from "../drawer/row.js";
import { hitAddress, marked } from "../drawer/search.js";
import { keyCaps } from "./shortcuts.js";

/** @typedef {{id: string, group: string, content: Node[], run: () => void}} Offer */

const MOST = { commands: 40, models: 6, conversations: 8 };

/** Whether each word begins a word of a text. @param {string} text @param {string[]} words lower case */
function hasWords(text, words) {
    const found = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    return words.every((word) => found.some((one) => one.startsWith(word)) || text.toLowerCase().includes(word));
}

const wordsOf = (/** @type {string} */ text) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** @param {(Node|string)[]} first @param {(Node|string)[]|null} [second] */
const words = (first, second) => h("span.palette-words", {}, h("span", { dir: "auto" }, first), second ? h("span.more", { dir: "auto" }, second) : null);

/** @param {string} text @returns {Offer[]} */
export function commandOffers(text) {
    const wanted = wordsOf(text);
    return available()
        .filter((command) => !command.isHidden && command.keys !== "Ctrl+K" && hasWords(command.name, wanted))
        .slice(0, MOST.commands)
        .map((command) => ({
            id: `command-${command.name}`,
            group: "Commands",
            content: [icon("right"), words([command.name]), ...(command.keys ? [keyCaps(command.keys)] : [])],
            run: command.run,
        }));
}

/** @param {string} text @returns {Offer[]} */
export function modelOffers(text) {
    const wanted = wordsOf(text);
    const recent = recentModels();
    const rank = (/** @type {string} */ id) => (recent.indexOf(id) + 1 || Infinity);
    return knownModels()
        .filter((model) => model.available && hasWords(`${model.id} ${model.name}`, wanted))
        .sort((one, other) => rank(one.id) - rank(other.id) || 0)
        .slice(0, MOST.models)
        .map((model) => ({
            id: `model-${model.id}`,
            group: "Start a chat with",
            content: [modelMark(model.id), words([model.name], [model.id])],
            run: () => go(`/?models=${encodeURIComponent(model.id)}`),
        }));
}

/** Those that have the words, or those that changed last. @param {string} text @param {AbortSignal} signal @returns {Promise<Offer[]>} */
export async function conversationOffers(text, signal) {
    const query = text.trim() ? `q=${encodeURIComponent(text.trim())}&` : "archived=false&";
    const { data } = await api.get(`/conversations?${query}limit=${MOST.conversations}`, signal);
    return data.map((/** @type {any} */ one) => {
        const isTitle = !one.snippet?.message || one.snippet.text === one.title;
        return {
            id: `conversation-${one.id}`,
            group: text.trim() ? "Conversations" : "Lately",
            content: [icon("chat"), one.snippet && !isTitle ? words([titleOf(one)], marked(one.snippet)) : words(one.snippet ? marked(one.snippet) : [titleOf(one)])],
            run: () => go(one.snippet ? hitAddress(one) : `/c/${one.id}`),
        };
    });
}
