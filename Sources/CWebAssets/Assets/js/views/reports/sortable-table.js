// A table that is sorted by its headings.
import { fill, h } from "../../core/dom.js";

/** @typedef {{label: string, title?: string, isNumber?: boolean, value: (row: any) => any, cell: (row: any) => Node|string}} TableColumn */

/**
 * @param {TableColumn[]} columns the first one names the row
 * @param {any[]} rows
 * @param {{caption: string, by: number, isDown: boolean}} options what it is sorted by to begin with
 */
export function sortableTable(columns, rows, { caption, by, isDown }) {
    const body = h("tbody");
    const heads = columns.map((column, index) => h(
        "th", { scope: "col", class: column.isNumber ? "number" : "" },
        h("button.sort", { type: "button", title: column.title ?? null, onclick: () => sort(index, index === by ? !isDown : Boolean(column.isNumber)) },
            h("span", { text: column.label }), h("span.sort-sign", { "aria-hidden": "true" })),
    ));
    const table = h("table", {}, h("caption.visually-hidden", { text: caption }), h("thead", {}, h("tr", {}, heads)), body);
    const lines = new Map(rows.map((row) => [row, h("tr", {}, columns.map((column, index) =>
        h(index ? "td" : "th", { scope: index ? null : "row", class: column.isNumber ? "number" : "" }, column.cell(row))))]));

    /** @param {number} index @param {boolean} down */
    function sort(index, down) {
        [by, isDown] = [index, down];
        heads.forEach((head, place) => {
            if (place === by) head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
            else head.removeAttribute("aria-sort");
            head.querySelector(".sort-sign").textContent = place === by ? (isDown ? "↓" : "↑") : "";
        });
        const sorted = [...rows].sort((one, other) => order(columns[by].value(one), columns[by].value(other), isDown));
        fill(body, sorted.map((row) => lines.get(row)));
    }
    sort(by, isDown);
    return h("div.table-scroll", { role: "region", "aria-label": caption, tabindex: "0" }, table);
}

/** What is not known comes last, either way. @param {any} one @param {any} other @param {boolean} isDown */
function order(one, other, isDown) {
    if (one === null || other === null) return (one === null ? 1 : 0) - (other === null ? 1 : 0);
    const way = typeof one === "string" ? one.localeCompare(other) : one - other;
    return isDown ? -way : way;
}
