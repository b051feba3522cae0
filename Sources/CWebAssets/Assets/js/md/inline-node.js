/** Nesting of emphasis, links and the like; more is shown as the characters it was written with. */
export const deepestInline = 32;

/**
 * A part of a block's text, in a chain with its neighbours, so that a part can be wrapped without copying an array.
 *
 * Types: text, html, code, math, break, em, strong, del, link, image, and root for the whole.
 */
export class InlineNode {
    /**
     * @param {string} type
     * @param {string} text the text; for links and images the address
     */
    constructor(type, text = '') {
        this.type = type;
        this.text = text;
        this.title = '';
        /** @type {InlineNode | null} */ this.parent = null;
        /** @type {InlineNode | null} */ this.previous = null;
        /** @type {InlineNode | null} */ this.next = null;
        /** @type {InlineNode | null} */ this.first = null;
        /** @type {InlineNode | null} */ this.last = null;
        /** Levels of nodes below this one. */
        this.height = 0;
        /** Whether this text is a delimiter that other code holds on to. */
        this.pinned = false;
    }

    /** @param {InlineNode} node */
    append(node) {
        node.parent = this;
        node.previous = this.last;
        node.next = null;
        if (this.last) { this.last.next = node; } else { this.first = node; }
        this.last = node;
        if (node.height >= this.height) { this.height = node.height + 1; }
    }

    /** @param {InlineNode} node */
    insertAfter(node) {
        node.parent = this.parent;
        node.previous = this;
        node.next = this.next;
        if (this.next) { this.next.previous = node; } else if (this.parent) { this.parent.last = node; }
        this.next = node;
    }

    remove() {
        const { parent, previous, next } = this;
        if (previous) { previous.next = next; } else if (parent) { parent.first = next; }
        if (next) { next.previous = previous; } else if (parent) { parent.last = previous; }
        this.parent = this.previous = this.next = null;
    }

    /** @param {InlineNode} node */
    replaceWith(node) {
        node.parent = this.parent;
        node.previous = this.previous;
        node.next = this.next;
        if (this.previous) { this.previous.next = node; } else if (this.parent) { this.parent.first = node; }
        if (this.next) { this.next.previous = node; } else if (this.parent) { this.parent.last = node; }
        this.parent = this.previous = this.next = null;
    }

    /**
     * Moves the nodes between two siblings into this node.
     *
     * @param {InlineNode} start
     * @param {InlineNode | null} end null: up to the last
     */
    takeAfter(start, end) {
        let node = start.next;
        while (node && node !== end) {
            const { next } = node;
            node.remove();
            this.append(node);
            node = next;
        }
    }

    /** @returns {string} the text without any marks; no recursion, for the chain may be deep */
    plainText() {
        let text = '';
        let node = this.first;
        while (node) {
            if (node.type === 'break') { text += '\n'; }
            if (!node.first && node.type !== 'link' && node.type !== 'image') { text += node.text; }
            if (node.first) { node = node.first; continue; }
            while (node && node !== this && !node.next) { node = node.parent; }
            node = node && node !== this ? node.next : null;
        }
        return text;
    }
}

export const root = () => new InlineNode('root');
