// Bars, drawn as inline SVG. Each chart is one picture with words of its own; the table beside it has the same figures.
import { h, svg } from "../../core/dom.js";

/** @typedef {{name: string, value: number, label?: Node}} Bar */

const HEIGHT = 200;
const FOOT = 24;
const HEAD = 8;

/** A round number at or above the greatest, whose half is as round. @param {number[]} values */
export function roundUp(values) {
    const most = Math.max(...values);
    if (most <= 0) return 2;
    const unit = 10 ** Math.floor(Math.log10(most));
    const top = /** @type {number} */ ([1, 2, 4, 6, 8, 10].find((step) => step * unit >= most * 0.999999)) * unit;
    // There is no half request.
    return values.every(Number.isInteger) ? Math.max(2, top) : top;
}

/**
 * Columns along time. Drawn in the pixels of its place, and anew when that changes.
 * @param {Bar[]} bars @param {{label: string, text: (value: number) => string, name: (name: string) => string}} options
 */
export function columnChart(bars, { label, text, name }) {
    const readout = h("p.chart-readout.muted.small", { "aria-hidden": "true" });
    const place = h("div.chart-place", { role: "img", "aria-label": label });
    const element = h("figure.chart", {}, place, readout);
    const rest = () => (readout.textContent = label);
    rest();
    let chosen = -1;
    place.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
        const target = /** @type {any} */ (event.target).closest?.("[data-index]");
        const index = target ? Number(target.dataset.index) : -1;
        if (index === chosen) return;
        chosen = index;
        place.querySelector(".chosen")?.classList.remove("chosen");
        target?.classList.add("chosen");
        if (index < 0) rest();
        else readout.textContent = `${name(bars[index].name)}: ${text(bars[index].value)}`;
    });
    place.addEventListener("pointerleave", () => {
        place.querySelector(".chosen")?.classList.remove("chosen");
        chosen = -1;
        rest();
    });
    const observer = new ResizeObserver(([entry]) => place.replaceChildren(drawColumns(bars, entry.contentRect.width, text, name)));
    observer.observe(place);
    return { element, close: () => observer.disconnect() };
}

/** @param {Bar[]} bars @param {number} width @param {(value: number) => string} text @param {(name: string) => string} name */
function drawColumns(bars, width, text, name) {
    const top = roundUp(bars.map((bar) => bar.value));
    const side = 3.5 * 16;
    const room = Math.max(40, width - side);
    const step = room / bars.length;
    const thickness = Math.max(1, Math.min(28, step - (step > 6 ? 3 : step > 3 ? 1 : 0)));
    const y = (/** @type {number} */ value) => HEAD + (HEIGHT - HEAD - FOOT) * (1 - value / top);
    const x = (/** @type {number} */ index) => side + index * step;
    const picture = svg("svg", { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, class: "columns" });
    for (const share of [0, 0.5, 1]) {
        const line = Math.round(y(top * share)) + 0.5;
        picture.append(
            svg("line", { x1: side, x2: width, y1: line, y2: line, class: share ? "grid" : "base" }),
            svg("text", { x: side - 8, y: line + 4, "text-anchor": "end", class: "axis" }, text(top * share)),
        );
    }
    bars.forEach((bar, index) => {
        const height = bar.value > 0 ? Math.max(2, y(0) - y(bar.value)) : 0;
        picture.append(
            svg("g", { "data-index": index },
                svg("rect", { x: x(index), y: 0, width: step, height: HEIGHT - FOOT, class: "hit-area" }),
                svg("rect", { x: x(index) + (step - thickness) / 2, y: y(0) - height, width: thickness, height, rx: Math.min(3, thickness / 3), class: "bar" })),
        );
    });
    const shown = Math.max(1, Math.ceil(bars.length / Math.max(1, Math.floor(room / 76))));
    for (let index = bars.length - 1; index >= 0; index -= shown) {
        const middle = x(index) + step / 2;
        // The outermost words stay inside.
        const anchor = width - middle < 30 ? "end" : middle - side < 20 ? "start" : "middle";
        picture.append(svg("text", { x: anchor === "end" ? Math.min(width, middle + step / 2) : middle, y: HEIGHT - 6, "text-anchor": anchor, class: "axis" }, name(bars[index].name)));
    }
    return picture;
}

/**
 * Bars side by side with names, longest first as given.
 * @param {Bar[]} bars @param {{label: string, text: (bar: any) => string, top?: number, range?: (bar: any) => [number, number]|null}} options
 *   top: what fills the whole width; range: where the true value lies, as a whisker
 */
export function barChart(bars, { label, text, top = Math.max(...bars.map((bar) => bar.value)), range }) {
    const part = (/** @type {number} */ value) => `${top > 0 ? Math.max(0, Math.min(100, (100 * value) / top)) : 0}%`;
    const row = (/** @type {Bar} */ bar) => {
        const whisker = range?.(bar);
        const picture = svg("svg", { class: "bar-line", width: "100%", height: 18, "aria-hidden": "true" },
            svg("rect", { x: 0, y: 3, width: "100%", height: 12, rx: 3, class: "bar-track" }),
            svg("rect", { x: 0, y: 3, width: bar.value > 0 ? part(bar.value) : "0", height: 12, rx: 3, class: "bar" }));
        // Twice: the wider one below sets it off from the bar.
        for (const name of whisker ? ["whisker-edge", "whisker"] : []) {
            picture.append(svg("line", { x1: part(whisker[0]), x2: part(whisker[1]), y1: 9, y2: 9, class: name }));
            for (const end of whisker) picture.append(svg("line", { x1: part(end), x2: part(end), y1: 5, y2: 13, class: name }));
        }
        return h("div.bar-row", {}, h("span.bar-name", {}, bar.label ?? bar.name), picture, h("span.bar-value", { text: text(bar) }));
    };
    return h("div.bars", { role: "img", "aria-label": label }, bars.map(row));
}
