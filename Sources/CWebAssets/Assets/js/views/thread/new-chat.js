// The empty state of a new chat: what can be done here, and what is missing.
import { h, icon } from "../../core/dom.js";
import "../setup/setup-note.js";

/** @type {{title: string, text: string, mode: "chat"|"compare"|"debate", icon: import("../../core/dom.js").IconName, prompt: string}[]} */
const WAYS = [
    { title: "Ask one", text: "A chat that remembers, with any model", mode: "chat", icon: "chat", prompt: "Explain how a hash map works, to somebody who knows arrays." },
    { title: "Compare", text: "One prompt, several answers side by side", mode: "compare", icon: "columns", prompt: "Write a two-sentence product description of a bicycle bell." },
    { title: "Debate", text: "Models argue, and you watch and interrupt", mode: "debate", icon: "scales", prompt: "Should a team of five begin with a monolith or with services?" },
];

/** @param {import("../composer/composer.js").Composer} composer */
export function newChat(composer) {
    const way = (/** @type {(typeof WAYS)[number]} */ one) => h(
        "button.way", { type: "button", onclick: () => composer.offer(one.mode, one.prompt) },
        icon(one.icon), h("strong", { text: one.title }), h("span.muted.small", { text: one.text }),
    );
    return h("div.new-chat", {},
        h("h2", { text: "What would you like to know?" }),
        h("div.ways", {}, WAYS.map(way)),
        document.createElement("setup-note"),
    );
}
