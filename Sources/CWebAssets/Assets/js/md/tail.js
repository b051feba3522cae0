/**
 * The open paragraph.
 *
 * While it is short, it is read again whenever it has grown. Past some size, only after it has grown by an eighth; what
 * came since is shown as written. The cost of a paragraph of any length is thus a small multiple of its length.
 */
import { fillInline } from './dom-inline.js';

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
    const grown = state ? shown.length - state.read.length : 0;
    if (state && shown.length > short && grown >= 0 && grown < state.read.length / 8 && shown.startsWith(state.read)) {
        const rest = shown.slice(state.read.length);
        if (!state.more) {
            state.more = element.ownerDocument.createTextNode('');
            element.appendChild(state.more);
        }
        if (rest.startsWith(state.more.data)) {
            state.more.appendData(rest.slice(state.more.data.length));
        } else {
            state.more.data = rest;
        }
        return;
    }
    fillInline(element, shown.trimEnd(), references);
    if (box) { element.insertBefore(box(), element.firstChild); }
    states.set(element, { read: shown, more: null });
}

/** A line that begins with a bar is held back: it may be a table's first, and would jump when the second comes. */
function withoutUnfinishedRow(text) {
    const end = text.endsWith('\n') ? text.length - 1 : text.length;
    const start = text.lastIndexOf('\n', end - 1) + 1;
    return text[start] === '|' && end - start < 512 ? text.slice(0, start) : text;
}
