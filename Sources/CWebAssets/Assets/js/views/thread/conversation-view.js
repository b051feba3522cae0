// A conversation, new or kept: its header, the exchanges of the path that is shown, and the composer.
import * as api from "../../core/api.js";
import { announce, failed, toast } from "../../core/announce.js";
import { fill, h, iconButton, reconcile } from "../../core/dom.js";
import { count, money } from "../../core/format.js";
import { command } from "../../core/keys.js";
import { go } from "../../core/router.js";
import { conversationsChanged, loadModels, noteUse, store } from "../../core/store.js";
import { openMenu } from "../../parts/menu.js";
import { confirmDialog } from "../../parts/dialog.js";
import { Composer } from "../composer/composer.js";
import { drawerButton } from "../drawer/drawer.js";
import { exchangeElement, updateExchange } from "./exchange.js";
import { newChat } from "./new-chat.js";
import { ThreadScroll } from "./thread-scroll.js";
import { Tree } from "./tree.js";

const PAGE = 100;

/** The view at "/" and "/c/{id}". It is also the context (`thread`) that the blocks of an exchange act through. */
export class ConversationView {
    #abort = new AbortController();
    /** @type {any[]} */
    #items = [];
    /** @type {any[]} */
    #runs = [];
    #hasOlder = false;
    #isLoadingOlder = false;
    /** @type {Map<string, any>} views of runs that were begun here: their blocks need not ask */
    #begun = new Map();
    /** @type {string|null} the message to be shown first */
    #target = null;

    /** @type {any} */
    conversation = null;
    tree = new Tree([], []);

