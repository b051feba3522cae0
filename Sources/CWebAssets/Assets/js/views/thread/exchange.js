// One message of a person and what came of it: an answer, a compare, a debate; with pagers where there are several of either.
import { h, iconButton } from "../../core/dom.js";
import { MarkdownView } from "../../md/markdown.js";
import { failed } from "../../core/announce.js";
import "./chat-answer.js";
import { userMessage } from "./user-message.js";
import { textOf } from "./tree.js";

/** The blocks that a chat does not need are read with the first run of their kind. @type {Record<string, () => Promise<any>>} */
const LATER = {
    compare: () => import("../compare/compare-block.js"),
    debate: () => import("../debate/debate-block.js"),
};

/** @typedef {{key: string, item: any, exchange: import("./tree.js").Exchange|null}} Row a prompt's exchange, or a message before the first prompt */

/** Makes the element of a row. @param {Row} row */
export function exchangeElement(row) {
    if (row.item) {
        const body = h("div.md");
        new MarkdownView(body).set(textOf(row.item));
        return h("article.system-message", { "data-message": row.item.id }, h("h2.small.muted", { text: "Instructions" }), body);
    }
    return h("section.exchange");
}

/** Brings an exchange up to date, keeping the blocks that are there. @param {any} element @param {Row} row @param {import("./conversation-view.js").ConversationView} thread */
export function updateExchange(element, row, thread) {
    const { exchange } = row;
    if (!exchange) return;
    element.dataset.message = exchange.user.id;
    updateUser(element, exchange, thread);
    updateAnswer(element, exchange, thread);
}

/** @param {any} element @param {import("./tree.js").Exchange} exchange @param {import("./conversation-view.js").ConversationView} thread */
function updateUser(element, exchange, thread) {
    if (!element.user) element.prepend((element.user = userMessage(exchange.user, thread)));
    element.user.showPager(
        pager(exchange.siblings.indexOf(exchange.user), exchange.siblings.length, "version", (index) =>
            thread.continueFrom(exchange.siblings[index].id, { exactly: false }),
        ),
    );
}

/** @param {any} element @param {import("./tree.js").Exchange} exchange @param {import("./conversation-view.js").ConversationView} thread */
function updateAnswer(element, exchange, thread) {
    element.wanted = exchange;
    const { chosen, alternatives } = exchange;
    if (element.block && element.block.dataset.alternative !== chosen?.key) {
        element.block.remove();
        element.block = null;
    }
    if (!chosen) return;
    if (!element.block) {
        const kind = chosen.run && LATER[chosen.run.kind] ? chosen.run.kind : "chat";
        const name = kind === "chat" ? "chat-answer" : `${kind}-block`;
        if (!customElements.get(name)) return loadBlock(kind, element, exchange, thread);
        element.block = document.createElement(name);
        element.block.dataset.alternative = chosen.key;
        if (chosen.run) element.block.dataset.run = chosen.run.id;
        element.append(element.block);
    }
    element.block.exchange = {
        runId: chosen.run?.id ?? null,
        view: chosen.run ? thread.viewOf(chosen.run.id) : undefined,
        message: chosen.message,
        user: exchange.user,
        syntheses: exchange.syntheses,
        thread,
    };
    element.pager?.remove();
    element.pager = pager(alternatives.indexOf(chosen), alternatives.length, "answer", (index) => {
        const leaf = thread.tree.leafOf(exchange, alternatives[index]);
        if (leaf) thread.continueFrom(leaf, { exactly: false });
    });
    if (element.pager) element.append(element.pager);
}

/** Reads the code of a block, then shows it if it is still wanted. @param {string} kind @param {any} element @param {import("./tree.js").Exchange} exchange @param {import("./conversation-view.js").ConversationView} thread */
async function loadBlock(kind, element, exchange, thread) {
    try {
        await LATER[kind]();
    } catch (error) {
        return failed(error, "A part of the page could not be read");
    }
    if (element.wanted === exchange && !element.block) updateAnswer(element, exchange, thread);
}

/** "< 2/3 >"; null where there is but one. @param {number} index @param {number} count @param {string} what @param {(index: number) => void} choose */
function pager(index, count, what, choose) {
    if (count < 2) return null;
    return h(
        "div.pager", { role: "group", "aria-label": `${what} ${index + 1} of ${count}` },
        iconButton("left", `Previous ${what}`, () => choose(index - 1), { class: "small", disabled: index <= 0 }),
        h("span", { text: `${index + 1}/${count}` }),
        iconButton("right", `Next ${what}`, () => choose(index + 1), { class: "small", disabled: index >= count - 1 }),
    );
}
