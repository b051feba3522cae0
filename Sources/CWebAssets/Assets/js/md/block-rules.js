/**
 * For each kind of block: does a line continue it, and what happens when it closes.
 */
import { readDefinition } from './links.js';

/** Dollars that stand around more than this are no formula. */
const longestFormula = 8000;

/** @typedef {import('./blocks.js').Block} Block */
/** @typedef {import('./blocks.js').BlockParser} BlockParser */

/**
 * @param {BlockParser} parser
 * @param {Block} block
 * @returns {'yes' | 'no' | 'close'} `close`: it ends with this line, which is thereby used up
 */
export function continues(parser, block) {
    const { cursor } = parser;
    switch (block.type) {
    case 'list': return 'yes';
    case 'quote': return continuesQuote(cursor);
    case 'item': return continuesItem(cursor, block);
    case 'code': return block.fence ? continuesFence(cursor, block) : continuesIndented(cursor);
    case 'html': return cursor.blank && !block.end ? 'no' : 'yes';
    case 'math': return continuesMath(cursor, block);
    case 'paragraph': case 'table': return cursor.blank ? 'no' : 'yes';
    default: return 'no';
    }
}

function continuesQuote(cursor) {
    if (cursor.indented || cursor.text[cursor.next] !== '>') { return 'no'; }
    enterQuote(cursor);
    return 'yes';
}

/** Steps over a quote's mark and the one space that belongs to it. */
export function enterQuote(cursor) {
    cursor.skipSpace();
    cursor.skip(1);
    if (cursor.atSpace) { cursor.skipColumns(1); }
}

function continuesItem(cursor, item) {
    if (cursor.blank) {
        // An item may begin with one blank line, not with two.
        if (item.children === 0) { return 'no'; }
        cursor.skipSpace();
        return 'yes';
    }
    if (cursor.indent < item.padding) { return 'no'; }
    cursor.skipColumns(item.padding);
    return 'yes';
}

function continuesFence(cursor, block) {
    if (!cursor.indented) {
        const closing = /^(`{3,}|~{3,})[ \t]*$/.exec(cursor.text.slice(cursor.next));
        if (closing && closing[1][0] === block.fence[0] && closing[1].length >= block.fence.length) { return 'close'; }
    }
    cursor.skipColumns(Math.min(block.indent, cursor.indent));
    return 'yes';
}

function continuesIndented(cursor) {
    if (cursor.indented) {
        cursor.skipColumns(4);
        return 'yes';
    }
    if (!cursor.blank) { return 'no'; }
    cursor.skipSpace();
    return 'yes';
}

function continuesMath(cursor, block) {
    if (cursor.blank || block.text.length > longestFormula) { return 'no'; }
    const rest = cursor.text.slice(cursor.next);
    const closing = rest.indexOf(block.fence);
    if (closing < 0) {
        cursor.skipSpace();
        return 'yes';
    }
    const after = /^[ \t]*([.,;:]?)[ \t]*$/.exec(rest.slice(closing + 2));
    if (!after) { return 'yes'; }
    block.text += rest.slice(0, closing) + after[1];
    block.complete = true;
    return 'close';
}

/**
 * Tidies a block that has just been closed.
 *
 * @param {BlockParser} parser
 * @param {Block} block
 * @returns {boolean} whether anything is left of it
 */
export function finish(parser, block) {
    if (block.type === 'paragraph') {
        return takeDefinitions(parser, block);
    }
    if (block.type === 'code' && !block.fence) {
        block.text = withoutBlankEnd(block.text);
    }
    if (block.type === 'math' && !block.complete) {
        // Never closed: it was no formula after all, and reads as the text it is.
        block.type = 'paragraph';
        block.text = block.opening + block.text;
    }
    return true;
}

/** Blank lines behind indented code are not part of it. */
function withoutBlankEnd(text) {
    let end = text.trimEnd().length;
    const lineEnd = text.indexOf('\n', end);
    if (lineEnd >= 0) { end = lineEnd; }
    return text.slice(0, end) + '\n';
}

/**
 * Cuts link definitions off a paragraph's beginning.
 *
 * @returns {boolean} whether the paragraph has other text
 */
export function takeDefinitions(parser, paragraph) {
    let offset = 0;
    while (paragraph.text[offset] === '[') {
        const end = readDefinition(paragraph.text, offset, parser.references);
        if (end === 0) { break; }
        offset = end;
    }
    if (offset > 0) { paragraph.text = paragraph.text.slice(offset); }
    return offset === 0 || /\S/.test(paragraph.text);
}
