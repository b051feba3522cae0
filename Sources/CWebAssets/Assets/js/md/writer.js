/**
 * Elements for blocks.
 *
 * A closed block is written once, finally. An open one is shown by `tail`, again and again while it grows. A line that
 * has not ended yet is tried by a second parser (see BlockParser.trial) whose writer has an undo list: what it does is
 * taken back before the next line is read for good. So the final elements depend on whole lines only.
 */
import { appendCode, codeFigure, finishCode } from './code.js';
import { fillInline } from './dom-inline.js';
import { make } from './elements.js';
import { formulaElement } from './math.js';
import { rowElement, tableElements } from './table.js';
import { showTail } from './tail.js';

/** @typedef {import('./blocks.js').Block} Block */

/** Blocks that stand in one container. Most answers have fewer, and no parts. */
const blocksInPart = 64;

const task = /^\[([ xX])\][ \t]+(?=\S)/;

export class BlockWriter {
    /**
     * @param {Document} document
     * @param {Map<string, {href: string, title: string}>} references
     * @param {Array<() => void> | null} undo for a trial: how to take its doings back
     */
    constructor(document, references, undo = null) {
        this.document = document;
        this.references = references;
        this.undo = undo;
        /** Texts with references that nothing defines so far. @type {Array<{labels: Set<string>, fill: () => void}>} */
        this.waiting = [];
    }

    /** @param {Block} block */
    opened(block) {
        switch (block.type) {
        case 'quote': this.place(block, make(this.document, 'blockquote')); break;
        case 'list': this.openList(block); break;
        case 'item': this.place(block, make(this.document, 'li')); break;
        case 'code': this.openCode(block); break;
        case 'table': this.openTable(block); break;
        }
    }

    /** @param {Block} block */
    closed(block) {
        if (block.origin) {
            // The trial line would close this block; until it has ended, the block stays as it is.
            if (block.type === 'paragraph') { this.tail(block); }
            return;
        }
        switch (block.type) {
        case 'paragraph': this.closeParagraph(block); break;
        case 'heading': this.writeHeading(block); break;
        case 'rule': this.place(block, make(this.document, 'hr')); break;
        case 'code': finishCode(block.code, block.text.replace(/\n$/, ''), block.language); break;
        case 'html': this.writeHTML(block); break;
        case 'math': this.showFormula(block); break;
        case 'row': this.writeRow(block); break;
        }
    }

    /** @param {Block} block */
    dropped(block) {
        if (!block.element) { return; }
        // What looked like a task's text is another kind of block.
        if (!block.origin && block.isFirst && block.parent.type === 'item') { block.parent.element.removeAttribute('class'); }
        if (block.origin) {
            const { element } = block;
            element.hidden = true;
            this.undo?.push(() => { element.hidden = false; });
        } else {
            block.element.remove();
            const page = block.parent;
            if (page?.part && !page.part.firstChild) {
                page.part.remove();
                page.partIndex = 0;
            }
        }
    }

    /** @param {Block} list */
    loosened(list) {
        if (!list.origin) { list.element.setAttribute('class', 'md-loose'); }
    }

    /**
     * Shows an open block as far as it is known.
     *
     * @param {Block} block
     */
    tail(block) {
        switch (block.type) {
        case 'paragraph': this.tailParagraph(block); break;
        case 'code': this.tailVerbatim(block, block.code); break;
        case 'html': this.tailVerbatim(block, this.leaf(block, 'p', 'md-html')); break;
        case 'math': this.tailFormula(block); break;
        }
    }

    /** Shows links whose definition came later. Called once, when the text has ended. */
    resolve() {
        for (const { labels, fill } of this.waiting) {
            for (const label of labels) {
                if (this.references.has(label)) {
                    fill();
                    break;
                }
            }
        }
        this.waiting = [];
    }

    /**
     * @template {HTMLElement} T
     * @param {Block} block
     * @param {T} element
     * @returns {T}
     */
    place(block, element) {
        const parent = /** @type {Block} */ (block.parent);
        block.element = element;
        // Blocks inside a list or a quote take its direction; each could otherwise jump to the other side.
        if (parent.type === 'document' && !element.getAttribute('dir')) { element.setAttribute('dir', 'auto'); }
        (parent.type === 'document' ? this.part(parent, block.ordinal) : parent.element).appendChild(element);
        if (this.undo && parent.origin) { this.undo.push(() => element.remove()); }
        return element;
    }

    /**
     * Where a block of the page belongs. A browser lays out a container's children one by one, so a long answer's
     * blocks are put into parts, and those out of sight cost nothing.
     *
     * @param {Block} page
     * @param {number} ordinal
     * @returns {HTMLElement}
     */
    part(page, ordinal) {
        const index = Math.floor(ordinal / blocksInPart);
        if (index === 0) { return page.element; }
        if (page.partIndex !== index) {
            const part = make(this.document, 'div', { class: 'md-part' });
            Object.assign(page, { part, partIndex: index });
            page.element.appendChild(part);
            this.undo?.push(() => part.remove());
        }
        return page.part;
    }

