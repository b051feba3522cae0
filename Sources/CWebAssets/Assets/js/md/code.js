/** Code blocks. */
import { make } from './elements.js';
import { highlight } from './highlight.js';

/**
 * @param {Document} document
 * @param {string} info what stands behind the fence
 * @returns {{figure: HTMLElement, code: HTMLElement, language: string}}
 */
export function codeFigure(document, info) {
    const language = /^[^\s{,:]*/.exec(info)?.[0].slice(0, 40) ?? '';
    const figure = make(document, 'figure', { class: 'md-code', dir: 'ltr' });
    const caption = make(document, 'figcaption');
    caption.appendChild(make(document, 'span', { class: 'md-language' }, language || 'text'));
    caption.appendChild(make(document, 'button', { type: 'button', class: 'md-wrap', 'aria-pressed': 'false' }, 'Wrap'));
    caption.appendChild(make(document, 'button', { type: 'button', class: 'md-copy' }, 'Copy'));
    const pre = make(document, 'pre', { tabindex: '0' });
    const code = make(document, 'code');
    pre.appendChild(code);
    figure.appendChild(caption);
    figure.appendChild(pre);
    return { figure, code, language };
}

/** An open block's text comes in pieces of about this size, so that the browser lays out only the last one again. */
const pieceSize = 4096;

/**
 * Adds text to an open block.
 *
 * @param {Element} code
 * @param {string} text
 */
export function appendCode(code, text) {
    if (text === '') { return; }
    const last = /** @type {Text | null} */ (code.lastChild);
    if (last && last.data.length < pieceSize) {
        last.appendData(text);
    } else {
        code.appendChild(code.ownerDocument.createTextNode(text));
    }
}

/**
 * Gives a closed block its final text: one piece, and colours once they are there.
 *
 * @param {Element} code
 * @param {string} text
 * @param {string} language
 */
export function finishCode(code, text, language) {
    code.replaceChildren();
    if (text !== '') { code.appendChild(code.ownerDocument.createTextNode(text)); }
    highlight(code, text, language);
}
