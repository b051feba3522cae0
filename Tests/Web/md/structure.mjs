/**
 * Brings cmark-gfm's tree (its XML output) and our elements into one form, so that they can be compared.
 *
 * What we do on purpose otherwise is applied to cmark's side: raw HTML is text, addresses that are not allowed leave
 * their text, remote pictures are links.
 */
import { isInlinePicture, safeHref } from '../../../Sources/CWebAssets/Assets/js/md/links.js';
import { Text } from './document.mjs';

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const unescape = text => text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => entities[name]);

/** Reads the little XML that cmark-gfm writes. */
export function parseXML(source) {
    const root = { name: 'root', attributes: {}, children: [], text: '' };
    const stack = [root];
    const body = source.replace(/^<\?xml[^>]*>\s*<!DOCTYPE[^>]*>/, '');
    for (const match of body.matchAll(/<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g)) {
        const [, closing, name, attributes, single, text] = match;
        const top = stack[stack.length - 1];
        if (text !== undefined) { top.text += unescape(text); continue; }
        if (closing) { stack.pop(); continue; }
        const node = { name, attributes: {}, children: [], text: '' };
        for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) { node.attributes[key] = unescape(value); }
        top.children.push(node);
        if (!single) { stack.push(node); }
    }
    return root.children[0];
}

const all = (nodes, convert) => joinTexts(nodes.flatMap(convert));

/** Neighbouring texts are one text. */
function joinTexts(parts) {
    const joined = [];
    for (const part of parts) {
        if (typeof part === 'string' && typeof joined[joined.length - 1] === 'string') {
            joined[joined.length - 1] += part;
        } else if (part !== '') {
            joined.push(part);
        }
    }
    return joined;
}

/** Between elements cmark-gfm's XML is indented; only a node without children has a text of its own. */
function textOf(node) {
    if (node.name === 'softbreak' || node.name === 'linebreak') { return '\n'; }
    return node.children.length > 0 ? node.children.map(textOf).join('') : node.name === 'image' || node.name === 'link' ? '' : node.text;
}

export function fromCmark(node) {
    const { name, attributes, children } = node;
    switch (name) {
    case 'document': return ['document', ...all(children, each => [fromCmark(each)])];
    case 'block_quote': return ['quote', ...all(children, each => [fromCmark(each)])];
    case 'list': return [attributes.type === 'ordered' ? `ol ${attributes.start}` : 'ul', attributes.tight === 'true' ? 'tight' : 'loose', ...children.map(fromCmark)];
    case 'item': case 'tasklist': case 'taskitem': return ['item', ...children.map(fromCmark)];
    case 'paragraph': return ['p', ...trim(all(children, inlineFromCmark))];
    case 'heading': return ['h' + attributes.level, ...trim(all(children, inlineFromCmark))];
    case 'thematic_break': return ['rule'];
    case 'code_block': return ['code', /^[^\s{,:]*/.exec(attributes.info ?? '')[0], node.text.replace(/\n$/, '')];
    case 'html_block': return ['html', node.text.trimEnd()];
    case 'table': return ['table', ...children.map(fromCmark)];
    case 'table_header': case 'table_row': return ['row', ...children.map(fromCmark)];
    case 'table_cell': return ['cell', ...trim(all(children, inlineFromCmark))];
    default: throw new Error('cmark-gfm wrote an unknown ' + name);
    }
}

function inlineFromCmark(node) {
    const { name, attributes, children } = node;
    switch (name) {
    case 'text': return [node.text];
    case 'html_inline': return /^<br *\/?>$/i.test(node.text) ? [['br']] : [node.text];
    case 'softbreak': return ['\n'];
    case 'linebreak': return [['br']];
    case 'code': return [['code', node.text]];
    case 'emph': return [['em', ...all(children, inlineFromCmark)]];
    case 'strong': return [['strong', ...all(children, inlineFromCmark)]];
    case 'strikethrough': return [['del', ...all(children, inlineFromCmark)]];
    case 'link': {
        const inside = all(children, inlineFromCmark);
        if (!safeHref(attributes.destination)) { return inside; }
        // A remote picture inside a link is its text: it cannot be a second link.
        const flat = joinTexts(inside.map(part => part[0] === 'a' && Array.isArray(part) ? part[3] : part));
        return [['a', attributes.destination, attributes.title ?? '', ...flat]];
    }
    case 'image': return imageFromCmark(attributes.destination, textOf(node), attributes.title ?? '');
    default: throw new Error('cmark-gfm wrote an unknown ' + name);
    }
}

function imageFromCmark(source, alt, title) {
    if (isInlinePicture(source)) { return [['img', source, alt]]; }
    if (!/^https?:/i.test(source) || !safeHref(source)) { return [alt]; }
    const { host } = new URL(source);
    return [['a', source, title, alt ? `${alt} (${host})` : `Image (${host})`]];
}

/** Space at the ends of a block is not compared: nobody sees it. */
function trim(parts) {
    const copy = [...parts];
    if (typeof copy[0] === 'string') { copy[0] = copy[0].trimStart(); }
    const last = copy.length - 1;
    if (typeof copy[last] === 'string') { copy[last] = copy[last].trimEnd(); }
    return copy.filter(part => part !== '');
}

export function fromElements(root) { return ['document', ...root.children.map(blockFromElement)]; }

function blockFromElement(element) {
    const className = element.className;
    const blocks = () => element.children.map(blockFromElement);
    switch (element.localName) {
    case 'p': return className === 'md-html' ? ['html', element.textContent] : ['p', ...trim(all(element.childNodes, inlineFromElement))];
    case 'blockquote': return ['quote', ...blocks()];
    case 'ul': return ['ul', className.slice(3), ...blocks()];
    case 'ol': return [`ol ${element.getAttribute('start') ?? 1}`, className.slice(3), ...blocks()];
    case 'li': return ['item', ...blocks()];
    case 'hr': return ['rule'];
    case 'h3': case 'h4': case 'h5': case 'h6': return [className.slice(3), ...trim(all(element.childNodes, inlineFromElement))];
    case 'figure': {
        const language = element.querySelector('.md-language').textContent;
        return ['code', language === 'text' ? '' : language, element.querySelector('code').textContent];
    }
    case 'div': return className === 'md-table'
        ? ['table', ...element.querySelectorAll('tr').map(row => ['row', ...row.children.map(cell => ['cell', ...trim(all(cell.childNodes, inlineFromElement))])])]
        : ['formula', element.textContent];
    default: throw new Error('Unknown block ' + element.localName);
    }
}

function inlineFromElement(node) {
    if (node instanceof Text) { return [node.data]; }
    const inside = () => all(node.childNodes, inlineFromElement);
    switch (node.localName) {
    case 'br': return [['br']];
    case 'input': return [];
    case 'code': return [[node.className.startsWith('md-math') ? 'formula' : 'code', node.textContent]];
    case 'img': return [['img', node.getAttribute('src'), node.getAttribute('alt')]];
    case 'a': return [['a', node.getAttribute('href'), node.getAttribute('title') ?? '', ...inside()]];
    default: return [[node.localName, ...inside()]];
    }
}