    /** @returns {HTMLElement} a leaf's element, made when it is first needed */
    leaf(block, name, className) {
        return block.element ?? this.place(block, make(this.document, name, className ? { class: className } : {}));
    }

    openList(block) {
        const attributes = { class: 'md-tight' };
        if (block.start !== null && block.start !== 1) { attributes.start = String(block.start); }
        this.place(block, make(this.document, block.start === null ? 'ul' : 'ol', attributes));
    }

    openCode(block) {
        const { figure, code, language } = codeFigure(this.document, block.info);
        Object.assign(block, { code, language });
        this.place(block, figure);
    }

    /** Code and raw HTML only grow: what is new is appended. */
    tailVerbatim(block, host) {
        if (!block.origin) {
            appendCode(host, block.text.slice(block.shown ?? 0));
            block.shown = block.text.length;
            return;
        }
        // The unfinished line stands in a node of its own, which goes again.
        const line = block.text.slice(block.origin.text.length);
        if (block.lineNode) {
            block.lineNode.appendData(line.slice(block.lineNode.data.length));
            return;
        }
        const node = this.document.createTextNode(line);
        block.lineNode = node;
        host.appendChild(node);
        this.undo?.push(() => node.remove());
    }

    openTable(block) {
        const { region, table } = tableElements(this.document, block, (cell, text) => this.fill(cell, text));
        block.table = table;
        this.place(block, region);
    }

    writeRow(block) {
        const table = /** @type {Block} */ (block.parent);
        const row = rowElement(this.document, table, block.text, (cell, text) => this.fill(cell, text));
        const body = this.tableBody(table);
        body.appendChild(row);
        if (this.undo && table.origin) { this.undo.push(() => row.remove()); }
    }

    tableBody(block) {
        if (!block.body) {
            block.body = make(this.document, 'tbody');
            block.table.appendChild(block.body);
            if (block.origin) { this.undo?.push(() => block.body.remove()); }
        }
        return block.body;
    }

    writeHeading(block) {
        // The page's own outline has levels 1 and 2; an answer begins below them.
        const name = 'h' + Math.min(6, block.level + 2);
        this.fill(this.place(block, make(this.document, name, { class: 'md-h' + block.level })), block.text);
    }

    closeParagraph(block) {
        if (block.element && block.element.tagName !== 'P') {
            // It was an open formula.
            block.element.remove();
            block.element = null;
        }
        const element = this.leaf(block, 'p', '');
        const text = this.takeTask(block, block.text.trim());
        this.fill(element, text.rest, text.box);
    }

    tailParagraph(block) {
        const text = this.takeTask(block, block.text);
        showTail(this.leaf(block, 'p', ''), text.rest, this.references, text.box);
    }

    /** @returns {{rest: string, box: (() => HTMLElement) | null}} a task's box, and the text behind it */
    takeTask(block, text) {
        const match = block.parent?.type === 'item' && block.isFirst ? task.exec(text) : null;
        if (!match) { return { rest: text, box: null }; }
        const done = match[1] !== ' ';
        block.parent.element.setAttribute('class', 'md-task');
        const attributes = { type: 'checkbox', disabled: '', 'aria-label': done ? 'Done' : 'Not done' };
        if (done) { attributes.checked = ''; }
        return { rest: text.slice(match[0].length), box: () => make(this.document, 'input', attributes) };
    }

    /**
     * Fills an element finally, and remembers it when a definition may still change it.
     *
     * @param {Element} element
     * @param {string} text
     * @param {(() => HTMLElement) | null} box
     */
    fill(element, text, box = null) {
        const write = () => {
            const unresolved = fillInline(element, text, this.references);
            if (box) { element.insertBefore(box(), element.firstChild); }
            return unresolved;
        };
        const labels = write();
        if (labels.size > 0 && !this.undo) { this.waiting.push({ labels, fill: write }); }
    }

    /** Raw HTML is shown, not used. */
    writeHTML(block) {
        this.leaf(block, 'p', 'md-html').replaceChildren(this.document.createTextNode(block.text.trimEnd()));
    }

    showFormula(block) {
        this.leaf(block, 'div', 'md-math-block').replaceChildren(formulaElement(this.document, block.text.trim(), true));
    }

    tailFormula(block) {
        // Half a formula is an error to KaTeX: its source is shown.
        const code = make(this.document, 'code', { class: 'md-math md-math-display', dir: 'ltr' }, block.text.trim());
        this.leaf(block, 'div', 'md-math-block').replaceChildren(code);
    }
}
