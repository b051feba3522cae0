/**
 * Streaming Markdown: text comes in pieces, elements stand on the page.
 *
 *     const view = new MarkdownView(element, { onRendered: scroll });
 *     view.append('Some *tex');      // shown with the next frame
 *     view.append('t*.');
 *     view.end();                    // the rest, at once and finally
 *
 * Whole lines go through the block parser once, and what they close is never touched again. There is one exception: a
 * reference like [x] whose definition comes later becomes a link when the text ends. The final elements are the same
 * however the text was cut.
 */
import { listen } from './actions.js';
import { BlockParser } from './blocks.js';
import { drawnEvent } from './math.js';
import { PlainRest } from './rest.js';
import { BlockWriter } from './writer.js';
export { plainText } from './plain.js';

/** Characters of one text that are formatted; what follows is plain until the reader asks. */
export const formattedLimit = 200 * 1024;
/** Whole lines read in one frame. */
const frameBudget = 32 * 1024;
/** From here on an open paragraph is shown less often. */
const longParagraph = 16 * 1024;
/** As much of an unfinished line is tried, to see what kind of block it is. */
const decisive = 1024;
/** A line of this length has shown its kind. Until it ends, it only grows. */
const decided = 256;

/** An unfinished line that is all marker: "-" may become a list, a rule, a heading or a word. Nothing is shown yet. */
const undecided = /^[\s>]*(?:[-+*=_#~|:`$\\[ \t]*|\d{1,9}[.)]?)\s*$|^\s*(?:`{3,}|~{3,})/;
const maybeClosing = /^\s*(?:`+|~+|\$+|\\)\s*$/;

/** @type {WeakMap<Element, {view: MarkdownView}>} */
const listening = new WeakMap();

export class MarkdownView {
    #element; #document; #onRendered; #schedule;
    #text = '';
    /** Normalised text that is not read yet. */
    #buffer = '';
    /** Where to go on looking for a line break in it. */
    #searched = 0;
    #endsWithReturn = false;
    #read = 0;
    #limit = formattedLimit;
    #scheduled = false;
    #ended = false;
    #closed = false;
    /** @type {PlainRest | null} */ #rest = null;
    /** @type {BlockParser} */ #parser;
    /** @type {BlockWriter} */ #writer;
    /** @type {{parser: BlockParser, writer: BlockWriter, undo: Array<() => void>, length: number} | null} */ #trial = null;

    /**
     * @param {Element} element which the view fills; it has no other content
     * @param {object} [options]
     * @param {Document} [options.document]
     * @param {() => void} [options.onRendered] called after the elements have changed
     * @param {(work: () => void, delay: number) => void} [options.schedule] runs work before a frame
     */
    constructor(element, { document = element.ownerDocument, onRendered, schedule } = {}) {
        this.#element = element;
        this.#document = document;
        this.#onRendered = onRendered ?? (() => {});
        this.#schedule = schedule ?? nextFrame;
        element.classList.add('md');
        const known = listening.get(element);
        if (known) {
            known.view = this;
        } else {
            const entry = { view: this };
            listening.set(element, entry);
            listen(element, () => entry.view.showAll());
            element.addEventListener(drawnEvent, () => entry.view.#onRendered());
        }
        this.#start();
    }

    /** @returns {string} all text so far, as it came */
    get text() { return this.#text; }

    /** @param {string} text more of the text; after the end, it opens the text again until the next end */
    append(text) {
        if (text === '') { return; }
        if (this.#ended) {
            this.#restart(this.#text + text);
            return;
        }
        this.#text += text;
        this.#take(text);
        this.#plan();
    }

    /** @param {string} text the whole text, in place of what was there; a continuation is recognised and appended */
    set(text) {
        if (text === this.#text) { return; }
        if (!this.#ended && text.startsWith(this.#text)) {
            this.append(text.slice(this.#text.length));
        } else {
            this.#limit = formattedLimit;
            this.#restart(text);
        }
    }

    /** The text is complete: shows all of it, finally. */
    end() {
        if (this.#ended) { return; }
        this.#ended = true;
        this.#render(Infinity);
    }

    /** Formats the text beyond the limit too, some of it in each frame. */
    showAll() {
        const ended = this.#ended;
        this.#limit = Infinity;
        this.#restart(this.#text);
        this.#ended = ended;
    }

    #start() {
        const references = new Map();
        this.#writer = new BlockWriter(this.#document, references);
        this.#parser = new BlockParser(this.#writer, references);
        this.#parser.stack[0].element = this.#element;
        this.#trial = null;
        this.#rest = null;
        this.#buffer = '';
        this.#searched = this.#read = 0;
        this.#endsWithReturn = this.#closed = this.#ended = false;
        this.#element.replaceChildren();
    }

    #restart(text) {
        this.#start();
        this.#text = text;
        this.#take(text);
        this.#plan();
    }

    /** Makes all line breaks the same, also one that came in two pieces. */
    #take(text) {
        if (this.#endsWithReturn && text[0] === '\n') { text = text.slice(1); }
        if (text === '') { return; }
        this.#endsWithReturn = text[text.length - 1] === '\r';
        this.#buffer += text.replace(/\r\n?/g, '\n').replaceAll('\0', '\uFFFD');
    }

    #plan() {
        if (this.#scheduled) { return; }
        this.#scheduled = true;
        this.#schedule(() => {
            this.#scheduled = false;
            // Another view may have taken the element over.
            const isCurrent = listening.get(this.#element)?.view === this;
            if (isCurrent && !this.#closed) { this.#render(frameBudget); }
        }, this.#delay());
    }

    /** A browser lays out a paragraph as a whole. One of a hundred kilobytes is shown twice a second, not sixty times. */
    #delay() {
        const { tip } = this.#parser;
        const length = this.#rest || tip.type !== 'paragraph' ? 0 : tip.text.length;
        const open = length + (this.#rest ? 0 : this.#buffer.length);
        return open < longParagraph ? 0 : Math.min(1000, open / 200);
    }

    /** @param {number} budget characters of whole lines to read */
    #render(budget) {
        const more = this.#rest ? false : this.#readLines(budget);
        if (this.#rest) {
            this.#rest.append(this.#buffer);
            this.#buffer = '';
        } else if (more) {
            this.#plan();
        } else if (this.#ended) {
            this.#finish();
        } else {
            this.#showUnfinished();
        }
        if (this.#ended && !more && !this.#closed) {
            this.#closed = true;
            this.#writer.resolve();
        }
        this.#onRendered();
    }

    /** @returns {boolean} whether whole lines are left for the next frame */
    #readLines(budget) {
        let start = 0;
        for (;;) {
            const end = this.#buffer.indexOf('\n', Math.max(start, this.#searched));
            const length = (end < 0 ? this.#buffer.length : end + 1) - start;
            if (this.#read + length > this.#limit) {
                this.#drop(start);
                this.#beginRest();
                return false;
            }
            if (end < 0 || budget <= 0) {
                this.#drop(start);
                this.#searched = end < 0 ? this.#buffer.length : 0;
                return end >= 0;
            }
            this.#undo();
            this.#parser.line(this.#buffer.slice(start, end));
            this.#read += length;
            budget -= length;
            start = end + 1;
        }
    }

    #drop(count) {
        if (count > 0) { this.#buffer = this.#buffer.slice(count); }
        this.#searched = 0;
    }

    /** The limit falls into the line that begins the buffer. A long line is cut there, a short one goes to the rest. */
    #beginRest() {
        this.#undo();
        let cut = this.#limit - this.#read;
        if (cut <= 8192) { cut = 0; }
        const unit = this.#buffer.charCodeAt(cut - 1);
        if (unit >= 0xD800 && unit <= 0xDBFF) { cut--; }
        if (cut > 0) { this.#parser.line(this.#buffer.slice(0, cut)); }
        this.#parser.end();
        this.#drop(cut);
        this.#rest = new PlainRest(this.#element);
    }

    #finish() {
        this.#undo();
        if (this.#buffer !== '') { this.#parser.line(this.#buffer); }
        this.#buffer = '';
        this.#parser.end();
    }

    #undo() {
        for (const step of this.#trial?.undo.reverse() ?? []) { step(); }
        this.#trial = null;
    }

    #showUnfinished() {
        const line = this.#buffer;
        const { tip } = this.#parser;
        if (this.#trial && this.#extendTrial(line)) { return; }
        this.#undo();
        // The real block shows its whole lines first, in an element that the trial then shares.
        const isVerbatim = tip.type === 'code' || tip.type === 'math';
        const hold = isVerbatim ? maybeClosing : undecided;
        if (isVerbatim || line === '' || hold.test(line.slice(0, decisive))) { this.#writer.tail(tip); }
        if (line === '' || hold.test(line.slice(0, decisive))) { return; }
        if (tip.type === 'paragraph') { this.#writer.leaf(tip, 'p', ''); }
        this.#tryLine(line);
    }

    #tryLine(line) {
        /** @type {Array<() => void>} */
        const undo = [];
        const writer = new BlockWriter(this.#document, this.#writer.references, undo);
        const parser = this.#parser.trial(writer);
        this.#trial = { parser, writer, undo, length: line.length };
        parser.line(line.slice(0, decisive));
        this.#growTip(parser.tip, line.slice(decisive));
        writer.tail(parser.tip);
    }

    /** A line whose kind is known only grows: only the block it is in is shown anew. */
    #extendTrial(line) {
        const trial = /** @type {NonNullable<typeof this.#trial>} */ (this.#trial);
        const { tip } = trial.parser;
        const grows = tip.type === 'paragraph' || tip.type === 'code' || tip.type === 'html';
        if (trial.length < decided || !grows) { return false; }
        tip.text += line.slice(trial.length);
        trial.length = line.length;
        trial.writer.tail(tip);
        return true;
    }

    /** @param {import('./blocks.js').Block} tip */
    #growTip(tip, more) {
        if (tip.text.endsWith('\n')) { tip.text = tip.text.slice(0, -1); }
        if (tip.type === 'paragraph' || tip.type === 'code' || tip.type === 'html') { tip.text += more; }
    }
}

function nextFrame(work, delay) {
    // Outside a browser there are no frames.
    const frame = globalThis.requestAnimationFrame ?? setTimeout;
    if (delay > 0) { setTimeout(() => frame(work), delay); } else { frame(work); }
}

/**
 * Shows a complete text.
 *
 * @param {Element} element
 * @param {string} text
 * @returns {MarkdownView}
 */
export function renderMarkdown(element, text) {
    const view = new MarkdownView(element);
    view.append(text);
    view.end();
    return view;
}
