/** Emphasis: which runs of `*`, `_` and `~~` open and close what. CommonMark's "process emphasis". */
import { deepestInline, InlineNode } from './inline-node.js';

/**
 * @typedef {object} Delimiter
 * @property {InlineNode} node
 * @property {string} character
 * @property {number} count what is left of the run
 * @property {number} length what the run had at first
 * @property {boolean} opens
 * @property {boolean} closes
 * @property {Delimiter | null} previous
 * @property {Delimiter | null} next
 */

const space = /^[\s\u00a0]?$/u;
const punctuation = /[\p{P}\p{S}]/u;

/** Reads a run of delimiters and puts it on the parser's stack. */
export function delimiterRun(parser, character) {
    const { text, position } = parser;
    let end = position;
    while (text[end] === character) { end++; }
    const run = text.slice(position, end);
    parser.position = end;
    const sides = flanks(text, position, end, character);
    const usable = (sides.opens || sides.closes) && (character !== '~' || run.length <= 2);
    if (!usable) { return parser.addText(run); }
    const node = new InlineNode('text', run);
    node.pinned = true;
    parser.add(node);
    const delimiter = {
        node, character, count: run.length, length: run.length, ...sides, previous: parser.delimiters, next: null,
    };
    if (parser.delimiters) { parser.delimiters.next = delimiter; }
    parser.delimiters = delimiter;
    return true;
}

/** @returns {{opens: boolean, closes: boolean}} */
function flanks(text, start, end, character) {
    const before = characterBefore(text, start);
    const after = end < text.length ? String.fromCodePoint(/** @type {number} */ (text.codePointAt(end))) : '';
    const [spaceBefore, spaceAfter] = [space.test(before), space.test(after)];
    const [markBefore, markAfter] = [punctuation.test(before), punctuation.test(after)];
    const left = !spaceAfter && (!markAfter || spaceBefore || markBefore);
    const right = !spaceBefore && (!markBefore || spaceAfter || markAfter);
    if (character === '_') { return { opens: left && (!right || markBefore), closes: right && (!left || markAfter) }; }
    // One tilde inside words is a range, "1~2 and 3~4", not the beginning of something struck out.
    if (character === '~' && end - start === 1) { return { opens: left && !right, closes: right && !left }; }
    return { opens: left, closes: right };
}

function characterBefore(text, index) {
    if (index === 0) { return ''; }
    const unit = text.charCodeAt(index - 1);
    const isTrail = unit >= 0xDC00 && unit <= 0xDFFF && index > 1;
    return isTrail ? text.slice(index - 2, index) : text[index - 1];
}

/**
 * Matches closers with openers, above `bottom` on the parser's stack.
 *
 * @param {import('./inlines.js').InlineParser} parser
 * @param {Delimiter | null} bottom
 */
export function closeEmphasis(parser, bottom) {
    /** How far down openers for a kind of closer were looked for in vain. @type {Map<string, Delimiter | null>} */
    const searched = new Map();
    let closer = lowest(parser.delimiters, bottom);
    while (closer) {
        if (!closer.closes) { closer = closer.next; continue; }
        const kind = closer.character + (closer.character === '~' ? closer.length : closer.length % 3) + closer.opens;
        const opener = findOpener(closer, searched.get(kind) ?? bottom);
        if (opener) {
            closer = wrap(parser, opener, closer);
            continue;
        }
        searched.set(kind, closer.previous);
        const { next } = closer;
        if (!closer.opens) { drop(parser, closer); }
        closer = next;
    }
    while (parser.delimiters && parser.delimiters !== bottom) { drop(parser, parser.delimiters); }
}

function lowest(top, bottom) {
    let found = null;
    for (let each = top; each && each !== bottom; each = each.previous) { found = each; }
    return found;
}

function findOpener(closer, limit) {
    for (let opener = closer.previous; opener && opener !== limit; opener = opener.previous) {
        if (opener.opens && opener.character === closer.character && fits(opener, closer)) { return opener; }
    }
    return null;
}

function fits(opener, closer) {
    if (closer.character === '~') { return opener.length === closer.length; }
    const oneIsBoth = opener.closes || closer.opens;
    return !(oneIsBoth && (opener.length + closer.length) % 3 === 0 && closer.length % 3 !== 0);
}

/** @returns {Delimiter | null} the next closer to look at */
function wrap(parser, opener, closer) {
    const isTilde = closer.character === '~';
    const used = isTilde ? closer.count : opener.count >= 2 && closer.count >= 2 ? 2 : 1;
    const wrapper = new InlineNode(isTilde ? 'del' : used === 2 ? 'strong' : 'em');
    while (closer.previous && closer.previous !== opener) { drop(parser, closer.previous); }
    let height = 0;
    for (let node = opener.node.next; node && node !== closer.node; node = node.next) {
        height = Math.max(height, node.height);
    }
    if (height >= deepestInline) {
        // Too deep: both runs stay text. They leave the stack, or the same pair would be found for ever.
        const { next } = closer;
        drop(parser, opener);
        drop(parser, closer);
        return next;
    }
    wrapper.takeAfter(opener.node, closer.node);
    opener.node.insertAfter(wrapper);
    for (const side of [opener, closer]) {
        side.count -= used;
        side.node.text = side.character.repeat(side.count);
    }
    if (opener.count === 0) { drop(parser, opener); opener.node.remove(); }
    if (closer.count > 0) { return closer; }
    const { next } = closer;
    drop(parser, closer);
    closer.node.remove();
    return next;
}

function drop(parser, delimiter) {
    if (delimiter.previous) { delimiter.previous.next = delimiter.next; }
    if (delimiter.next) { delimiter.next.previous = delimiter.previous; } else { parser.delimiters = delimiter.previous; }
}
