/**
 * Formulas as MathML, through KaTeX.
 *
 * KaTeX is fetched when the first formula appears; until then, and when it is missing, the source is shown. KaTeX's own
 * output sets style attributes, which the page's policy forbids, so its tree is walked here and built from a fixed
 * list of elements and attributes.
 */
import { make } from './elements.js';
import { loadVendor, whenIdle } from './vendor.js';

const namespace = 'http://www.w3.org/1998/Math/MathML';

const elements = new Set(('math semantics annotation mrow mi mn mo mtext mspace msup msub msubsup mover munder ' +
    'munderover mfrac msqrt mroot mtable mtr mtd mlabeledtr mpadded mphantom mstyle menclose merror').split(' '));

const attributes = new Set(('display mathvariant stretchy fence separator lspace rspace accent accentunder movablelimits ' +
    'symmetric minsize maxsize linethickness columnalign rowspacing columnspacing columnlines rowlines frame ' +
    'displaystyle scriptlevel mathcolor mathbackground width height depth voffset notation largeop side').split(' '));

const settings = { output: 'mathml', throwOnError: false, trust: false, strict: 'ignore', maxExpand: 200, maxSize: 20 };

/** Formulas are drawn again whenever their paragraph grows; most are the same as before. @type {Map<string, Element | null>} */
const drawn = new Map();
const mostDrawn = 400;

/** Elements that show their source until KaTeX is there. @type {Set<{element: Element, tex: string, display: boolean}>} */
const waiting = new Set();
/** Sent to a view's element when formulas in it have been drawn. */
export const drawnEvent = 'md-drawn';
/** KaTeX; null until it has been asked for, false when it is missing. @type {any} */
let katex = null;
let requested = false;

/**
 * @param {Document} document
 * @param {string} tex
 * @param {boolean} display whether it stands on a line of its own
 * @returns {Element}
 */
export function formulaElement(document, tex, display) {
    const ready = katex ? draw(document, tex, display) : null;
    if (ready) { return ready; }
    const element = make(document, 'code', { class: display ? 'md-math md-math-display' : 'md-math', dir: 'ltr' }, tex);
    if (katex === null) {
        waiting.add({ element, tex, display });
        request();
    }
    return element;
}

async function request() {
    if (requested) { return; }
    requested = true;
    const module = await loadVendor('katex.mjs');
    katex = module?.default?.__renderToDomTree ? module.default : false;
    if (katex) { whenIdle(replaceSome); } else { waiting.clear(); }
}

/** Replaces sources by formulas, some milliseconds at a time. */
function replaceSome() {
    const deadline = performance.now() + 8;
    const changed = new Set();
    for (const entry of waiting) {
        waiting.delete(entry);
        const { element, tex, display } = entry;
        if (element.parentNode) {
            const formula = draw(element.ownerDocument, tex, display);
            changed.add(element.closest('.md'));
            if (formula) { element.replaceWith(formula); }
        }
        if (performance.now() > deadline) { break; }
    }
    if (waiting.size > 0) { whenIdle(replaceSome); }
    // Heights have changed: whoever keeps the end in sight wants to know.
    for (const view of changed) { view?.dispatchEvent(new Event(drawnEvent)); }
}

function draw(document, tex, display) {
    const key = (display ? 'd' : 'i') + tex;
    let formula = drawn.get(key);
    if (formula === undefined) {
        formula = convert(document, tex, display);
        if (drawn.size >= mostDrawn) { drawn.delete(drawn.keys().next().value); }
        drawn.set(key, formula);
    }
    return formula && document.importNode(formula, true);
}

/** @returns {Element | null} null when KaTeX cannot read the source */
function convert(document, tex, display) {
    try {
        const tree = katex.__renderToDomTree(tex, { ...settings, displayMode: display });
        const math = findMath(tree);
        const element = math && build(document, math, 0);
        element?.setAttribute('class', display ? 'md-formula md-formula-display' : 'md-formula');
        return element;
    } catch {
        return null;
    }
}

/** KaTeX wraps its `<math>` in spans; an error has none. */
function findMath(node) {
    if (node.type === 'math') { return node; }
    for (const child of node.children ?? []) {
        const found = findMath(child);
        if (found) { return found; }
    }
    return null;
}

/** @returns {Element} */
function build(document, node, depth) {
    if (depth > 100) { throw new Error('The formula is nested too deeply.'); }
    // KaTeX's spaces are nodes without a type: a character, or a width.
    if (node.character !== undefined || node.width !== undefined) { return buildSpace(document, node); }
    if (node.type === undefined) { return document.createTextNode(node.text ?? ''); }
    if (!elements.has(node.type)) { throw new Error(`No <${node.type}> in formulas.`); }
    const element = document.createElementNS(namespace, node.type);
    for (const [name, value] of Object.entries(node.attributes ?? {})) {
        if (attributes.has(name)) { element.setAttribute(name, String(value)); }
    }
    for (const child of node.children ?? []) {
        element.appendChild(build(document, child, depth + 1));
    }
    return element;
}

function buildSpace(document, node) {
    if (node.character) { return document.createTextNode(node.character); }
    const space = document.createElementNS(namespace, 'mspace');
    space.setAttribute('width', node.width + 'em');
    return space;
}
