/**
 * The open paragraph.
 *
 * While it is short, it is read again whenever it has grown. Past some size, only after it has grown by an eighth; what
 * came since is shown as written. The cost of a paragraph of any length is thus a small multiple of its length.
 */
import { fillInline, isTooLong } from './dom-inline.js';

const short = 4096;

/** @type {WeakMap<Element, {read: string, more: Text | null}>} */
const states = new WeakMap();

/**
 * @param {Element} element
 * @param {string} text
 * @param {Map<string, {href: string, title: string}>} references
 * @param {(() => Element) | null} box a task's box before the text
 */
export function showTail(element, text, references, box) {
    const shown = withoutUnfinishedRow(text);
    const state = states.get(element);
    if (state && shown === state.read && !state.more) { return; }
    const isPlain = isTooLong(shown);
    const grown = state ? shown.length - state.read.length : 0;
    const enough = isPlain ? state?.read === '' : shown.length > short && grown >= 0 && grown < state?.read.length / 8;
    if (state && enough && shown.startsWith(state.read)) {
        showMore(element, state, shown.slice(state.read.length));
        return;
    }
    if (isPlain) {
        // Nothing of it is read as Markdown; see `isTooLong`.
        element.replaceChildren();
        const plain = { read: '', more: null };
        states.set(element, plain);
        showMore(element, plain, shown);
        return;
    }
    fillInline(element, shown.trimEnd(), references);
    if (box) { element.insertBefore(box(), element.firstChild); }
    states.set(element, { read: shown, more: null });
}

/** Shows what came since the last reading, as it was written. */
function showMore(element, state, rest) {
    if (!state.more) {
        state.more = element.ownerDocument.createTextNode('');
        element.appendChild(state.more);
    }
    if (rest.startsWith(state.more.data)) {
        state.more.appendData(rest.slice(state.more.data.length));
    } else {
        state.more.data = rest;
    }
}

/** A line that begins with a bar is held back: it may be a table's first, and would jump when the second comes. */
function withoutUnfinishedRow(text) {
    const end = text.endsWith('\n') ? text.length - 1 : text.length;
    const start = text.lastIndexOf('\n', end - 1) + 1;
    return text[start] === '|' && end - start < 512 ? text.slice(0, start) : text;
}
