// What went wrong with an answer, in its place, with what can be done about it.
import { h, icon } from "../core/dom.js";

/** Headlines of the codes that people meet; the server's own words follow. @type {Record<string, string>} */
const HEADLINES = {
    rate_limited: "The provider asks to slow down",
    quota_exhausted: "The account at the provider is used up",
    overloaded: "The provider is overloaded",
    unavailable: "Nobody answers there just now",
    timeout: "It took too long",
    bad_upstream: "The provider sent something that makes no sense",
    upstream_authentication: "The provider refuses the key",
    upstream_interrupted: "The provider broke off",
    context_length_exceeded: "Too long for this model",
    content_blocked: "The provider's filter stopped this",
    interrupted: "The server was stopped in the middle",
    cancelled: "Stopped",
    storage: "It could not be kept",
    offline: "The server cannot be reached",
};

/**
 * @param {{code?: string, message?: string}|null} error
 * @param {{label: string, run: () => void}[]} [actions]
 */
export function errorCard(error, actions = []) {
    return h(
        "div.error-card", { role: "group", "aria-label": "Error" },
        icon("warning"),
        h("div.error-words", {},
            h("strong", { text: HEADLINES[error?.code ?? ""] ?? "This answer failed" }),
            h("p", { text: error?.message ?? "Nothing more is known." }),
        ),
        actions.length
            ? h("div.error-actions", {}, actions.map((action) => h("button", { type: "button", text: action.label, onclick: action.run })))
            : null,
    );
}
