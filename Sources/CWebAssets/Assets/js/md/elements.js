/**
 * The only place of this folder that creates elements. A name that is not listed cannot be created, whatever a model
 * wrote, and there is no way from text to markup: no innerHTML, no style attribute, no event attribute.
 */
const allowed = new Set(('p h3 h4 h5 h6 ul ol li blockquote pre code em strong del a img table thead tbody tr th td ' +
    'hr br input figure figcaption span button div').split(' '));

const allowedAttributes = new Set(('class dir tabindex role aria-label aria-pressed href title rel target src alt referrerpolicy ' +
    'type disabled checked start scope').split(' '));

/**
 * @param {Document} document
 * @param {string} name
 * @param {Record<string, string>} [attributes]
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function make(document, name, attributes = {}, text = '') {
    if (!allowed.has(name)) { throw new Error(`Markdown makes no <${name}>.`); }
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (!allowedAttributes.has(key)) { throw new Error(`Markdown sets no ${key}.`); }
        element.setAttribute(key, value);
    }
    if (text !== '') { element.appendChild(document.createTextNode(text)); }
    return element;
}
