// How seats stand: as a person wants it, where there is room for it.
import { recall, remember } from "../../core/remember.js";

/** @typedef {"grid"|"tabs"|"stacked"} Layout */

/** Narrower than this, seats do not stand side by side. */
const NARROW_REM = 40;
/** The least width of a column, and what lies between two. */
const COLUMN_REM = 20;
const GAP_REM = 0.75;
const WIDEST_REM = 110;

/** As many columns as leave no seat alone in the last row, if that can be. @param {number} seats @param {number} room how many stand side by side */
export function columns(seats, room) {
    if (seats < 1) return 1;
    const rows = Math.ceil(seats / Math.max(1, room));
    return Math.ceil(seats / rows);
}

export class SeatLayout {
    #width = 0;

    /**
     * @param {Element} element whose width counts
     * @param {(isOther: boolean) => void} onresize isOther: another layout fits now
     * @param {AbortSignal} signal
     */
    constructor(element, onresize, signal) {
        this.rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
        this.#width = element.clientWidth;
        const observer = new ResizeObserver(() => {
            const before = [this.isNarrow, this.room];
            this.#width = element.clientWidth;
            onresize(before[0] !== this.isNarrow || before[1] !== this.room);
        });
        observer.observe(element);
        signal.addEventListener("abort", () => observer.disconnect());
    }

    /** Out of the page it has no width, and nothing is narrow. */
    get isNarrow() {
        return this.#width > 0 && this.#width < NARROW_REM * this.rem;
    }

    /** How many columns fit. */
    get room() {
        const width = Math.min(this.#width / this.rem, WIDEST_REM);
        return Math.max(1, Math.floor((width + GAP_REM) / (COLUMN_REM + GAP_REM)));
    }

    /** @param {number} seats @returns {Layout} */
    of(seats) {
        if (seats < 2) return "stacked";
        const wanted = recall("compare.layout", "grid");
        return wanted === "stacked" ? "stacked" : this.isNarrow || wanted === "tabs" ? "tabs" : "grid";
    }
}

/** @param {Layout} layout */
export const rememberLayout = (layout) => remember("compare.layout", layout);
export const isSynced = () => recall("compare.synced", false);
/** @param {boolean} isOn */
export const rememberSynced = (isOn) => remember("compare.synced", isOn);

/** The seats of a run that a person took out of sight. @param {string} run @returns {number[]} */
export const removedSeats = (run) => recall(`compare.removed.${run}`, []);
/** @param {string} run @param {number[]} seats */
export const rememberRemoved = (run, seats) => remember(`compare.removed.${run}`, seats.length ? seats : undefined);
