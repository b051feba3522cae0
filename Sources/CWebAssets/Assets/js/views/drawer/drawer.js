// The drawer: all conversations at the page's edge.
import { announce, failed } from "../../core/announce.js";
import { fill, h, icon, iconButton, svg } from "../../core/dom.js";
import { command } from "../../core/keys.js";
import { here, onPlace } from "../../core/router.js";
import { store } from "../../core/store.js";
import { change, openConversationMenu, remove } from "./actions.js";
import { connection } from "./connection.js";
import { ConversationList } from "./conversation-list.js";
import { makeFoot } from "./foot.js";
import { Frame } from "./frame.js";
import { ListView } from "./list-view.js";
import { renameInPlace } from "./row.js";
import { RunningRuns } from "./running.js";
import { Search } from "./search.js";
import { isUnread, markSeen, markUnread, onSeen } from "./seen.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */

/** The button that opens the drawer where it is not to be seen; views put it first in their header. */
export function drawerButton() {
    return iconButton("menu", "Show the conversations", () => document.querySelector("plenum-drawer")?.dispatchEvent(new Event("plenum-open")), {
        class: "drawer-button", "aria-expanded": "false",
    });
}

/** The mark of the page. */
function mark() {
    return svg(
        "svg", { viewBox: "0 0 32 32", class: "brand-mark", "aria-hidden": "true" },
        svg("rect", { width: 32, height: 32, rx: 8 }),
        svg("path", { d: "M8 9h16M16 9v5M16 14 9 19v5M16 14v10M16 14l7 5v5" }),
    );
}

class PlenumDrawer extends HTMLElement {
    #abort = new AbortController();
    #list = new ConversationList();
    #running = new RunningRuns(this.#abort.signal);
    /** @type {string|null} the conversation that the page shows */
    #current = null;
    #error = /** @type {string|null} */ (null);

