/** What is beyond the size that is formatted: plain text, and a button to format it after all. */
import { make } from './elements.js';

const pieceSize = 2048;

export class PlainRest {
    /** @param {Element} parent */
    constructor(parent) {
        this.document = parent.ownerDocument;
        this.element = make(this.document, 'div', { class: 'md-rest' });
        const note = make(this.document, 'p', { class: 'md-rest-note' }, 'The rest of this long answer is plain text. ');
        note.appendChild(make(this.document, 'button', { type: 'button', class: 'md-show-all' }, 'Show all formatted'));
        this.element.appendChild(note);
        parent.appendChild(this.element);
        /** @type {Text | null} */
        this.text = null;
    }

    /**
     * Adds text. It is cut into pieces at places that depend on the text alone, so that the browser lays out one piece.
     *
     * @param {string} added
     */
    append(added) {
        while (added !== '') {
            if (!this.text) { this.startPiece(); }
            const room = this.room(added, this.text.data.length);
            this.text.appendData(added.slice(0, room));
            if (room < added.length || this.isFull()) { this.text = null; }
            added = added.slice(room);
        }
    }

    /** @returns {number} how much of the added text belongs to the current piece: up to a line break past its size */
    room(added, used) {
        const lineBreak = added.indexOf('\n', Math.max(0, pieceSize - used));
        const wanted = lineBreak < 0 ? added.length : lineBreak + 1;
        return Math.min(wanted, 2 * pieceSize - used);
    }

    isFull() {
        const { data } = this.text;
        return data.length >= 2 * pieceSize || (data.length > pieceSize && data.endsWith('\n'));
    }

    startPiece() {
        const piece = make(this.document, 'div', { class: 'md-rest-text', dir: 'auto' });
        this.text = this.document.createTextNode('');
        piece.appendChild(this.text);
        this.element.appendChild(piece);
    }
}
