// Where the drawer stands: a column that can be folded away, or, where there is no room for it, a sheet over the page.
import { h } from "../../core/dom.js";
import { recall, remember } from "../../core/remember.js";

export const NARROW = "(max-width: 799px)";

export class Frame {
    #narrow = matchMedia(NARROW);

    /** @param {HTMLElement} host @param {HTMLElement} nav @param {AbortSignal} signal */
    constructor(host, nav, signal) {
        this.host = host;
        this.nav = nav;
        this.sheet = h("dialog.drawer-sheet", { "aria-label": "Conversations" });
        this.sheet.addEventListener("click", (/** @type {Event} */ event) => event.target === this.sheet && this.close());
        this.sheet.addEventListener("close", () => this.#told());
        swipe(this.sheet, () => this.close());
        this.#narrow.addEventListener("change", () => this.#place(), { signal });
        this.#place();
    }

    get isNarrow() {
        return this.#narrow.matches;
    }

    get isOpen() {
        return this.isNarrow ? this.sheet.open : !this.host.hasAttribute("folded");
    }

    open() {
        if (!this.isNarrow) this.#fold(false);
        else if (!this.sheet.open) {
            this.sheet.style.translate = "";
            this.sheet.showModal();
        }
        this.#told();
    }

    close() {
        if (!this.isNarrow) this.#fold(true);
        else this.sheet.close();
    }

    toggle() {
        if (this.isOpen) this.close();
        else this.open();
    }

    /** Closes what lies over the page; a column stays. */
    leave() {
        if (this.sheet.open) this.sheet.close();
    }

    #place() {
        this.leave();
        if (this.isNarrow) {
            this.sheet.append(this.nav);
            this.host.replaceChildren(this.sheet);
        } else {
            this.host.replaceChildren(this.nav);
        }
        this.#fold(recall("drawerFolded", false), false);
    }

    /** @param {boolean} isFolded @param {boolean} [isChoice] */
    #fold(isFolded, isChoice = true) {
        this.host.toggleAttribute("folded", isFolded);
        this.nav.inert = isFolded && !this.isNarrow;
        if (isChoice) remember("drawerFolded", isFolded);
        this.#told();
    }

    /** The views' buttons say whether it is open. */
    #told() {
        for (const button of document.querySelectorAll(".drawer-button")) button.setAttribute("aria-expanded", String(this.isOpen));
    }
}

/** Lets a sheet follow a finger that moves it out. @param {HTMLElement} sheet @param {() => void} onout */
function swipe(sheet, onout) {
    /** @type {{x: number, y: number, id: number, time: number, isMoving: boolean}|null} */
    let start = null;
    const out = () => (getComputedStyle(sheet).direction === "rtl" ? 1 : -1);
    sheet.addEventListener("pointerdown", (event) => {
        if (event.pointerType === "mouse") return;
        start = { x: event.clientX, y: event.clientY, id: event.pointerId, time: event.timeStamp, isMoving: false };
    });
    sheet.addEventListener("pointermove", (event) => {
        if (event.pointerId !== start?.id) return;
        const way = (event.clientX - start.x) * out();
        if (!start.isMoving && way < 12) return;
        start.isMoving = true;
        sheet.style.translate = `${Math.max(0, way) * out()}px`;
    });
    const end = (/** @type {PointerEvent} */ event) => {
        if (event.pointerId !== start?.id) return;
        const way = (event.clientX - start.x) * out();
        const isFlick = way > 40 && way / (event.timeStamp - start.time) > 0.5;
        const isOut = start.isMoving && event.type === "pointerup" && (isFlick || way > sheet.offsetWidth / 3);
        start = null;
        sheet.style.translate = "";
        if (isOut) onout();
    };
    sheet.addEventListener("pointerup", end);
    sheet.addEventListener("pointercancel", end);
}