    connectedCallback() {
        if (this.frame) return;
        const { signal } = this.#abort;
        this.scroller = h("div.drawer-scroll");
        this.view = new ListView(this.scroller, this.#list, {
            marks: (one) => this.#marks(one),
            menu: (button, one) => openConversationMenu(button, one, { rename: () => this.view?.rename(one.id), remove: () => this.#remove(one) }),
            rename: (row, one) => renameInPlace(row, one, (title) => this.#rename(one, title)),
            remove: (one) => this.#remove(one),
            more: () => this.#read(() => this.#list.more()),
        });
        this.search = new Search(this.scroller, {
            onchange: () => this.#show(),
            isArchived: () => this.#list.isArchived,
            onerror: (error) => connection.note(error),
            leave: () => this.view?.focus(),
        });
        this.foot = makeFoot({ showArchived: () => this.#showArchived(!this.#list.isArchived) });
        this.offline = h("p.drawer-offline", { hidden: true }, icon("warning"), h("span", { text: "The server cannot be reached. Trying again." }));
        this.banner = h("div.drawer-banner", { hidden: true });
        this.empty = h("div.drawer-empty.muted", { hidden: true });
        this.scroller.append(this.empty);
        this.nav = h("nav.drawer", { "aria-label": "Conversations" },
            this.#head(), this.search.form, this.offline, this.banner, this.scroller, this.foot.element);
        this.frame = new Frame(this, this.nav, signal);
        this.#commands(signal);
        this.#listen(signal);
        this.#show();
        this.#read(() => this.#list.more());
        this.#running.look();
    }

    disconnectedCallback() {
        this.#abort.abort();
    }

    /** Lets the title of a conversation be written anew in the list. @param {string} id */
    rename(id) {
        this.frame?.open();
        this.view?.rename(id);
    }

    #head() {
        const fold = iconButton("menu", "Hide the conversations", () => this.frame?.close(), { class: "drawer-fold" });
        return h(
            "header.drawer-head", {},
            h("div.drawer-brand", {}, h("a.brand", { href: "/", "aria-label": "Plenum" }, mark(), h("span", { text: "Plenum" })), fold),
            h("a.button.drawer-new", { href: "/", title: "New chat (Ctrl+Shift+O)", "aria-keyshortcuts": "Control+Shift+O" }, icon("plus"), h("span", { text: "New chat" })),
        );
    }

    /** @param {AbortSignal} signal */
    #commands(signal) {
        command("drawer", { name: "Show or hide the conversations", keys: "Ctrl+B", run: () => this.frame?.toggle() }, signal);
        command("search", {
            name: "Search in the conversations", keys: "Ctrl+Shift+F",
            run: () => {
                this.frame?.open();
                this.search?.field.focus();
            },
        }, signal);
        command("list", {
            name: "Go to the list of conversations", keys: "Ctrl+Shift+L",
            run: () => {
                this.frame?.open();
                this.view?.focus();
            },
        }, signal);
        command("archived", { name: "Show archived conversations", keys: "", run: () => this.#showArchived(true) }, signal);
    }

    /** @param {AbortSignal} signal */
    #listen(signal) {
        this.addEventListener("plenum-open", () => this.frame?.open());
        this.#list.addEventListener("change", () => this.#showSoon());
        onPlace(() => {
            this.frame?.leave();
            this.#place();
        });
        store.addEventListener("conversation", (event) => {
            this.#list.take(/** @type {CustomEvent} */ (event).detail);
            this.#place();
            this.#running.expect();
        }, { signal });
        store.addEventListener("conversations", () => {
            this.#place();
            this.#read(() => this.#list.refresh(true));
            this.#running.expect();
        }, { signal });
        this.#running.addEventListener("change", () => this.#show());
        this.#running.addEventListener("ended", (event) => {
            for (const id of /** @type {CustomEvent} */ (event).detail) if (id !== this.#current || document.hidden) markUnread(id);
            this.#read(() => this.#list.refresh());
        });
        connection.addEventListener("change", () => {
            this.#show();
            if (connection.isOffline) return;
            this.#read(() => this.#list.refresh());
            this.search?.again();
        });
        onSeen(() => this.#show(), signal);
        document.addEventListener("visibilitychange", () => {
            if (document.hidden) return;
            this.#look();
            this.#read(() => this.#list.refresh());
        }, { signal });
    }

    /** Where the page is now. */
    #place() {
        const place = here();
        const before = this.#current;
        this.#current = place.name === "conversation" ? place.id : null;
        this.foot?.mark(this.#list.isArchived);
        this.#look();
        if (before === this.#current) return;
        this.view?.mark([before, this.#current].filter((id) => id !== null));
        if (this.#current) this.view?.choose(this.#current);
    }

    /** What is shown to somebody who looks is read. */
    #look() {
        const one = this.#current && this.#list.get(this.#current);
        if (one && !document.hidden) markSeen(one);
    }

    /** @param {Conversation} one */
    #marks(one) {
        const isCurrent = one.id === this.#current;
        return { isCurrent, isRunning: this.#running.has(one.id), isUnread: isUnread(one) && (!isCurrent || document.hidden) };
    }

    /** @param {Conversation} one @param {string} title */
    async #rename(one, title) {
        // The new title is shown at once; if it could not be kept, the old one comes back.
        this.#list.take({ ...one, title });
        if (!(await change(one, { title }))) this.#list.take({ ...one });
    }

    /** @param {Conversation} one */
    #remove(one) {
        remove(one, (id, isHidden) => this.#list.hide(id, isHidden));
    }

    /** @param {boolean} isArchived */
    #showArchived(isArchived) {
        this.frame?.open();
        announce(isArchived ? "Archived conversations" : "Conversations");
        this.scroller?.scrollTo(0, 0);
        this.#read(() => this.#list.show(isArchived));
    }

    /** Reads, and says where that fails; what did not come is asked for again once the server is back. @param {() => Promise<any>} read */
    async #read(read) {
        try {
            await read();
            this.#error = null;
            return true;
        } catch (error) {
            if (!connection.note(error)) {
                this.#error = /** @type {any} */ (error).message;
                if (this.#list.isLoaded) failed(error);
            }
            this.#show();
            return false;
        }
    }

    #showSoon() {
        this.frameRequest ??= requestAnimationFrame(() => {
            this.frameRequest = undefined;
            this.#show();
        });
    }

    #show() {
        const isSearching = this.search?.isSearching ?? false;
        this.#look();
        this.view?.show();
        if (this.view) this.view.element.hidden = isSearching;
        this.foot?.mark(this.#list.isArchived);
        if (this.offline) this.offline.hidden = !connection.isOffline;
        this.#showBanner();
        this.#showEmpty(isSearching);
    }

    #showBanner() {
        const { banner } = this;
        if (!banner || banner.hidden === !this.#list.isArchived) return;
        banner.hidden = !this.#list.isArchived;
        if (banner.hidden) return void banner.replaceChildren();
        fill(banner, iconButton("left", "Back to the conversations", () => this.#showArchived(false), { class: "small" }), h("strong", { text: "Archived" }));
    }

    /** @param {boolean} isSearching */
    #showEmpty(isSearching) {
        const { empty } = this;
        if (!empty) return;
        const isNothing = this.#list.shown.length === 0 && !isSearching;
        empty.hidden = !isNothing;
        if (!isNothing) return;
        if (this.#error) {
            fill(empty, h("p", { text: this.#error }), h("button", { type: "button", text: "Try again", onclick: () => this.#read(() => this.#list.more()) }));
        } else if (!this.#list.isLoaded) {
            fill(empty, connection.isOffline ? null : h("div.drawer-loading", { "aria-hidden": "true" }, [80, 62, 71, 45, 66].map((width) => {
                const line = h("div.skeleton");
                line.style.inlineSize = `${width}%`;
                return line;
            })));
        } else {
            fill(empty, h("p", { text: this.#list.isArchived ? "Nothing is archived." : "Your conversations will be listed here." }));
        }
    }
}
customElements.define("plenum-drawer", PlenumDrawer);
