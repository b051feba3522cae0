/**
 * Markdown's block structure, one line at a time.
 *
 * This is CommonMark's own algorithm: the blocks that are still open form a stack; a line first continues as many of
 * them as it can, then may start new ones, and what is left of it is text of the innermost. A line is looked at once
 * and never again, so the cost is linear, and the result cannot depend on how the text was cut into chunks.
 *
 * The parser makes no tree. It tells a writer what opens and what closes, and forgets closed blocks.
 */
import { LineCursor } from './line.js';
import { continues, finish } from './block-rules.js';
import { startBlock } from './block-starts.js';

/** Quotes and lists inside each other; markers deeper than this are text. */
export const deepest = 32;

/**
 * @typedef {'document'|'quote'|'list'|'item'|'paragraph'|'heading'|'rule'|'code'|'html'|'math'|'table'|'row'} BlockType
 *
 * @typedef {object} BlockWriter
 * @property {(block: Block) => void} opened
 * @property {(block: Block) => void} closed
 * @property {(block: Block) => void} dropped  the block turned out to be nothing, or something else
 * @property {(list: Block) => void} loosened  the list has blank lines between its items
 */

/**
 * One open block.
 *
 * Further fields depend on the type. List: `mark`, `start`, `loose`. Item: `padding`. Heading: `level`. Code: `fence`,
 * `info`, `indent`. HTML: `end`. Math: `fence`, `opening`, `complete`. Table: `header`, `alignments`. A writer adds its
 * own: `element` and the like.
 */
export class Block {
    /**
     * @param {BlockType} type
     * @param {Block | null} parent
     */
    constructor(type, parent) {
        this.type = type;
        this.parent = parent;
        this.depth = (parent?.depth ?? 0) + (type === 'quote' || type === 'list' ? 1 : 0);
        this.children = 0;
        /** Children so far, also those that came to nothing. */
        this.started = 0;
        this.text = '';
        /** The open block this is a copy of, in a trial of an unfinished line. @type {Block | null} */
        this.origin = null;
    }
}

const containers = new Set(['document', 'quote', 'list', 'item']);
/** Leaves that take every line as it is: nothing starts inside them. */
const verbatim = new Set(['code', 'html', 'math']);

export class BlockParser {
    /**
     * @param {BlockWriter} writer
     * @param {Map<string, {href: string, title: string}>} references link definitions, filled while reading
     */
    constructor(writer, references = new Map()) {
        this.writer = writer;
        this.references = references;
        /** @type {Block[]} */
        this.stack = [new Block('document', null)];
        this.matched = 1;
        this.afterBlank = false;
        this.lineNumber = 0;
        /** Whether the whole line was a marker, so that no text is left of it. */
        this.lineUsed = false;
        /** @type {LineCursor} */
        this.cursor = new LineCursor('');
    }

    /** @returns {Block} the innermost open block */
    get tip() { return this.stack[this.stack.length - 1]; }

    /** @returns {Block} the innermost block that the current line continues */
    get container() { return this.stack[this.matched - 1]; }

    /** @returns {boolean} whether the line could still be a paragraph's lazy continuation */
    get maybeLazy() {
        return this.matched < this.stack.length && !this.cursor.blank && this.tip.type === 'paragraph';
    }

    /**
     * A copy on which an unfinished line can be tried without consequences.
     *
     * @param {BlockWriter} writer
     */
    trial(writer) {
        const copy = new BlockParser(writer);
        copy.stack = [];
        for (const block of this.stack) {
            const twin = Object.assign(Object.create(Block.prototype), block);
            twin.parent = copy.stack[copy.stack.length - 1] ?? null;
            twin.origin = block;
            copy.stack.push(twin);
        }
        copy.afterBlank = this.afterBlank;
        copy.lineNumber = this.lineNumber;
        return copy;
    }

