/**
 * The beginnings of blocks, in the order in which a line is asked for them.
 *
 * Each function either leaves the parser as it was and returns false, or opens a block, moves the cursor behind its
 * marker, and returns true.
 */
import { deepest } from './blocks.js';
import { enterQuote, takeDefinitions } from './block-rules.js';
import { htmlStart } from './html-blocks.js';
import { unescape } from './links.js';
import { delimiterRow, splitRow } from './rows.js';

/** @typedef {import('./blocks.js').BlockParser} BlockParser */

/** A line that begins otherwise starts nothing; most lines of an answer are sorted out here. */
const maybeStart = /[#`~*+_=<>0-9|:\\$-]/;

const starts = [
    startTable, startQuote, startHeading, startFence, startMath, startHTML, startSetext, startRule, startItem,
    startIndented,
];

/**
 * @param {BlockParser} parser
 * @returns {boolean} whether a block was opened that may hold further blocks of the same line
 */
export function startBlock(parser) {
    const { cursor } = parser;
    cursor.scan();
    if (cursor.blank) { return false; }
    if (!cursor.indented && !maybeStart.test(cursor.text[cursor.next])) { return false; }
    for (const start of starts) {
        if (start(parser, cursor, parser.container)) {
            const { type } = parser.tip;
            return !parser.lineUsed && (type === 'quote' || type === 'item');
        }
    }
    return false;
}

/** Closes a block that is one line long, and marks the line as used. */
function oneLine(parser) {
    parser.writer.opened(parser.tip);
    parser.close();
    parser.lineUsed = true;
    return true;
}

function startTable(parser, cursor, container) {
    if (cursor.indented || container.type !== 'paragraph' || container !== parser.tip) { return false; }
    const line = cursor.text.slice(cursor.next);
    const alignments = delimiterRow(line);
    if (!alignments) { return false; }
    const lines = container.text.trimEnd();
    const lastBreak = lines.lastIndexOf('\n');
    const header = lines.slice(lastBreak + 1);
    // Without a bar in either line, "a" over "---" is a heading.
    if (!(header + line).includes('|') || splitRow(header).length !== alignments.length) { return false; }
    if (lastBreak < 0) {
        parser.replaceTip();
    } else {
        container.text = lines.slice(0, lastBreak + 1);
        parser.close();
    }
    const table = parser.add('table');
    table.alignments = alignments;
    table.header = header;
    parser.writer.opened(table);
    parser.lineUsed = true;
    return true;
}

function startQuote(parser, cursor, container) {
    if (cursor.indented || cursor.text[cursor.next] !== '>' || container.depth >= deepest) { return false; }
    enterQuote(cursor);
    parser.writer.opened(parser.add('quote'));
    return true;
}

function startHeading(parser, cursor) {
    const match = cursor.indented ? null : /^(#{1,6})(?:[ \t]+(.*))?$/.exec(cursor.text.slice(cursor.next));
    if (!match) { return false; }
    const heading = parser.add('heading');
    heading.level = match[1].length;
    heading.text = trimHashes(match[2] ?? '');
    return oneLine(parser);
}

/** Takes off a heading's closing `###`, which must stand after a space. */
function trimHashes(text) {
    const trimmed = text.trimEnd();
    let end = trimmed.length;
    while (end > 0 && trimmed[end - 1] === '#') { end--; }
    if (end === 0) { return ''; }
    return end < trimmed.length && /[ \t]/.test(trimmed[end - 1]) ? trimmed.slice(0, end).trimEnd() : trimmed;
}

function startFence(parser, cursor) {
    const match = cursor.indented ? null : /^(?:(`{3,})([^`]*)|(~{3,})(.*))$/.exec(cursor.text.slice(cursor.next));
    if (!match) { return false; }
    const { indent } = cursor;
    const code = parser.add('code');
    code.fence = match[1] ?? match[3];
    code.info = unescape((match[2] ?? match[4]).trim());
    code.indent = indent;
    parser.writer.opened(code);
    parser.lineUsed = true;
    return skipLine(parser);
}

/** The rest of the line belongs to the marker, so no text is added from it. */
function skipLine(parser) {
    parser.cursor.skip(Infinity);
    return true;
}

/** A formula on lines of its own. A formula inside text is the business of inlines.js. */
function startMath(parser, cursor) {
    const match = cursor.indented ? null : /^(\$\$(?!\$)|\\\[)(.*)$/.exec(cursor.text.slice(cursor.next));
    if (!match) { return false; }
    const fence = match[1] === '$$' ? '$$' : '\\]';
    const closing = match[2].indexOf(fence);
    const after = closing < 0 ? null : /^[ \t]*([.,;:]?)[ \t]*$/.exec(match[2].slice(closing + 2));
    if (closing >= 0 && !after) { return false; }
    const formula = parser.add('math');
    formula.fence = fence;
    formula.opening = match[1];
    if (after) {
        formula.text = match[2].slice(0, closing) + after[1];
        formula.complete = true;
        return oneLine(parser);
    }
    formula.text = match[2] + '\n';
    parser.writer.opened(formula);
    parser.lineUsed = true;
    return skipLine(parser);
}

function startHTML(parser, cursor, container) {
    if (cursor.indented || cursor.text[cursor.next] !== '<') { return false; }
    const inParagraph = container.type === 'paragraph' || parser.maybeLazy;
    const kind = htmlStart(cursor.text.slice(cursor.next), inParagraph);
    if (!kind) { return false; }
    const block = parser.add('html');
    block.end = kind.end;
    parser.writer.opened(block);
    return true;
}

function startSetext(parser, cursor, container) {
    if (cursor.indented || container.type !== 'paragraph' || container !== parser.tip) { return false; }
    const match = /^(=+|-+)[ \t]*$/.exec(cursor.text.slice(cursor.next));
    if (!match || !takeDefinitions(parser, container)) { return false; }
    const paragraph = parser.replaceTip();
    const heading = parser.add('heading');
    heading.level = match[1][0] === '=' ? 1 : 2;
    heading.text = paragraph.text.trim();
    return oneLine(parser);
}

function startRule(parser, cursor) {
    if (cursor.indented) { return false; }
    if (!/^(?:\*[ \t]*){3,}$|^(?:_[ \t]*){3,}$|^(?:-[ \t]*){3,}$/.test(cursor.text.slice(cursor.next))) { return false; }
    parser.add('rule');
    return oneLine(parser);
}

function startItem(parser, cursor, container) {
    const room = container.type === 'list' ? deepest + 1 : deepest;
    if (cursor.indented || container.depth >= room) { return false; }
    const marker = readMarker(cursor, container.type === 'paragraph');
    if (!marker) { return false; }
    parser.closeUnmatched();
    const { tip } = parser;
    if (tip.type !== 'list' || tip.mark !== marker.mark) {
        const list = parser.add('list');
        list.mark = marker.mark;
        list.start = marker.start;
        parser.writer.opened(list);
    }
    const item = parser.add('item');
    item.padding = marker.padding;
    parser.writer.opened(item);
    return true;
}

/**
 * Reads a bullet or a number, and moves behind it.
 *
 * @returns {{mark: string, start: number | null, padding: number} | null} `mark`: the bullet, or `.` or `)`
 */
function readMarker(cursor, inParagraph) {
    const rest = cursor.text.slice(cursor.next, cursor.next + 11);
    const match = /^(?:([*+-])|(\d{1,9})([.)]))(?=[ \t]|$)/.exec(rest);
    if (!match) { return null; }
    const empty = !/\S/.test(cursor.text.slice(cursor.next + match[0].length));
    // Only a list that starts at 1, with text, can interrupt a paragraph: "…in\n1998. It was" is prose.
    if (inParagraph && (empty || (match[2] !== undefined && Number(match[2]) !== 1))) { return null; }
    const { indent } = cursor;
    cursor.skipSpace();
    cursor.skip(match[0].length);
    // An item that begins with an indented code block, or with an empty line, has one space of padding.
    const spaces = cursor.blank || cursor.indent >= 5 ? 1 : cursor.indent;
    if (cursor.atSpace) { cursor.skipColumns(spaces); }
    return {
        mark: match[1] ?? match[3],
        start: match[2] === undefined ? null : Number(match[2]),
        padding: indent + match[0].length + spaces,
    };
}

function startIndented(parser, cursor) {
    if (!cursor.indented || parser.tip.type === 'paragraph') { return false; }
    cursor.skipColumns(4);
    const code = parser.add('code');
    code.info = '';
    parser.writer.opened(code);
    return true;
}
