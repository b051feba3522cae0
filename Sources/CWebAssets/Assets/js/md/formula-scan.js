/**
 * Where formulas are in a text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`.
 *
 * One dollar follows pandoc's rule: no space inside next to a dollar, and no digit after the closing one, so "$5 and
 * $10" is money. A formula holds no backtick, which keeps "$HOME and `$PATH`" out.
 */

/** A formula longer than this is none; it bounds what a stray dollar can swallow. */
const longest = 4000;

export class FormulaScanner {
    /** @param {string} text */
    constructor(text) {
        this.text = text;
        /** For each ending, the last place found; a search starts from there, so that the whole costs one pass. */
        this.found = new Map();
    }

    /**
     * @param {number} start of a `$`
     * @returns {{tex: string, display: boolean, end: number} | null}
     */
    dollar(start) {
        const { text } = this;
        if (text[start + 1] === '$') { return text[start + 2] === '$' ? null : this.between(start, '$$', true); }
        if (/^\s?$/.test(text[start + 1] ?? '')) { return null; }
        const end = this.find('$', start + 1, index => this.stops(index));
        // A dollar after a space opens the next formula: what came before was money.
        return end < 0 || /\s/.test(text[end - 1]) ? null : this.formula(start + 1, end, end + 1, false);
    }

    /**
     * @param {number} start of a backslash
     * @returns {{tex: string, display: boolean, end: number} | null}
     */
    escaped(start) {
        const next = this.text[start + 1];
        if (next === '(') { return this.between(start, '\\)', false); }
        return next === '[' ? this.between(start, '\\]', true) : null;
    }

    between(start, closing, display) {
        const end = this.find(closing, start + 2, () => true);
        return this.formula(start + 2, end, end + 2, display);
    }

    formula(start, end, after, display) {
        if (end < 0 || end - start > longest) { return null; }
        const tex = this.text.slice(start, end);
        return /[\p{L}\p{N}]/u.test(tex) && !tex.includes('`') ? { tex: tex.trim(), display, end: after } : null;
    }

    /** Whether a dollar ends the search: it closes a formula, or it stands after a space. */
    stops(index) {
        const { text } = this;
        if (text[index - 1] === '\\' || text[index - 1] === '$') { return false; }
        return /\s/.test(text[index - 1]) || !/[0-9$]/.test(text[index + 1] ?? '');
    }

    /** @returns {number} the first place at or after `from` that holds `ending` and is accepted, or -1 */
    find(ending, from, accept) {
        const known = this.found.get(ending);
        if (known !== undefined && (known < 0 || known >= from)) { return known; }
        let index = this.text.indexOf(ending, from);
        while (index >= 0 && !accept(index)) { index = this.text.indexOf(ending, index + 1); }
        this.found.set(ending, index);
        return index;
    }
}
