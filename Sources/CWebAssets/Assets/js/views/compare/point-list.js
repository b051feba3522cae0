// The points in which answers differ, to pick from.
import { h, icon, reconcile } from "../../core/dom.js";
import { listed } from "./seat-state.js";

export class PointList {
    /** @param {(picks: string[]) => Promise<void>} onwrite */
    constructor(onwrite) {
        this.list = h("ul.point-list");
        this.wait = h("p.muted", { text: "Looking for the points where they differ…" });
        this.write = h("button.primary", { type: "button", disabled: true, onclick: async () => {
            this.write.disabled = true;
            await onwrite(this.#picked);
            this.#count();
        } }, icon("edit"), "Write it from these points");
        this.end = h("div.row", {}, this.write, h("span.muted.small", { text: "Tick what the answer should say." }));
        this.element = h("div.points", { hidden: true, onchange: () => this.#count() }, this.wait, this.list, this.end);
    }

    /** @param {boolean} isShown @param {{text: string, seats: number[]}[]|null} points null while they are looked for @param {(seat: number) => string} nameOf */
    update(isShown, points, nameOf) {
        this.element.hidden = !isShown;
        this.wait.hidden = points !== null && points.length > 0;
        this.end.hidden = !this.wait.hidden;
        reconcile(
            this.list, (points ?? []).map((point, index) => ({ ...point, key: `${index}.${point.text}` })), (point) => point.key,
            (point) => {
                const who = h("span.muted.small");
                const row = h("li", {}, h("label.point", {}, h("input", { type: "checkbox", value: point.text }), h("span", {}, h("span", { text: point.text, dir: "auto" }), who)));
                row.who = who;
                return row;
            },
            (row, point) => (row.who.textContent = point.seats.length ? listed([...point.seats].sort().map(nameOf)) : ""),
        );
    }

    get #picked() {
        return /** @type {HTMLInputElement[]} */ ([...this.list.querySelectorAll("input:checked")]).map((box) => box.value);
    }

    #count() {
        this.write.disabled = this.#picked.length === 0;
    }
}
