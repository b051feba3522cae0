// The line above the seats: how far they are, what can be done with all of them, how they are laid out.
import { h, icon, iconButton } from "../../core/dom.js";
import { money, plural } from "../../core/format.js";
import { openMenu } from "../../parts/menu.js";
import { addSeats, copyAll, SEAT_LIMIT, tell } from "./seat-actions.js";
import { progress } from "./seat-state.js";

/** @typedef {import("./seat-layout.js").Layout} Layout */
/** @type {[Layout, string, import("../../core/dom.js").IconName][]} */
const LAYOUTS = [["grid", "Side by side", "columns"], ["tabs", "One at a time", "tabs"], ["stacked", "One below the other", "stack"]];

export class CompareBar {
    /** @param {import("./compare-block.js").CompareBlock} block */
    constructor(block) {
        this.block = block;
        this.words = h("span.compare-progress");
        this.hidden = h("button.link", { type: "button", hidden: true, onclick: () => block.showHidden() });
        this.stop = h("button", { type: "button", hidden: true, onclick: () => void tell(block, "cancel") }, icon("stop"), "Stop all");
        this.fuse = h("button", { type: "button", hidden: true, onclick: () => block.putTogether() }, icon("merge"), "Put together…");
        this.add = iconButton("plus", "Add a model", () => void addSeats(block));
        this.sync = iconButton("link", "Scroll together", () => block.setSynced(!block.isSynced), { "aria-pressed": "false" });
        this.layouts = h("div.segments.compare-layouts", { role: "group", "aria-label": "Layout" }, LAYOUTS.map(([layout, label, picture]) =>
            h("button", { type: "button", "aria-label": label, title: label, "data-layout": layout, onclick: () => block.setLayout(layout) }, icon(picture))));
        this.more = iconButton("more", "More for all answers", () => this.#menu());
        this.element = h(
            "div.compare-bar", { role: "group", "aria-label": "All answers" },
            h("div.compare-facts", {}, this.words, this.hidden),
            h("div.compare-tools", {}, this.stop, this.fuse, this.add, this.sync, this.layouts, this.more),
        );
    }

    /** @param {import("./seat-state.js").SeatView[]} views @param {{layout: Layout, isNarrow: boolean, hiddenCount: number}} how */
    update(views, { layout, isNarrow, hiddenCount }) {
        const { block } = this;
        const { run } = block.feed;
        const isBlind = views.some((view) => view.isBlind);
        const whole = views.filter((view) => view.message).length;
        const cost = isBlind || run.cost == null ? "" : ` · ${money(run.cost)}`;
        const words = `${progress(views)}${cost}`;
        if (this.words.textContent !== words) this.words.textContent = words;
        this.hidden.hidden = hiddenCount === 0;
        this.hidden.textContent = `${plural(hiddenCount, "removed answer")}: show`;
        this.fuse.hidden = whole < 2;
        // The name of a model that is added would tell which answer is its.
        this.add.hidden = isBlind || run.seats.length >= SEAT_LIMIT;
        this.sync.hidden = layout !== "grid" || views.length < 2;
        this.sync.setAttribute("aria-pressed", String(block.isSynced));
        this.layouts.hidden = views.length < 2;
        for (const button of this.layouts.children) {
            button.setAttribute("aria-pressed", String(button.dataset.layout === layout));
            button.hidden = isNarrow && button.dataset.layout === "grid";
        }
        this.more.hidden = whole === 0;
        if (!block.isRunning && document.activeElement === this.stop) this.layouts.querySelector("button:not([hidden])")?.focus({ preventScroll: true });
        this.stop.hidden = !block.isRunning;
    }

    #menu() {
        const { block } = this;
        openMenu(this.more, [
            { label: "Copy all as Markdown", icon: "copy", run: () => void copyAll(block) },
            { label: "Show all at full length", icon: "down", run: () => block.expandAll(true) },
            { label: "Keep long answers short", icon: "up", run: () => block.expandAll(false) },
        ]);
    }
}