    /** @param {HTMLElement} main @param {import("../../core/router.js").Place} place */
    constructor(main, place) {
        this.title = h("h1", { text: "New chat" });
        this.totals = h("span.thread-totals.muted.small");
        this.list = h("div.thread-list");
        this.empty = h("div.thread-empty");
        this.scroller = h("div.page-scroll.thread", { tabindex: "-1" }, this.empty, this.list);
        this.scroll = new ThreadScroll(this.scroller, () => this.#older());
        this.composer = new Composer({ thread: this, signal: this.#abort.signal });
        main.append(
            h("header.page-head", {},
                drawerButton(),
                this.title,
                h("span.grow"),
                this.totals,
                iconButton("more", "This conversation", (event) => this.#menu(/** @type {any} */ (event.currentTarget))),
            ),
            h("div.thread-frame", {}, this.scroller, this.scroll.button),
            this.composer.element,
        );
        this.#commands();
        store.addEventListener("conversation", (event) => this.#renamed(/** @type {any} */ (event).detail), { signal: this.#abort.signal });
        this.show(place);
    }

    /** Shows a place, if it is one of this view's. @param {import("../../core/router.js").Place} place */
    show(place) {
        if (place.name !== "new" && place.name !== "conversation") return false;
        if (place.id && this.conversation?.id === place.id && !place.query.get("m")) return true;
        this.#reset();
        this.#target = place.query.get("m");
        if (place.id) this.#open(place.id);
        else {
            document.title = "Plenum";
            this.empty.replaceChildren(newChat(this.composer));
            this.composer.open(null, place.query);
        }
        return true;
    }

    close() {
        this.#abort.abort();
        this.composer.close();
        this.list.replaceChildren();
    }

    #reset() {
        this.conversation = null;
        this.#items = [];
        this.#runs = [];
        this.#begun.clear();
        this.tree = new Tree([], []);
        this.list.replaceChildren();
        this.empty.replaceChildren();
        this.totals.textContent = "";
        this.title.textContent = "New chat";
        this.scroll.follow();
    }

    /** @param {string} id */
    async #open(id) {
        const skeleton = h("div.thread-loading", { "aria-label": "Loading" }, [60, 90, 75].map((width) => {
            const line = h("div.skeleton");
            line.style.inlineSize = `${width}%`;
            return line;
        }));
        this.empty.replaceChildren(skeleton);
        const held = document.activeElement;
        try {
            const conversation = await api.get(`/conversations/${id}`, this.#abort.signal);
            if (location.pathname !== `/c/${id}`) return;
            this.conversation = conversation;
            // Who has gone elsewhere while it was read is not called back.
            this.composer.open(conversation, new URLSearchParams(), [held, document.body].includes(document.activeElement));
            await Promise.all([this.#load(), loadModels().catch(() => {})]);
            this.empty.replaceChildren();
            if (this.#target) this.scroll.show(this.list.querySelector(`[data-message="${CSS.escape(this.#target)}"]`));
        } catch (error) {
            if (/** @type {any} */ (error).name === "AbortError") return;
            const isGone = /** @type {any} */ (error).status === 404;
            this.empty.replaceChildren(
                h("div.empty", {},
                    h("h2", { text: isGone ? "This conversation is not here" : "This conversation could not be read" }),
                    h("p", { text: isGone ? "It was deleted, or the address is wrong." : /** @type {any} */ (error).message }),
                    isGone ? h("a.button", { href: "/", text: "Begin a new one" }) : h("button", { type: "button", text: "Try again", onclick: () => this.#open(id) }),
                ),
            );
        }
    }

    /** Reads the newest messages, and older ones until what is shown begins with a first message or fills the screen. */
    async #load() {
        const { id } = this.conversation;
        const [items, runs] = await Promise.all([
            api.get(`/conversations/${id}/items?order=desc&limit=${PAGE}`, this.#abort.signal),
            api.get(`/runs?conversation=${id}&limit=${PAGE}`, this.#abort.signal),
        ]);
        if (this.conversation?.id !== id) return;
        const known = new Map(this.#items.map((item) => [item.id, item]));
        for (const item of items.data) known.set(item.id, item);
        const isFirst = this.#items.length === 0;
        this.#items = [...known.values()];
        this.#runs = [...new Map([...this.#runs, ...runs.data].map((run) => [run.id, run])).values()];
        if (isFirst) this.#hasOlder = items.has_more;
        this.#render();
        while (isFirst && this.#hasOlder && (this.#path().length < 12 || (this.#target && !this.tree.items.has(this.#target)))) await this.#older();
    }

    #path() {
        return this.tree.path(this.conversation?.leaf ?? null);
    }

    async #older() {
        if (!this.#hasOlder || this.#isLoadingOlder || !this.conversation) return;
        this.#isLoadingOlder = true;
        try {
            const { id } = this.conversation;
            const oldest = this.#items.reduce((one, other) => (one.id < other.id ? one : other));
            const [items, runs] = await Promise.all([
                api.get(`/conversations/${id}/items?order=desc&limit=${PAGE}&after=${oldest.id}`, this.#abort.signal),
                this.#runs.length % PAGE === 0 && this.#runs.length
                    ? api.get(`/runs?conversation=${id}&limit=${PAGE}&after=${this.#runs.at(-1).id}`, this.#abort.signal)
                    : { data: [] },
            ]);
            if (this.conversation?.id !== id) return;
            this.#items.push(...items.data);
            this.#runs.push(...runs.data);
            this.#hasOlder = items.has_more;
            this.scroll.keeping(() => this.#render());
        } catch (error) {
            failed(error, "Older messages could not be read");
        } finally {
            this.#isLoadingOlder = false;
        }
    }

    #render() {
        this.tree = new Tree(this.#items, this.#runs);
        const { head, exchanges } = this.tree.exchanges(this.conversation.leaf);
        const rows = [
            ...head.filter((item) => item.content.length).map((item) => ({ key: item.id, item, exchange: null })),
            ...exchanges.map((exchange) => ({ key: exchange.user.id, item: null, exchange })),
        ];
        reconcile(
            this.list, rows, (row) => row.key,
            (row) => exchangeElement(row),
            (element, row) => updateExchange(element, row, this),
        );
        this.title.textContent = this.conversation.title ?? "Untitled";
        document.title = `${this.conversation.title ?? "Untitled"} · Plenum`;
        const { tokens, cost } = this.tree.totals();
        fill(this.totals, tokens ? `${count(tokens)} tokens · ${money(cost)}` : "");
        this.composer.noteThread(exchanges);
        this.scroll.changed();
    }

    /** @param {any} conversation */
    #renamed(conversation) {
        if (!conversation || conversation.id !== this.conversation?.id) return;
        this.conversation = { ...this.conversation, ...conversation };
        this.title.textContent = this.conversation.title ?? "Untitled";
    }

    // What blocks and composer do through the thread.

    /** The view of a run that was begun here. @param {string} id */
    viewOf(id) {
        return this.#begun.get(id);
    }

    /** Whether a run is the last thing on the path. @param {string} runId */
    isLast(runId) {
        return this.tree.exchanges(this.conversation?.leaf ?? null).exchanges.at(-1)?.chosen?.run?.id === runId;
    }

    /** Begins a run here, in a conversation made for it if this is a new one. @param {any} body as POST /v1/runs takes it @returns {Promise<any>} its view */
    async startRun(body) {
        const place = this.conversation ? { conversation: this.conversation.id } : {};
        const view = await api.post("/runs", { ...place, ...body, background: true }, { headers: { "Idempotency-Key": api.idempotencyKey() } });
        noteUse(view.seats.map((/** @type {any} */ seat) => seat.model).filter(Boolean));
        this.#begun.set(view.id, view);
        if (!this.conversation) {
            this.empty.replaceChildren();
            this.conversation = await api.get(`/conversations/${view.conversation}`);
            this.composer.moveTo(this.conversation);
            go(`/c/${view.conversation}`, { replace: true, silently: true });
        }
        this.scroll.follow();
        await this.reload();
        conversationsChanged(this.conversation);
        return view;
    }

    /** Reads the conversation anew. */
    async reload() {
        if (!this.conversation) return;
        const { id } = this.conversation;
        try {
            const conversation = await api.get(`/conversations/${id}`, this.#abort.signal);
            if (this.conversation?.id !== id) return;
            this.conversation = conversation;
            await this.#load();
        } catch (error) {
            failed(error);
        }
    }

    /** An answer has ended here. */
    async ended() {
        this.#begun.clear();
        await this.reload();
        conversationsChanged(this.conversation);
    }

    /** Goes on from a message: it, or the newest below it, becomes the end of the path. @param {string} messageId @param {{exactly?: boolean}} [how] */
    async continueFrom(messageId, { exactly = true } = {}) {
        const leaf = exactly ? messageId : this.tree.leafBelow(messageId);
        try {
            this.conversation = await api.post(`/conversations/${this.conversation.id}`, { leaf });
            this.#render();
            if (exactly) {
                announce("The conversation goes on from this answer");
                this.composer.focus();
            }
        } catch (error) {
            failed(error);
        }
    }

    /** Copies the path to a message into a conversation of its own. @param {string} [message] */
    async fork(message) {
        try {
            const fork = await api.post(`/conversations/${this.conversation.id}/fork`, message ? { message } : {});
            conversationsChanged(fork);
            go(`/c/${fork.id}`);
            toast("This is a copy: the first conversation stays as it was.");
        } catch (error) {
            failed(error);
        }
    }

    #menu(/** @type {HTMLElement} */ button) {
        const has = this.conversation !== null;
        openMenu(button, [
            { label: "Settings of this chat", icon: "sliders", run: () => this.composer.openSettings() },
            ...(has
                ? /** @type {import("../../parts/menu.js").MenuItem[]} */ ([
                      { label: "Copy as a new chat", icon: "fork", run: () => this.fork() },
                      { label: this.conversation.pinned ? "Unpin" : "Pin", icon: "pin", run: () => this.#patch({ pinned: !this.conversation.pinned }) },
                      { label: this.conversation.archived ? "Take out of the archive" : "Archive", icon: "archive", run: () => this.#patch({ archived: !this.conversation.archived }) },
                      null,
                      { label: "Delete", icon: "trash", danger: true, run: () => this.#delete() },
                  ])
                : []),
        ]);
    }

    /** @param {any} patch */
    async #patch(patch) {
        try {
            this.conversation = await api.post(`/conversations/${this.conversation.id}`, patch);
            conversationsChanged(this.conversation);
        } catch (error) {
            failed(error);
        }
    }

    async #delete() {
        const isSure = await confirmDialog("Delete this conversation?", "Its messages, runs and debates go with it. This cannot be undone here.", "Delete");
        if (!isSure) return;
        try {
            await api.del(`/conversations/${this.conversation.id}`);
            conversationsChanged();
            go("/");
        } catch (error) {
            failed(error);
        }
    }

    #commands() {
        const { signal } = this.#abort;
        command("focus-composer", { name: "Write a message", keys: "/", run: () => this.composer.focus() }, signal);
        command("models", { name: "Choose models", keys: "Ctrl+L", run: () => this.composer.pickModels() }, signal);
        command("settings", { name: "Settings of this chat", keys: "Ctrl+,", run: () => this.composer.openSettings() }, signal);
        command("stop", { name: "Stop all answers", keys: "Escape", run: () => this.stopAll(), isAvailable: () => this.running().length > 0 }, signal);
        command("regenerate", { name: "Answer again", keys: "Ctrl+Shift+Z", run: () => this.#again(), isAvailable: () => this.conversation !== null }, signal);
        command("previous", { name: "Previous message", keys: "Alt+ArrowUp", run: () => this.scroll.step(-1) }, signal);
        command("next", { name: "Next message", keys: "Alt+ArrowDown", run: () => this.scroll.step(1) }, signal);
    }

    /** The blocks whose runs go on. @returns {any[]} */
    running() {
        return [...this.list.querySelectorAll("chat-answer, compare-block, debate-block")].filter((/** @type {any} */ block) => block.isRunning);
    }

    /** Stops what runs on this path. */
    stopAll() {
        const ids = new Set(this.running().map((block) => block.dataset.run));
        for (const id of ids) api.post(`/runs/${id}/cancel`).catch((error) => failed(error));
    }

    #again() {
        const last = /** @type {any} */ ([...this.list.querySelectorAll("chat-answer")].at(-1));
        last?.again();
    }
}

