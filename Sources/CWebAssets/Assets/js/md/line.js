/**
 * A reading position in one line of Markdown.
 *
 * Columns and characters differ because a tab reaches to the next multiple of four, and half a tab may belong to a
 * list's indentation while the other half is text. This is the only place that knows about it.
 */
export class LineCursor {
    /** @param {string} text one line, without its line break */
    constructor(text) {
        this.text = text;
        this.offset = 0;
        this.column = 0;
        /** Columns of a tab that are still unread, when the tab was split. */
        this.tabRemainder = 0;
        this.scan();
    }

    /** Finds the next character that is not a space, and how far it is indented from here. */
    scan() {
        let offset = this.offset;
        let column = this.column;
        for (; offset < this.text.length; offset++) {
            const character = this.text[offset];
            if (character === ' ') {
                column++;
            } else if (character === '\t') {
                column += 4 - (column % 4);
            } else {
                break;
            }
        }
        this.next = offset;
        this.nextColumn = column;
        this.indent = column - this.column;
        this.blank = offset >= this.text.length;
        this.indented = this.indent >= 4;
    }

    /** @param {number} count characters to skip */
    skip(count) {
        for (; count > 0 && this.offset < this.text.length; count--) {
            this.column += this.text[this.offset] === '\t' ? 4 - (this.column % 4) : 1;
            this.offset++;
        }
        this.tabRemainder = 0;
        this.scan();
    }

    /** @param {number} count columns to skip, which may end inside a tab */
    skipColumns(count) {
        while (count > 0 && this.offset < this.text.length) {
            const width = this.text[this.offset] === '\t' ? 4 - (this.column % 4) : 1;
            const step = Math.min(width, count);
            this.column += step;
            count -= step;
            this.tabRemainder = width - step;
            if (step === width) { this.offset++; }
        }
        this.scan();
    }

    /** Moves to the next character that is not a space. */
    skipSpace() {
        this.offset = this.next;
        this.column = this.nextColumn;
        this.tabRemainder = 0;
        this.scan();
    }

    /** @returns {boolean} whether a space or a tab comes next */
    get atSpace() {
        const character = this.text[this.offset];
        return character === ' ' || character === '\t';
    }

    /** @returns {string} what is unread, a split tab's rest written as spaces */
    rest() {
        return this.tabRemainder > 0
            ? ' '.repeat(this.tabRemainder) + this.text.slice(this.offset + 1)
            : this.text.slice(this.offset);
    }
}
