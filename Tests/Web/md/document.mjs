/**
 * As much of a document as the renderer needs, and not more: anything that could turn text into markup, or that the
 * page's policy forbids, is missing or throws.
 */

class Node {
    constructor(document) {
        this.ownerDocument = document;
        this.parentNode = null;
    }

    get parentElement() { return this.parentNode; }

    remove() {
        const siblings = this.parentNode?.childNodes;
        if (!siblings) { return; }
        // From the end: what is removed was nearly always added last.
        siblings.splice(siblings.lastIndexOf(this), 1);
        this.parentNode = null;
    }
}

export class Text extends Node {
    constructor(document, data) {
        super(document);
        this.data = String(data);
    }

    appendData(more) {
        this.data += more;
        this.ownerDocument.counts.characters += more.length;
    }

    get textContent() { return this.data; }
}

export class Element extends Node {
    constructor(document, name) {
        super(document);
        this.localName = name;
        this.attributes = new Map();
        this.childNodes = [];
        this.listeners = [];
        this.dataset = {};
        this.hidden = false;
        this.classList = {
            add: name => { if (!this.className.split(' ').includes(name)) { this.className = `${this.className} ${name}`.trim(); } },
            toggle: name => {
                const names = new Set(this.className.split(' ').filter(Boolean));
                const added = !names.delete(name);
                if (added) { names.add(name); }
                this.className = [...names].join(' ');
                return added;
            },
        };
    }

    get tagName() { return this.localName.toUpperCase(); }
    get className() { return this.attributes.get('class') ?? ''; }
    set className(value) { this.setAttribute('class', value); }
    get firstChild() { return this.childNodes[0] ?? null; }
    get lastChild() { return this.childNodes[this.childNodes.length - 1] ?? null; }
    get children() { return this.childNodes.filter(child => child instanceof Element); }
    get textContent() { return this.childNodes.map(child => child.textContent).join(''); }
    set textContent(text) { this.replaceChildren(this.ownerDocument.createTextNode(text)); }
    set innerHTML(_) { throw new Error('innerHTML is forbidden by the page\'s policy.'); }
    set outerHTML(_) { throw new Error('outerHTML is forbidden by the page\'s policy.'); }

    setAttribute(name, value) {
        if (name === 'style' || name.startsWith('on')) { throw new Error(`The attribute ${name} is forbidden.`); }
        this.attributes.set(name, String(value));
    }

    removeAttribute(name) { this.attributes.delete(name); }

    getAttribute(name) { return this.attributes.get(name) ?? null; }

    appendChild(node) {
        if (node.parentNode) { node.remove(); }
        node.parentNode = this;
        this.childNodes.push(node);
        this.ownerDocument.counts.inserted++;
        return node;
    }

    insertBefore(node, before) {
        if (!before) { return this.appendChild(node); }
        if (node.parentNode) { node.remove(); }
        node.parentNode = this;
        this.childNodes.splice(this.childNodes.indexOf(before), 0, node);
        return node;
    }

    replaceChildren(...nodes) {
        for (const child of this.childNodes) { child.parentNode = null; }
        this.childNodes = [];
        for (const node of nodes) { this.appendChild(node); }
    }

    replaceWith(node) {
        const parent = this.parentNode;
        parent.insertBefore(node, this);
        this.remove();
    }

    addEventListener(kind, listener) { this.listeners.push({ kind, listener }); }

    /** Sends a click up the tree, as a browser does. */
    click() {
        for (let each = this; each; each = each.parentNode) {
            for (const { kind, listener } of each.listeners) {
                if (kind === 'click') { listener({ target: this }); }
            }
        }
    }

    closest(name) {
        for (let each = this; each; each = each.parentNode) {
            if (each.localName === name) { return each; }
        }
        return null;
    }

    querySelector(selector) { return this.querySelectorAll(selector)[0] ?? null; }

    /** Understands `name`, `.class` and `name.class`. */
    querySelectorAll(selector) {
        const [name, className] = selector.split('.');
        const found = [];
        const visit = element => {
            for (const child of element.children) {
                const fits = (!name || child.localName === name) && (!className || child.className.split(' ').includes(className));
                if (fits) { found.push(child); }
                visit(child);
            }
        };
        visit(this);
        return found;
    }
}

export class Document {
    constructor() { this.counts = { inserted: 0, characters: 0 }; }
    createElement(name) { return new Element(this, name); }
    createElementNS(namespace, name) {
        const element = new Element(this, name);
        element.namespaceURI = namespace;
        return element;
    }

    createTextNode(data) {
        this.counts.characters += String(data).length;
        return new Text(this, data);
    }

    importNode(node) {
        if (node instanceof Text) { return new Text(this, node.data); }
        const copy = this.createElementNS(node.namespaceURI, node.localName);
        for (const [name, value] of node.attributes) { copy.setAttribute(name, value); }
        for (const child of node.childNodes) { copy.appendChild(this.importNode(child)); }
        return copy;
    }
}

const escape = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const empty = new Set(['br', 'hr', 'img', 'input']);

/** Writes a tree as HTML, in which two trees differ whenever they differ. Neighbouring texts are kept apart by `split`. */
export function serialise(node, split = '') {
    if (node instanceof Text) { return escape(node.data) + split; }
    const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${escape(value)}"`).join('');
    const inner = node.childNodes.map(child => serialise(child, split)).join('');
    const start = `<${node.localName}${attributes}${node.hidden ? ' hidden' : ''}>`;
    return empty.has(node.localName) ? start : `${start}${inner}</${node.localName}>`;
}

/** Only what is inside. */
export const inner = node => node.childNodes.map(child => serialise(child)).join('');
