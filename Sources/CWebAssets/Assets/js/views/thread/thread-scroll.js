// Scrolling of a thread: it follows the end while one is there, and stays where one reads.
import { h, icon } from "../../core/dom.js";

export class ThreadScroll {
    #isFollowing = true;
    #top = 0;
    #frame = 0;

    /** @param {HTMLElement} scroller @param {() => void} onTop called when its beginning comes into view */
    constructor(scroller, onTop) {
        this.scroller = scroller;
        this.button = h("button.jump", { type: "button", hidden: true, onclick: () => this.follow() }, icon("down"), "Jump to latest");
        const top = h("div.thread-top", { "aria-hidden": "true" });
        scroller.prepend(top);
        new IntersectionObserver((seen) => seen[0].isIntersecting && onTop(), { root: scroller, rootMargin: "400px" }).observe(top);
        scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        // Answers grow by themselves: whoever is at the end stays there.
        new ResizeObserver(() => this.changed()).observe(/** @type {Element} */ (scroller.lastElementChild));
    }

    get #gap() {
        return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    }

    /** Where nothing was said yet there is no end to go to. */
    get #isEmpty() {
        return this.scroller.lastElementChild?.childElementCount === 0;
    }

    get #isNearEnd() {
        return this.#isFollowing || this.#isEmpty || this.#gap < 240;
    }

    #scrolled() {
        const top = this.scroller.scrollTop;
        if (this.#gap < 48) this.#isFollowing = true;
        // Only a person goes up: what grows or folds by itself leaves the place from the top as it was.
        else if (top < this.#top - 1) this.#isFollowing = false;
        this.#top = top;
        this.button.hidden = this.#isNearEnd;
    }

    /** The content has changed. */
    changed() {
        if (this.#frame) return;
        this.#frame = requestAnimationFrame(() => {
            this.#frame = 0;
            if (this.#isFollowing) this.scroller.scrollTop = this.#isEmpty ? 0 : this.scroller.scrollHeight;
            this.button.hidden = this.#isNearEnd;
        });
    }

    /** Goes to the end and stays there. */
    follow() {
        this.#isFollowing = true;
        this.changed();
    }

    /** Shows an element, and follows no more. @param {Element|null} element */
    show(element) {
        if (!element) return;
        this.#isFollowing = false;
        element.scrollIntoView({ block: "start" });
        element.classList.add("is-target");
        setTimeout(() => element.classList.remove("is-target"), 2500);
    }

    /** Changes what stands above without moving what is read. @param {() => void} change */
    keeping(change) {
        const before = this.scroller.scrollHeight - this.scroller.scrollTop;
        change();
        if (!this.#isFollowing) this.scroller.scrollTop = this.scroller.scrollHeight - before;
    }

    /** Moves focus to the message before or after. @param {number} by */
    step(by) {
        const all = /** @type {HTMLElement[]} */ ([...this.scroller.querySelectorAll("article[tabindex], .seat-card[tabindex]")]);
        const now = all.findIndex((one) => one.contains(document.activeElement));
        const to = now < 0 ? (by < 0 ? all.length - 1 : 0) : Math.max(0, Math.min(all.length - 1, now + by));
        all[to]?.focus();
    }
}
