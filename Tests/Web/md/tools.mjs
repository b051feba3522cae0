/** What the tests share. */
import { Document, inner } from './document.mjs';
import { MarkdownView, renderMarkdown } from '../../../Sources/CWebAssets/Assets/js/md/markdown.js';

/** @returns {Element} a filled element of a fresh document */
export function rendered(markdown) {
    const element = new Document().createElement('div');
    renderMarkdown(element, markdown);
    return element;
}

export const html = markdown => inner(rendered(markdown));

/** The same without what is on every block, for tests about something else. */
export const brief = markdown => html(markdown).replaceAll(' dir="auto"', '').replaceAll(' class="md-tight"', '');

/** A view whose frames come when the test says so. */
export class Stage {
    constructor() {
        this.document = new Document();
        this.element = this.document.createElement('div');
        this.frames = [];
        this.view = new MarkdownView(this.element, { schedule: work => this.frames.push(work) });
    }

    frame() {
        const due = this.frames;
        this.frames = [];
        for (const work of due) { work(); }
    }

    get html() { return inner(this.element); }
}

/** Random numbers that are the same in every run (mulberry32). */
export function random(seed) {
    return limit => {
        seed = (seed + 0x6D2B79F5) | 0;
        let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) % limit;
    };
}
