/**
 * Where raw HTML begins a block. It is shown as text, but must be recognised, so that Markdown inside it is not read.
 */

const blockNames = 'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|' +
    'dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|' +
    'link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|table|tbody|td|tfoot|th|' +
    'thead|title|tr|track|ul';

const attribute = '\\s+[a-zA-Z_:][\\w.:-]*(?:\\s*=\\s*(?:[^\\s"\'=<>`]+|\'[^\']*\'|"[^"]*"))?';
const openTag = `<[a-zA-Z][a-zA-Z0-9-]*(?:${attribute})*\\s*/?>`;
const closeTag = '</[a-zA-Z][a-zA-Z0-9-]*\\s*>';

/** A whole tag inside a line of text. */
export const inlineTag = new RegExp(`(?:${openTag}|${closeTag})`, 'y');

/** The kinds that end with a mark of their own, and may hold blank lines. */
const closed = [
    { start: /^<(?:script|pre|style|textarea)(?:\s|>|$)/i, end: /<\/(?:script|pre|style|textarea)>/i },
    { start: /^<!--/, end: /-->/ },
    { start: /^<\?/, end: /\?>/ },
    { start: /^<![A-Z]/i, end: />/ },
    { start: /^<!\[CDATA\[/, end: /\]\]>/ },
];
const namedBlock = new RegExp(`^</?(?:${blockNames})(?:\\s|/?>|$)`, 'i');
const loneTag = new RegExp(`^(?:${openTag}|${closeTag})\\s*$`, 'i');

/**
 * @param {string} text a line from its `<` on
 * @param {boolean} inParagraph whether it would interrupt a paragraph
 * @returns {{end: RegExp | null} | null} `end`: what the last line holds; null when a blank line ends the block
 */
export function htmlStart(text, inParagraph) {
    for (const kind of closed) {
        if (kind.start.test(text)) { return { end: kind.end }; }
    }
    if (namedBlock.test(text)) { return { end: null }; }
    return !inParagraph && loneTag.test(text) ? { end: null } : null;
}