    /** @param {string} text one line, without its line break */
    line(text) {
        this.cursor = new LineCursor(text);
        this.lineNumber++;
        this.lineUsed = false;
        if (!this.continueOpenBlocks()) { return; }
        if (!verbatim.has(this.container.type)) {
            // A start may be followed by another on the same line: "> - # x".
            while (startBlock(this)) { /* each start moves the cursor */ }
        }
        this.addText();
        this.noteBlank();
    }

    /** Closes everything: the text has ended. */
    end() {
        this.matched = 1;
        this.closeUnmatched();
    }

    /** @returns {boolean} false when the line is used up: it closed a code block or a formula */
    continueOpenBlocks() {
        this.matched = 1;
        for (; this.matched < this.stack.length; this.matched++) {
            this.cursor.scan();
            const answer = continues(this, this.stack[this.matched]);
            if (answer === 'close') {
                this.matched++;
                this.closeUnmatched();
                this.close();
                this.afterBlank = false;
                return false;
            }
            if (answer === 'no') { break; }
        }
        this.cursor.scan();
        return true;
    }

    addText() {
        const { cursor } = this;
        if (this.lineUsed) { return; }
        if (this.maybeLazy) {
            this.append(this.tip);
            return;
        }
        this.closeUnmatched();
        if (this.tip.type === 'paragraph' || verbatim.has(this.tip.type)) {
            this.append(this.tip);
            if (this.tip.type === 'html' && this.tip.end?.test(cursor.rest())) { this.close(); }
        } else if (this.tip.type === 'table') {
            const row = this.add('row');
            row.text = cursor.rest();
            this.close();
        } else if (!cursor.blank) {
            this.append(this.add('paragraph'));
        }
    }

    /** @param {Block} leaf */
    append(leaf) {
        if (leaf.type === 'paragraph') { this.cursor.skipSpace(); }
        leaf.text += this.cursor.rest() + '\n';
    }

    /**
     * Remembers a blank line, which makes a list loose if more of it follows. A blank line inside a quote or a code
     * block, or right after an item's marker, is not between two blocks of the list.
     */
    noteBlank() {
        const { type, children, line } = this.container;
        const emptyItem = type === 'item' && children === 0 && line === this.lineNumber;
        this.afterBlank = this.cursor.blank && type !== 'quote' && type !== 'code' && type !== 'math' && !emptyItem;
    }

    /**
     * Opens a block inside the innermost one that can hold it.
     *
     * @param {BlockType} type
     */
    add(type) {
        this.closeUnmatched();
        while (!canHold(this.tip.type, type)) { this.close(); }
        const parent = this.tip;
        const separated = this.afterBlank && parent.children > 0;
        const list = parent.type === 'list' ? parent : parent.type === 'item' ? parent.parent : null;
        if (separated && list && !list.loose) {
            list.loose = true;
            this.writer.loosened(list);
        }
        const block = new Block(type, parent);
        block.line = this.lineNumber;
        block.isFirst = parent.children === 0;
        block.ordinal = parent.started++;
        parent.children++;
        this.stack.push(block);
        this.matched = this.stack.length;
        return block;
    }

    closeUnmatched() {
        while (this.stack.length > this.matched) { this.close(); }
    }

    close() {
        const block = /** @type {Block} */ (this.stack.pop());
        this.matched = Math.min(this.matched, this.stack.length);
        if (finish(this, block)) {
            this.writer.closed(block);
        } else {
            if (block.parent) { block.parent.children--; }
            this.writer.dropped(block);
        }
    }

    /** Takes the innermost block away unwritten, because this line shows it to be another kind. */
    replaceTip() {
        const block = /** @type {Block} */ (this.stack.pop());
        this.matched = Math.min(this.matched, this.stack.length);
        if (block.parent) { block.parent.children--; }
        this.writer.dropped(block);
        return block;
    }
}

/**
 * @param {BlockType} parent
 * @param {BlockType} child
 */
function canHold(parent, child) {
    if (parent === 'list') { return child === 'item'; }
    if (parent === 'table') { return child === 'row'; }
    return containers.has(parent) && child !== 'item' && child !== 'row';
}
