/** Elements for the parts of a block's text. */
import { make } from './elements.js';
import { InlineParser } from './inlines.js';
import { isInlinePicture, safeHref } from './links.js';
import { formulaElement } from './math.js';

/**
 * A single paragraph of more than this, some 5,000 words without a blank line, is shown as it was written: a browser
 * lays a paragraph out as a whole, and thousands of elements in one would stop the page for half a second.
 */
const longestFormatted = 32 * 1024;

/**
 * @param {string} text a paragraph's
 * @returns {boolean} whether it is too long to be formatted; pictures inside it do not count
 */
export function isTooLong(text) {
    return text.length > longestFormatted &&
        text.replace(/data:image\/[a-z]+;base64,[\w+/=]*/gi, '').length > longestFormatted;
}

/**
 * Reads Markdown and puts it into an element, in place of what is there.
 *
 * @param {Element} element
 * @param {string} text
 * @param {Map<string, {href: string, title: string}>} references
 * @returns {Set<string>} labels of references that were not defined yet
 */
export function fillInline(element, text, references) {
    const document = element.ownerDocument;
    if (isTooLong(text)) {
        element.replaceChildren(document.createTextNode(text));
        return new Set();
    }
    const parser = new InlineParser(text, references);
    const root = parser.parse();
    element.replaceChildren();
    appendParts(document, element, root, false);
    return parser.unresolved;
}

/** Recursion is safe here: inlines.js makes no chain deeper than `deepestInline`. */
function appendParts(document, parent, node, inLink) {
    for (let part = node.first; part; part = part.next) {
        appendPart(document, parent, part, inLink);
    }
}

function appendPart(document, parent, part, inLink) {
    switch (part.type) {
    case 'text': case 'html':
        if (part.text !== '') { parent.appendChild(document.createTextNode(part.text)); }
        break;
    case 'code':
        parent.appendChild(make(document, 'code', { dir: 'ltr' }, part.text));
        break;
    case 'math':
        parent.appendChild(formulaElement(document, part.text, part.display === true));
        break;
    case 'break':
        parent.appendChild(make(document, 'br'));
        break;
    case 'em': case 'strong': case 'del': {
        const element = make(document, part.type);
        appendParts(document, element, part, inLink);
        parent.appendChild(element);
        break;
    }
    case 'link': appendLink(document, parent, part, inLink); break;
    case 'image': appendPicture(document, parent, part, inLink); break;
    }
}

function anchor(document, href, title, extra = {}) {
    const attributes = { href, rel: 'noopener noreferrer nofollow', target: '_blank', ...extra };
    if (title !== '') { attributes.title = title; }
    return make(document, 'a', attributes);
}

/** A link whose address is not allowed leaves its text behind, and nothing to click. */
function appendLink(document, parent, part, inLink) {
    const href = inLink ? null : safeHref(part.text);
    if (href === null) {
        appendParts(document, parent, part, inLink);
        return;
    }
    const element = anchor(document, href, part.title);
    appendParts(document, element, part, true);
    parent.appendChild(element);
}

/**
 * A remote picture would tell its host who reads the answer, so it is a link that names the host. A picture that is
 * part of the text is shown.
 */
function appendPicture(document, parent, part, inLink) {
    const alt = part.plainText();
    if (isInlinePicture(part.text)) {
        const attributes = { class: 'md-picture', src: part.text, alt };
        if (part.title !== '') { attributes.title = part.title; }
        parent.appendChild(make(document, 'img', attributes));
        return;
    }
    const href = /^https?:/i.test(part.text) ? safeHref(part.text) : null;
    const host = href === null ? '' : hostOf(href);
    const label = host === '' ? alt : alt === '' ? `Image (${host})` : `${alt} (${host})`;
    if (label === '') { return; }
    if (host === '' || inLink) {
        parent.appendChild(document.createTextNode(label));
        return;
    }
    const element = anchor(document, /** @type {string} */ (href), part.title, { class: 'md-image' });
    element.appendChild(document.createTextNode(label));
    parent.appendChild(element);
}

function hostOf(href) {
    try {
        return new URL(href).host;
    } catch {
        return '';
    }
}
