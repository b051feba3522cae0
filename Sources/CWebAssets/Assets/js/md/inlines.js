/**
 * Markdown inside a block: emphasis, code, links, formulas.
 *
 * CommonMark's algorithm with its precautions against slow input: a delimiter, a backtick run, a dollar is looked for
 * forwards once, not once per opener. The result is a chain of nodes; dom-inline.js makes elements of it.
 */
import { decode, reference } from './entities.js';
import { closeEmphasis, delimiterRun } from './emphasis.js';
import { autolinkAt, linkText } from './autolink.js';
import { inlineTag } from './html-blocks.js';
import { InlineNode, root } from './inline-node.js';
import { FormulaScanner } from './formula-scan.js';
import { labelEnd, normaliseLabel, readDestination, readTitle, skipSpaces } from './links.js';

/** Characters read since the page was opened: the tests' measure of cost. */
export const statistics = { characters: 0 };

// Up to the next character that may mean something. "h" and "w" only where an address begins.
const plainText = /(?:[^\n\\`*_~[\]!<&$hw]|h(?!ttps?:\/\/)|w(?!ww\.))+/iy;
const angleAddress = /<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>/iy;
const angleEmail = /<([\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)>/iy;
const lineBreakTag = /<br[ \t]*\/?>/iy;

/** HTML that has its own ending; a missing ending is remembered, so that it is searched for once. */
const longTags = [['<!--', '-->'], ['<?', '?>'], ['<![CDATA[', ']]>'], ['<!', '>']];

export class InlineParser {
    /**
     * @param {string} text a block's text
     * @param {Map<string, {href: string, title: string}>} references
     */
    constructor(text, references) {
        this.text = text;
        this.references = references;
        this.position = 0;
        this.out = root();
        /** Innermost open `*`, `_` or `~~`. @type {import('./emphasis.js').Delimiter | null} */
        this.delimiters = null;
        /** Innermost open `[`. */
        this.brackets = null;
        this.formulas = new FormulaScanner(text);
        /** Lengths of backtick runs mapped to where such runs are. @type {Map<number, number[]> | null} */
        this.backtickRuns = null;
        this.missing = new Set();
        /** Labels that are no links yet, but would be if they were defined later. @type {Set<string>} */
        this.unresolved = new Set();
        statistics.characters += text.length;
    }

    /** @returns {InlineNode} a node whose children are the text's parts */
    parse() {
        const { text } = this;
        while (this.position < text.length) {
            if (!this.special(text[this.position])) { this.addText(text[this.position++]); }
        }
        closeEmphasis(this, null);
        linkText(this.out);
        return this.out;
    }

    /** @returns {boolean} whether something was read */
    special(character) {
        switch (character) {
        case '\n': return this.lineBreak();
        case '\\': return this.backslash();
        case '`': return this.codeSpan();
        case '*': case '_': case '~': return delimiterRun(this, character);
        case '[': return this.openBracket(1);
        case '!': return this.text[this.position + 1] === '[' && this.openBracket(2);
        case ']': return this.closeBracket();
        case '<': return this.angle();
        case '&': return this.entity();
        case '$': return this.formula();
        default: return this.plain(character);
        }
    }

    /** @param {string} text */
    addText(text) {
        const { last } = this.out;
        // Only plain text grows: a delimiter's or a bracket's node may be removed later.
        if (last?.type === 'text' && !last.pinned) { last.text += text; } else { this.add(new InlineNode('text', text)); }
        return true;
    }

    /** @param {InlineNode} node */
    add(node) {
        this.out.append(node);
        return true;
    }

    plain(character) {
        if (character === 'h' || character === 'w' || character === 'H' || character === 'W') {
            const link = this.brackets ? null : autolinkAt(this.text, this.position);
            if (link) {
                this.position += link.length;
                return this.add(link.node);
            }
        }
        plainText.lastIndex = this.position;
        const match = plainText.exec(this.text);
        if (!match) { return false; }
        this.position = plainText.lastIndex;
        return this.addText(match[0]);
    }

    lineBreak() {
        const { last } = this.out;
        let hard = false;
        if (last?.type === 'text') {
            let end = last.text.length;
            hard = last.text.endsWith('  ');
            while (end > 0 && (last.text[end - 1] === ' ' || last.text[end - 1] === '\t')) { end--; }
            last.text = last.text.slice(0, end);
        }
        this.position++;
        while (this.text[this.position] === ' ' || this.text[this.position] === '\t') { this.position++; }
        // A node for each line, or every line break would look at the whole text before it.
        const node = new InlineNode(hard ? 'break' : 'text', hard ? '' : '\n');
        node.pinned = true;
        return this.add(node);
    }

    backslash() {
        const formula = this.formulas.escaped(this.position);
        if (formula) { return this.addFormula(formula); }
        const next = this.text[this.position + 1] ?? '';
        if (next === '\n') {
            this.position += 2;
            while (this.text[this.position] === ' ' || this.text[this.position] === '\t') { this.position++; }
            return this.add(new InlineNode('break'));
        }
        if (!/[!-/:-@[-`{-~]/.test(next)) { return false; }
        this.position += 2;
        return this.addText(next);
    }

    formula() {
        const formula = this.formulas.dollar(this.position);
        if (formula) { return this.addFormula(formula); }
        // Two dollars that open nothing are passed over together, or the second would be tried alone.
        const length = this.text[this.position + 1] === '$' ? 2 : 1;
        this.addText(this.text.slice(this.position, this.position + length));
        this.position += length;
        return true;
    }

    addFormula({ tex, display, end }) {
        const node = new InlineNode('math', tex);
        node.display = display;
        this.position = end;
        return this.add(node);
    }

    codeSpan() {
        const { text } = this;
        let end = this.position;
        while (text[end] === '`') { end++; }
        const length = end - this.position;
        const closing = this.nextBackticks(length, end);
        if (closing < 0) {
            this.addText(text.slice(this.position, end));
            this.position = end;
            return true;
        }
        let code = text.slice(end, closing).replace(/\n/g, ' ');
        if (code[0] === ' ' && code[code.length - 1] === ' ' && /[^ ]/.test(code)) { code = code.slice(1, -1); }
        this.position = closing + length;
        return this.add(new InlineNode('code', code));
    }

    nextBackticks(length, after) {
        if (!this.backtickRuns) {
            this.backtickRuns = new Map();
            for (const match of this.text.matchAll(/`+/g)) {
                const places = this.backtickRuns.get(match[0].length) ?? [];
                places.push(match.index);
                this.backtickRuns.set(match[0].length, places);
            }
            for (const places of this.backtickRuns.values()) { places.reverse(); }
        }
        const places = this.backtickRuns.get(length) ?? [];
        while (places.length > 0 && places[places.length - 1] < after) { places.pop(); }
        return places[places.length - 1] ?? -1;
    }

    entity() {
        reference.lastIndex = this.position;
        const match = reference.exec(this.text);
        const character = match && decode(match);
        if (!character) { return false; }
        this.position = reference.lastIndex;
        return this.addText(character);
    }

    /** An address in angle brackets, or raw HTML, which is kept as text. */
    angle() {
        const address = this.match(angleAddress) ?? this.match(angleEmail);
        if (address) {
            const isEmail = !/^[a-z][a-z0-9+.-]+:/i.test(address[1]);
            const link = new InlineNode('link', isEmail ? 'mailto:' + address[1] : address[1]);
            link.append(new InlineNode('text', address[1]));
            return this.add(link);
        }
        if (this.match(lineBreakTag)) { return this.add(new InlineNode('break')); }
        const tag = this.match(inlineTag)?.[0] ?? this.longTag();
        return tag ? this.add(new InlineNode('html', tag)) : false;
    }

    match(expression) {
        expression.lastIndex = this.position;
        const match = expression.exec(this.text);
        if (match) { this.position = expression.lastIndex; }
        return match;
    }

    longTag() {
        for (const [opening, closing] of longTags) {
            if (!this.text.startsWith(opening, this.position) || this.missing.has(closing)) { continue; }
            if (opening === '<!' && !/[a-z]/i.test(this.text[this.position + 2] ?? '')) { continue; }
            const end = this.text.indexOf(closing, this.position + opening.length);
            if (end < 0) {
                this.missing.add(closing);
                continue;
            }
            const tag = this.text.slice(this.position, end + closing.length);
            this.position += tag.length;
            return tag;
        }
        return null;
    }

    /** @param {1 | 2} length 2 for a picture's `![` */
    openBracket(length) {
        const node = new InlineNode('text', this.text.slice(this.position, this.position + length));
        node.pinned = true;
        this.add(node);
        this.position += length;
        if (this.brackets) { this.brackets.holdsBracket = true; }
        this.brackets = {
            node, image: length === 2, active: true, holdsBracket: false, after: this.position,
            delimiters: this.delimiters, previous: this.brackets,
        };
        return true;
    }

    closeBracket() {
        const opener = this.brackets;
        const start = this.position++;
        if (!opener) { return this.addText(']'); }
        const target = opener.active ? this.readTarget(opener, start) : null;
        this.brackets = opener.previous;
        if (!target) { return this.addText(']'); }
        this.position = target.end;
        this.wrapLink(opener, target);
        return true;
    }

    /** @returns {{href: string, title: string, end: number} | null} where the brackets that close at `start` lead */
    readTarget(opener, start) {
        const { text } = this;
        const after = start + 1;
        if (text[after] === '(') {
            const inline = readInlineTarget(text, after + 1);
            if (inline) { return inline; }
        }
        let end = text[after] === '[' ? labelEnd(text, after) : -1;
        let name = end > after + 2 ? text.slice(after + 1, end - 1) : null;
        if (name === null && !opener.holdsBracket && start - opener.after < 1000) { name = text.slice(opener.after, start); }
        if (end < 0) { end = after; }
        if (name === null) { return null; }
        const key = normaliseLabel(name);
        const found = this.references.get(key);
        if (found) { return { ...found, end }; }
        if (key !== '') { this.unresolved.add(key); }
        return null;
    }

    wrapLink(opener, { href, title }) {
        closeEmphasis(this, opener.delimiters);
        const link = new InlineNode(opener.image ? 'image' : 'link', href);
        link.title = title;
        link.takeAfter(opener.node, null);
        opener.node.replaceWith(link);
        if (opener.image) { return; }
        // No link inside a link: the brackets around this one can only be text.
        for (let outer = this.brackets; outer; outer = outer.previous) {
            if (outer.image) { continue; }
            if (!outer.active) { break; }
            outer.active = false;
        }
    }
}

/** Reads `(destination "title")` from behind its parenthesis. */
function readInlineTarget(text, start) {
    const destination = readDestination(text, skipSpaces(text, start));
    if (!destination) { return null; }
    let end = skipSpaces(text, destination.end);
    let title = '';
    if (end > destination.end && text[end] !== ')') {
        const found = readTitle(text, end);
        if (!found) { return null; }
        title = found.value;
        end = skipSpaces(text, found.end);
    }
    return text[end] === ')' ? { href: destination.value, title, end: end + 1 } : null;
}
