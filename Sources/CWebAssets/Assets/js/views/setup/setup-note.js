// What a server without models of its own wants to become useful: said calmly, with the names of what is to be set.
import * as api from "../../core/api.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { recall, remember } from "../../core/remember.js";
import { recentModels, store } from "../../core/store.js";
import { copy } from "../../parts/clipboard.js";
import { modelMark } from "../../parts/model-mark.js";

/**
 * @typedef {{id: string, name: string, key_env: string|null, available: boolean, models: number}} Provider
 * @typedef {{providers: Provider[], simulated: boolean}} Setup as GET /v1/setup answers it
 */

/** What a server has whose setup tells of no provider: the README's three. @type {Provider[]} */
const COMMON = [
    { id: "anthropic", name: "Anthropic", key_env: "ANTHROPIC_API_KEY", available: false, models: 0 },
    { id: "openai", name: "OpenAI", key_env: "OPENAI_API_KEY", available: false, models: 0 },
    { id: "google", name: "Google", key_env: "GEMINI_API_KEY", available: false, models: 0 },
];

export class SetupNote extends HTMLElement {
    #abort = new AbortController();

    connectedCallback() {
        this.#abort = new AbortController();
        store.addEventListener("models", () => this.#read(), { signal: this.#abort.signal });
        this.#read();
    }

    disconnectedCallback() {
        this.#abort.abort();
    }

    async #read() {
        try {
            this.#show(await api.get("/setup"));
        } catch {
            // Where the server is away the drawer says so.
            this.hidden = true;
        }
    }

    /** @param {Setup} setup */
    #show(setup) {
        const hasReal = setup.providers.some((provider) => provider.available);
        this.hidden = hasReal && !setup.simulated;
        const head = setup.simulated
            ? ["These models are simulated", "Plenum itself makes up their answers, so that everything here can be tried out without a key and at no cost. Compares and debates work as they do with real models."]
            : ["No model can be asked yet", "Plenum passes questions on to providers of models. It needs the key of one, or a model that runs on this machine."];
        fill(
            this,
            h(
                "section.setup-card", { "aria-label": "Setting up" },
                h("div.setup-head", {}, icon("info"), h("div", {}, h("h2", { text: head[0] }), h("p", { text: head[1] }))),
                setup.simulated || hasReal ? folded(steps(setup)) : steps(setup),
            ),
        );
    }

}

/** How to go on: unfolded for who is new here, later as the person left it. @param {Node} content */
function folded(content) {
    const details = h("details", { open: !recall("setupFolded", recentModels().length > 0) }, h("summary", { text: "Add real models" }), content);
    details.querySelector("summary")?.addEventListener("click", () => remember("setupFolded", details.open));
    return details;
}

/** @param {Setup} setup */
function steps(setup) {
    const told = setup.providers.filter((provider) => provider.key_env && !provider.available);
    const missing = told.length ? told : setup.providers.length ? [] : COMMON;
    return h(
        "div.setup-steps", {},
        missing.length ? h("p", {}, "Set the key of a provider in the environment of the server, or write it into the file ", h("code", { text: ".env" }), " in the folder it was started in, as ",
            h("code", { text: `${missing[0].key_env}=…` }), ". Then start the server again.") : null,
        missing.length ? h("ul.setup-keys", { "aria-label": "Variables of providers" }, missing.map((provider) => keyRow(provider))) : null,
        h("p.muted", { text: "A model server on this machine, such as Ollama or llama.cpp, is found by itself when Plenum starts." }),
    );
}

/** @param {Provider} provider */
function keyRow(provider) {
    const name = /** @type {string} */ (provider.key_env);
    return h(
        "li", {}, modelMark(`${provider.id}/${provider.name}`),
        h("span.grow", {}, h("span", { text: provider.name }), " ", h("code", { text: name, title: name })),
        iconButton("copy", `Copy ${name}`, () => copy(`${name}=`, `${name} copied`), { class: "small" }),
    );
}

customElements.define("setup-note", SetupNote);
