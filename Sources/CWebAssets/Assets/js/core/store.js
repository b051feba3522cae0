// What several parts of the page know together. Each part listens for the changes that it shows.
import * as api from "./api.js";
import { recall, remember } from "./remember.js";

/**
 * @typedef {object} Model as GET /v1/models shows it
 * @property {string} id @property {string} name @property {string} provider @property {string} provider_name
 * @property {number|null} context_length @property {{prompt: string, completion: string}|null} pricing
 * @property {{input_modalities: string[]}} architecture @property {string[]} supported_parameters
 * @property {boolean} available @property {string} health @property {boolean} simulated @property {string} [unavailable_reason]
 * @property {{max_completion_tokens: number|null}} top_provider @property {Record<string, any>} capabilities
 */

/** Events: "models", "favourites", "conversations" (something in the list changed), "conversation" (detail: one that changed). */
export const store = new EventTarget();

const tell = (/** @type {string} */ name, /** @type {any} */ detail) => store.dispatchEvent(new CustomEvent(name, { detail }));

/** @type {Model[]} those that can be asked, panels left out */
let models = [];
/** @type {Promise<Model[]>|null} */
let loading = null;

/** All models, the available ones first; read once, and anew if asked for. @param {boolean} [anew] @returns {Promise<Model[]>} */
export async function loadModels(anew = false) {
    if (!loading || anew) {
        loading = api.get("/models").then((list) => {
            models = list.data.filter((/** @type {Model} */ model) => !model.id.startsWith("plenum/"));
            tell("models");
            return models;
        });
        loading.catch(() => (loading = null));
    }
    return loading;
}

/** The models as they are known now. */
export const knownModels = () => models;
/** @param {string|null} id @returns {Model|undefined} */
export const model = (id) => models.find((model) => model.id === id);

/** @returns {string[]} */
export const favourites = () => recall("favourites", []);
/** @param {string} id */
export function toggleFavourite(id) {
    const now = favourites();
    remember("favourites", now.includes(id) ? now.filter((other) => other !== id) : [...now, id]);
    tell("favourites");
}

/** The models asked last, newest first. @returns {string[]} */
export const recentModels = () => recall("recent", []);
/** @param {string[]} ids */
export function noteUse(ids) {
    remember("recent", [...new Set([...ids, ...recentModels()])].slice(0, 12));
}

/** The model to begin with: the last one asked that can be asked, or the first that can. @returns {string|null} */
export function defaultModel() {
    const can = (/** @type {string} */ id) => model(id)?.available;
    return recentModels().find(can) ?? favourites().find(can) ?? models.find((model) => model.available)?.id ?? null;
}

const channel = new BroadcastChannel("plenum");
channel.onmessage = (event) => tell(event.data.name, event.data.detail);

/** Says to all parts, also of other tabs, that the list of conversations changed. @param {any} [conversation] the one that did */
export function conversationsChanged(conversation) {
    const message = conversation ? { name: "conversation", detail: conversation } : { name: "conversations", detail: undefined };
    tell(message.name, message.detail);
    channel.postMessage(message);
}
