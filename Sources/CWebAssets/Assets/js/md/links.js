/** The parts of links: labels, destinations, titles, definitions; and which addresses a page may open. */
import { decode, reference } from './entities.js';

/** Longest `<…>` destination and title; a bound keeps hostile text from being scanned again and again. */
const longestPart = 2048;

const escapable = /[!-/:-@[-`{-~]/;
const label = /\[(?:[^\\[\]]|\\[^]){0,999}\]/y;

/**
 * Resolves backslashes and character references.
 *
 * @param {string} text
 */
export function unescape(text) {
    if (!/[\\&]/.test(text)) { return text; }
    return text.replace(/\\([!-/:-@[-`{-~])|&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z][a-z0-9]{0,31});/gi, (whole, escaped) => {
        if (escaped) { return escaped; }
        reference.lastIndex = 0;
        const match = reference.exec(whole);
        return (match && decode(match)) ?? whole;
    });
}

/** @param {string} text a label without its brackets */
export function normaliseLabel(text) {
    // Lower, then upper: that folds "ß" and "ẞ" together, as CommonMark asks.
    return text.trim().replace(/\s+/g, ' ').toLowerCase().toUpperCase();
}

/** @returns {number} where the label at `start` ends, or -1 */
export function labelEnd(text, start) {
    label.lastIndex = start;
    return label.test(text) ? label.lastIndex : -1;
}

/**
 * @param {string} text
 * @param {number} start
 * @returns {{value: string, end: number} | null}
 */
export function readDestination(text, start) {
    if (text[start] === '<') {
        const limit = Math.min(text.length, start + longestPart);
        for (let index = start + 1; index < limit; index++) {
            if (text[index] === '>') { return { value: unescape(text.slice(start + 1, index)), end: index + 1 }; }
            if (text[index] === '\\') { index++; } else if (text[index] === '<' || text[index] === '\n') { return null; }
        }
        return null;
    }
    let depth = 0;
    let index = start;
    for (; index < text.length; index++) {
        const character = text[index];
        if (character === '\\' && escapable.test(text[index + 1] ?? '')) { index++; continue; }
        if (character <= ' ') { break; }
        if (character === '(' && ++depth > 32) { return null; }
        if (character === ')' && --depth < 0) { break; }
    }
    return depth > 0 ? null : { value: unescape(text.slice(start, index)), end: index };
}

/** @returns {{value: string, end: number} | null} */
export function readTitle(text, start) {
    const closing = { '"': '"', "'": "'", '(': ')' }[text[start]];
    if (!closing) { return null; }
    const limit = Math.min(text.length, start + longestPart);
    for (let index = start + 1; index < limit; index++) {
        if (text[index] === '\\') { index++; continue; }
        if (text[index] === closing) { return { value: unescape(text.slice(start + 1, index)), end: index + 1 }; }
        if (closing === ')' && text[index] === '(') { return null; }
    }
    return null;
}

/** @returns {number} the place after spaces and at most one line break */
export function skipSpaces(text, start) {
    let breaks = 0;
    let index = start;
    for (; index < text.length; index++) {
        if (text[index] === '\n') {
            if (++breaks > 1) { break; }
        } else if (text[index] !== ' ' && text[index] !== '\t') {
            break;
        }
    }
    return index;
}

/** @returns {number} the start of the next line if nothing but spaces is before it, else -1 */
function endOfLine(text, start) {
    let index = start;
    while (text[index] === ' ' || text[index] === '\t') { index++; }
    if (index >= text.length) { return index; }
    return text[index] === '\n' ? index + 1 : -1;
}

/**
 * Reads `[label]: destination "title"` from a paragraph. The first definition of a label counts.
 *
 * @param {string} text
 * @param {number} start
 * @param {Map<string, {href: string, title: string}>} references
 * @returns {number} where the definition ends, or 0 when it is none
 */
export function readDefinition(text, start, references) {
    const afterLabel = labelEnd(text, start);
    if (afterLabel < 0 || text[afterLabel] !== ':') { return 0; }
    const name = normaliseLabel(text.slice(start + 1, afterLabel - 1));
    const at = skipSpaces(text, afterLabel + 1);
    const destination = readDestination(text, at);
    if (name === '' || !destination || destination.end === at) { return 0; }
    let end = endOfLine(text, destination.end);
    const beforeTitle = skipSpaces(text, destination.end);
    const title = beforeTitle > destination.end ? readTitle(text, beforeTitle) : null;
    const endOfTitle = title ? endOfLine(text, title.end) : -1;
    if (endOfTitle >= 0) { end = endOfTitle; } else if (end < 0) { return 0; }
    if (!references.has(name)) {
        references.set(name, { href: destination.value, title: endOfTitle >= 0 && title ? title.value : '' });
    }
    return end;
}

/**
 * The one gate for addresses: whole schemes are listed, all else is refused, so no trick of spelling helps.
 *
 * @param {string} href
 * @returns {string | null} an address that a reader may be sent to
 */
export function safeHref(href) {
    return /^(?:https?:\/\/[^\s/]|mailto:[^\s])/i.test(href) && !/[\u0000-\u001f]/.test(href) ? href : null;
}

/**
 * Pictures inside the text itself. No SVG: it is a document, not a picture.
 *
 * @param {string} source
 */
export function isInlinePicture(source) {
    return /^data:image\/(?:png|jpeg|webp|gif);base64,[a-z0-9+/=]+$/i.test(source);
}
