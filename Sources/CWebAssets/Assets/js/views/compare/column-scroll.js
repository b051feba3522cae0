// Scrolling inside the columns: each follows its own end while one is there, and, if wished, all move together.

/** One column. It never asks for the layout itself: sizes are read when the browser has just worked them out. */
export class ColumnScroll {
    #isFollowing = true;
    #top = 0;
    #observer;

    /**
     * @param {HTMLElement} scroller
     * @param {HTMLElement} content
     * @param {(column: ColumnScroll) => void} onchange called when `hasOverflow` or `isAtEnd` may be others
     */
    constructor(scroller, content, onchange) {
        this.scroller = scroller;
        this.onchange = onchange;
        this.hasOverflow = false;
        this.isAtEnd = true;
        /** Whether there is more to come, so that following makes sense. */
        this.isLive = false;
        scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
        this.#observer = new ResizeObserver(() => this.#sized());
        this.#observer.observe(scroller);
        this.#observer.observe(content);
    }

    close() {
        this.#observer.disconnect();
    }

    /** Goes to the end, and follows it. */
    follow() {
        this.#isFollowing = true;
        this.scroller.scrollTop = this.scroller.scrollHeight;
    }

    /** How far down it is, of what can be scrolled. */
    get share() {
        const range = this.scroller.scrollHeight - this.scroller.clientHeight;
        return range > 0 ? this.scroller.scrollTop / range : 0;
    }

    set share(share) {
        this.scroller.scrollTop = share * (this.scroller.scrollHeight - this.scroller.clientHeight);
    }

    #scrolled() {
        const { scrollTop, scrollHeight, clientHeight } = this.scroller;
        const isAtEnd = scrollHeight - scrollTop - clientHeight < 24;
        // What grows leaves the place as it is; only a person goes up.
        if (isAtEnd) this.#isFollowing = true;
        else if (scrollTop < this.#top - 2) this.#isFollowing = false;
        this.#top = scrollTop;
        this.#tell(this.hasOverflow, isAtEnd);
    }

    #sized() {
        const { scroller } = this;
        if (this.isLive && this.#isFollowing) scroller.scrollTop = scroller.scrollHeight;
        const { scrollTop, scrollHeight, clientHeight } = scroller;
        this.#tell(scrollHeight > clientHeight + 4, scrollHeight - scrollTop - clientHeight < 24);
    }

    /** @param {boolean} hasOverflow @param {boolean} isAtEnd */
    #tell(hasOverflow, isAtEnd) {
        if (hasOverflow === this.hasOverflow && isAtEnd === this.isAtEnd) return;
        this.hasOverflow = hasOverflow;
        this.isAtEnd = isAtEnd;
        this.onchange(this);
    }
}

/** Moves all columns by the one that a person moves: each to the same share of its own length. */
export class SyncedScroll {
    /** @type {ColumnScroll|null} the one under the hand */
    #driver = null;
    isOn = false;

    /** @param {() => Iterable<ColumnScroll>} columns */
    constructor(columns) {
        this.columns = columns;
    }

    /** @param {ColumnScroll} column */
    add(column) {
        const take = () => (this.#driver = column);
        for (const name of ["pointerover", "pointerdown", "touchstart", "wheel", "focusin", "keydown"]) {
            column.scroller.addEventListener(name, take, { passive: true });
        }
        column.scroller.addEventListener("scroll", () => this.#moved(column), { passive: true });
    }

    /** @param {ColumnScroll} column */
    #moved(column) {
        if (!this.isOn || this.#driver !== column) return;
        const { share } = column;
        for (const other of this.columns()) if (other !== column) other.share = share;
    }
}
