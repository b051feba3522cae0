// The strip of tabs where the seats do not fit side by side: one seat at a time, by tap, arrow keys or swipe.
import { fill, h, reconcile } from "../../core/dom.js";
import { money } from "../../core/format.js";
import { modelMark } from "../../parts/model-mark.js";
import { STATE_WORDS } from "./seat-state.js";

/** @typedef {import("./seat-state.js").SeatView} SeatView */

export class SeatTabs {
    /** @type {number|null} */
    current = null;
    #isOn = false;
    #settle = 0;
    /** Whether the track moves by a hand, and not because a tab was chosen. */
    #isSwiped = false;
    /** @type {Element|null} */
    #sized = null;

    /** @param {import("./compare-block.js").CompareBlock} block @param {HTMLElement} track the element whose children are the cards */
    constructor(block, track) {
        this.block = block;
        this.track = track;
        this.element = h("div.seat-tabs", { role: "tablist", "aria-label": "Answers", hidden: true, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
        for (const name of ["pointerdown", "touchstart", "wheel", "keydown"]) track.addEventListener(name, () => (this.#isSwiped = true), { passive: true });
        track.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        // The track is as high as the seat that is shown, not as the longest.
        this.observer = new ResizeObserver(() => this.#size());
    }

    close() {
        this.observer.disconnect();
        clearTimeout(this.#settle);
    }

    /** @param {SeatView[]} views @param {boolean} isOn @param {(seat: number) => any} cardOf */
    update(views, isOn, cardOf) {
        const began = isOn && !this.#isOn;
        this.#isOn = isOn;
        this.element.hidden = !isOn;
        this.cardOf = cardOf;
        if (!views.some((view) => view.seat === this.current)) this.current = views[0]?.seat ?? null;
        reconcile(this.element, isOn ? views : [], (view) => String(view.seat), (view) => this.#tab(view), (tab, view) => this.#fill(tab, view));
        for (const view of views) this.#panel(cardOf(view.seat).element, view);
        this.#watch();
        if (began) requestAnimationFrame(() => this.#align("instant"));
    }

    /** @param {SeatView} view */
    #tab(view) {
        const tab = h("button.seat-tab", {
            type: "button", role: "tab", id: `${this.block.prefix}-tab-${view.seat}`, "aria-controls": `${this.block.prefix}-seat-${view.seat}`,
            "data-seat": String(view.seat % 8), onclick: () => this.select(view.seat),
        });
        tab.parts = { mark: h("span.seat-mark"), name: h("span.seat-tab-name"), dot: h("span.dot"), cost: h("span.seat-tab-cost") };
        tab.append(tab.parts.mark, tab.parts.name, tab.parts.dot, tab.parts.cost);
        return tab;
    }

    /** @param {any} tab @param {SeatView} view */
    #fill(tab, view) {
        const isCurrent = view.seat === this.current;
        tab.setAttribute("aria-selected", String(isCurrent));
        tab.tabIndex = isCurrent ? 0 : -1;
        const cost = view.isBlind || view.isActive || view.turn?.cost == null ? "" : money(view.turn.cost);
        const key = `${view.name}.${view.model}.${view.state}.${cost}`;
        if (tab.shown === key) return;
        tab.shown = key;
        tab.dataset.state = view.state;
        fill(tab.parts.mark, modelMark(view.model));
        tab.parts.name.textContent = view.name;
        tab.parts.cost.textContent = cost;
        tab.title = `${view.name}: ${STATE_WORDS[view.state].toLowerCase()}`;
        tab.setAttribute("aria-label", `${view.name}, ${STATE_WORDS[view.state].toLowerCase()}${cost ? `, ${cost}` : ""}`);
    }

    /** @param {HTMLElement} panel @param {SeatView} view */
    #panel(panel, view) {
        if (this.#isOn) {
            panel.setAttribute("role", "tabpanel");
            panel.setAttribute("aria-labelledby", `${this.block.prefix}-tab-${view.seat}`);
        } else {
            panel.setAttribute("role", "article");
            panel.setAttribute("aria-labelledby", `${this.block.prefix}-seat-${view.seat}-name`);
        }
        // What is out of sight can be swiped to, but not be tabbed into.
        panel.inert = this.#isOn && view.seat !== this.current;
    }

    /** @param {number} seat @param {{focus?: boolean, scroll?: boolean}} [how] */
    select(seat, { focus = false, scroll = true } = {}) {
        this.current = seat;
        if (scroll) this.#isSwiped = false;
        this.block.plan(() => {
            this.block.show();
            const tab = /** @type {HTMLElement|null} */ (this.element.querySelector(`[data-key="${seat}"]`));
            if (focus) tab?.focus({ preventScroll: true });
            if (tab) bring(this.element, tab, "smooth", true);
            if (scroll) this.#align("smooth");
        });
    }

    /** Brings the seat that is chosen into view. @param {ScrollBehavior} behavior */
    #align(behavior) {
        if (!this.#isOn || this.current === null) return;
        const card = this.cardOf?.(this.current)?.element;
        if (card) bring(this.track, card, behavior);
    }

    /** After the width has changed. */
    resized() {
        this.#align("instant");
    }

    #watch() {
        const card = this.#isOn && this.current !== null ? this.cardOf?.(this.current)?.element ?? null : null;
        if (card === this.#sized) return;
        if (this.#sized) this.observer.unobserve(this.#sized);
        this.#sized = card;
        if (card) this.observer.observe(card);
        else this.track.style.blockSize = "";
    }

    #size() {
        // Rounded up, or its lower edge would be cut off.
        if (this.#sized) this.track.style.blockSize = `${Math.ceil(this.#sized.getBoundingClientRect().height)}px`;
    }

    #scrolled() {
        if (!this.#isOn || !this.#isSwiped) return;
        clearTimeout(this.#settle);
        this.#settle = setTimeout(() => {
            if (!this.#isOn || !this.#isSwiped) return;
            const middle = center(this.track);
            const nearest = [...this.track.children].sort((one, other) => Math.abs(center(one) - middle) - Math.abs(center(other) - middle))[0];
            const seat = Number(/** @type {any} */ (nearest)?.dataset.key);
            if (nearest && seat !== this.current) this.select(seat, { scroll: false });
        }, 140);
    }

    /** @param {KeyboardEvent} event */
    #key(event) {
        const tabs = [...this.element.children];
        // Focus follows with the next frame; keys may come faster.
        const now = tabs.findIndex((tab) => Number(/** @type {any} */ (tab).dataset.key) === this.current);
        const isReversed = getComputedStyle(this.element).direction === "rtl";
        const steps = { ArrowRight: isReversed ? -1 : 1, ArrowLeft: isReversed ? 1 : -1 };
        const step = steps[/** @type {"ArrowRight"} */ (event.key)];
        const to = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step === undefined ? null : (now + step + tabs.length) % tabs.length;
        if (to === null || now < 0) return;
        event.preventDefault();
        this.select(Number(/** @type {any} */ (tabs[to]).dataset.key), { focus: true });
    }
}

/** @param {Element} element */
function center(element) {
    const box = element.getBoundingClientRect();
    return box.left + box.width / 2;
}

/** Scrolls sideways alone, so that the page stays where it is. @param {Element} scroller @param {Element} child @param {ScrollBehavior} behavior @param {boolean} [toMiddle] */
function bring(scroller, child, behavior, toMiddle = false) {
    const [outer, inner] = [scroller.getBoundingClientRect(), child.getBoundingClientRect()];
    const left = toMiddle ? center(child) - center(scroller) : inner.left - outer.left;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // To a place, not by a distance: that would stop at each seat on the way.
    scroller.scrollTo({ left: scroller.scrollLeft + left, behavior: isStill ? "instant" : behavior });
}
