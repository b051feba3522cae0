// A mark of our own for each family of models: a shape and a colour, the same wherever its models appear.
import { h, svg } from "../core/dom.js";
import { shortModel } from "../core/format.js";

/** Shapes in a field of 24 x 24, filled. */
const SHAPES = [
    "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18",
    "M4 4h16v16H4z",
    "M12 2.500 21 7.500v9L12 21.500 3 16.500v-9z",
    "M12 2l10 10-10 10L2 12z",
    "M12 3l9.500 17h-19z",
    "M4 4h10a6 6 0 0 1 6 6v10H10a6 6 0 0 1-6-6z",
    "M12 2.500l2.800 6 6.700.8-5 4.500 1.400 6.700-5.900-3.400-5.900 3.400 1.400-6.700-5-4.500 6.700-.8z",
    "M3 9a6 6 0 0 1 9-5 6 6 0 0 1 9 5c0 5-5 9-9 12-4-3-9-7-9-12",
];

/** Families with a look of their own; all others get one from their name. @type {Record<string, [number, number]>} shape, hue */
const KNOWN = {
    anthropic: [6, 28], openai: [2, 165], google: [3, 250], meta: [0, 225], mistral: [1, 45], deepseek: [5, 265],
    xai: [4, 300], qwen: [7, 290], simulated: [0, 190], ollama: [5, 90], openrouter: [3, 320],
};

/** @param {string} name */
function look(name) {
    if (KNOWN[name]) return KNOWN[name];
    let hash = 2166136261;
    for (const sign of name) hash = Math.imul(hash ^ /** @type {number} */ (sign.codePointAt(0)), 16777619) >>> 0;
    return /** @type {[number, number]} */ ([hash % SHAPES.length, (hash >>> 8) % 360]);
}

/** The family of a model: of models that a provider passes on, their maker. @param {string} id */
export function family(id) {
    const names = id.toLowerCase().split("/");
    return names.length > 2 ? names[1] : names[0];
}

/** The mark; decoration beside the name. @param {string|null|undefined} id null: hidden by a blind compare */
export function modelMark(id) {
    const picture = svg("svg", { viewBox: "0 0 24 24", class: "model-mark", "aria-hidden": "true" });
    if (!id) {
        picture.classList.add("hidden-model");
        picture.append(svg("path", { d: SHAPES[0] }));
        return picture;
    }
    const [shape, hue] = look(family(id));
    picture.style.setProperty("--hue", String(hue));
    const sign = shortModel(id).replace(/[^a-z0-9]/gi, "").charAt(0).toUpperCase();
    picture.append(
        svg("path", { d: SHAPES[shape] }),
        svg("text", { x: 12, y: shape === 4 ? 17.5 : 16, "text-anchor": "middle" }, sign),
    );
    return picture;
}

/** Mark and name. @param {string|null|undefined} id @param {{label?: string}} [options] label: what to say of a model whose name is hidden */
export function modelName(id, { label } = {}) {
    return h("span.model-name", { title: id ?? null }, modelMark(id), h("span", { text: id ? shortModel(id) : label ?? "hidden model" }));
}
