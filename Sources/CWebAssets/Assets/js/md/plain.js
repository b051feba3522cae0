/** Markdown as plain text: for titles, previews, notifications and the clipboard. */
import { BlockParser } from './blocks.js';
import { InlineParser } from './inlines.js';
import { splitRow } from './rows.js';

/** Collects the blocks' texts. Lists keep their marks, for without them steps and points run together. */
class TextWriter {
    /** @param {Map<string, {href: string, title: string}>} references */
    constructor(references) {
        /** @type {string[]} */
        this.lines = [];
        this.references = references;
    }

    opened(block) {
        if (block.type === 'list') { block.number = block.start; }
        if (block.type === 'item') {
            block.mark = block.parent.number === null ? '- ' : block.parent.number++ + '. ';
        }
        if (block.type === 'table') { this.write(block, this.row(block.header)); }
    }

    closed(block) {
        switch (block.type) {
        case 'paragraph': case 'heading': this.write(block, this.inline(block.text.trim())); break;
        case 'code': case 'html': case 'math': this.write(block, block.text.trimEnd()); break;
        case 'row': this.write(block.parent, this.row(block.text)); break;
        case 'rule': this.write(block, '---'); break;
        }
    }

    dropped() {}
    loosened() {}

    inline(text) { return new InlineParser(text, this.references).parse().plainText(); }

    row(text) { return splitRow(text).map(cell => this.inline(cell)).join(' | '); }

    /** Writes a block's lines, the first behind its item's mark, and a blank line between blocks of the page. */
    write(block, text) {
        let first = '';
        let others = '';
        let top = block;
        for (let each = block.parent; each; each = each.parent) {
            if (each.type === 'item') {
                const blank = ' '.repeat(each.mark.length);
                first = (each.marked ? blank : each.mark) + first;
                others = blank + others;
                each.marked = true;
            }
            if (each.type !== 'document') { top = each; }
        }
        if (this.top && top !== this.top) { this.lines.push(''); }
        this.top = top;
        text.split('\n').forEach((line, index) => this.lines.push((index === 0 ? first : others) + line));
    }
}

/**
 * @param {string} text Markdown
 * @returns {string} the text without marks
 */
export function plainText(text) {
    const lines = text.replace(/\r\n?/g, '\n').split('\n');
    // A first reading finds the definitions, which may stand at the end.
    const definitions = text.includes(']:') ? read(lines, new Map()).references : new Map();
    return read(lines, definitions).lines.join('\n').trim();
}

function read(lines, references) {
    const writer = new TextWriter(references);
    const parser = new BlockParser(writer, references);
    for (const line of lines) { parser.line(line); }
    parser.end();
    return writer;
}
