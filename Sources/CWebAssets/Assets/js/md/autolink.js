/** Addresses without brackets around them, as GitHub reads them. */
import { InlineNode } from './inline-node.js';

// Full-width punctuation ends an address: after "https://a.b。" a Chinese sentence goes on.
const address = /(?:https?:\/\/|www\.)[^\s<>`"\u3000-\u303f\uff00-\uffef]+/iy;
const emailTail = /@[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,8}/iy;
const longestName = 64;

/**
 * @param {string} text
 * @param {number} position where "http" or "www." may stand
 * @returns {{node: InlineNode, length: number} | null}
 */
export function autolinkAt(text, position) {
    const before = position > 0 ? text[position - 1] : ' ';
    if (text[position] === 'w' || text[position] === 'W' ? !/[\s*_~(]/.test(before) : /[a-z0-9]/i.test(before)) { return null; }
    address.lastIndex = position;
    const match = address.exec(text);
    const found = match && trimAddress(match[0]);
    if (!found || !hasDomain(found)) { return null; }
    return { node: link(/^www/i.test(found) ? 'http://' + found : found, found), length: found.length };
}

/** Leaves out a sentence's punctuation, and a parenthesis that was opened before the address. */
function trimAddress(text) {
    let end = text.length;
    let surplus = count(text, ')') - count(text, '(');
    for (; end > 0; end--) {
        const character = text[end - 1];
        if (character === ')') {
            if (surplus <= 0) { break; }
            surplus--;
        } else if (character === ';') {
            const entity = /&[a-z0-9]{1,31};$/i.exec(text.slice(Math.max(0, end - 34), end));
            if (entity) { end -= entity[0].length - 1; }
        } else if (!'?!.,:*_~\''.includes(character)) {
            break;
        }
    }
    return text.slice(0, end);
}

const count = (text, character) => text.split(character).length - 1;

function hasDomain(text) {
    const host = /^(?:https?:\/\/)?([^/?#]*)/i.exec(text)?.[1] ?? '';
    const parts = host.split('.');
    if (parts.slice(-2).some(part => part.includes('_'))) { return false; }
    return /^www\./i.test(text) ? parts.length > 1 && parts[1] !== '' : /^[\p{L}\p{N}[]/u.test(host);
}

function link(href, text) {
    const node = new InlineNode('link', href);
    node.append(new InlineNode('text', text));
    return node;
}

/**
 * Finds e-mail addresses, and addresses that stood in brackets which were no link, in the finished chain.
 *
 * @param {InlineNode} root
 */
export function linkText(root) {
    // Walks without recursion, and does not enter links and pictures.
    let node = root.first;
    while (node) {
        mergeText(node);
        if (node.type === 'text' && /@|:\/\/|www\./i.test(node.text)) { node = splitText(node); }
        if (node.first && node.type !== 'link' && node.type !== 'image') { node = node.first; continue; }
        while (node && node !== root && !node.next) { node = node.parent; }
        node = node && node !== root ? node.next : null;
    }
}

/** Joins a text with the texts after it, so that an address is in one piece. */
function mergeText(node) {
    if (node.type !== 'text') { return; }
    const pieces = [node.text];
    while (node.next?.type === 'text') {
        pieces.push(node.next.text);
        node.next.remove();
    }
    node.text = pieces.join('');
    node.pinned = false;
}

/** @returns {InlineNode} the last node of what the text became */
function splitText(node) {
    const { text } = node;
    const parts = [];
    let done = 0;
    for (const match of text.matchAll(/@|https?:\/\/|www\./gi)) {
        if (match.index < done) { continue; }
        const found = match[0] === '@' ? emailAt(text, match.index, done) : withStart(autolinkAt(text, match.index), match.index);
        if (!found) { continue; }
        if (found.start > done) { parts.push(new InlineNode('text', text.slice(done, found.start))); }
        parts.push(found.node);
        done = found.start + found.length;
    }
    if (done === 0) { return node; }
    if (done < text.length) { parts.push(new InlineNode('text', text.slice(done))); }
    let last = node;
    for (const part of parts) {
        last.insertAfter(part);
        last = part;
    }
    node.remove();
    return last;
}

const withStart = (found, start) => found && { ...found, start };

function emailAt(text, at, from) {
    let start = at;
    while (start > from && at - start < longestName && /[\w.+-]/.test(text[start - 1])) { start--; }
    emailTail.lastIndex = at;
    const match = emailTail.exec(text);
    if (start === at || !match || /[-_]$/.test(match[0])) { return null; }
    const found = text.slice(start, at) + match[0];
    return { node: link('mailto:' + found, found), start, length: found.length };
}
