/** Whatever is written, only listed elements with listed attributes come out, and only safe addresses. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { attacks } from './attacks.mjs';
import { randomDocument } from './corpus.mjs';
import { random, rendered, Stage } from './tools.mjs';

const button = ['type', 'class', 'aria-pressed'];
/** Element → attributes. Written down again here, so that the renderer's own lists are checked too. */
const expected = {
    p: ['class', 'dir'], h3: ['class', 'dir'], h4: ['class', 'dir'], h5: ['class', 'dir'], h6: ['class', 'dir'], ul: ['class', 'dir'],
    ol: ['class', 'dir', 'start'], li: ['class', 'dir'], blockquote: ['dir'], pre: ['tabindex'], code: ['class', 'dir'], em: [], strong: [], del: [],
    a: ['href', 'rel', 'target', 'title', 'class'], img: ['class', 'src', 'alt', 'title'], table: [], thead: [], tbody: [], tr: [],
    th: ['class', 'dir', 'scope'], td: ['class', 'dir'], hr: ['dir'], br: [], input: ['type', 'disabled', 'checked', 'aria-label'],
    figure: ['class', 'dir'], figcaption: [], span: ['class'], button, div: ['class', 'dir', 'tabindex', 'role', 'aria-label'],
};

function check(element, source) {
    for (const child of element.children) {
        const name = child.localName;
        assert.ok(Object.hasOwn(expected, name), `<${name}> from ${source}`);
        for (const [attribute, value] of child.attributes) {
            assert.ok(expected[name].includes(attribute), `<${name} ${attribute}="${value}"> from ${source}`);
            if (attribute === 'class') { assert.match(value, /^md-[\w-]+( md-[\w-]+)*$/, source); }
        }
        if (name === 'a') {
            assert.match(child.getAttribute('href'), /^(https?:\/\/[^/\s]|mailto:\S)/i, source);
            assert.ok(['http:', 'https:', 'mailto:'].includes(protocol(child.getAttribute('href'))), source);
            assert.equal(child.getAttribute('rel'), 'noopener noreferrer nofollow');
            assert.equal(child.getAttribute('target'), '_blank');
        }
        if (name === 'img') { assert.match(child.getAttribute('src'), /^data:image\/(png|jpeg|webp|gif);base64,[\w+/=]+$/i, source); }
        if (name === 'input') { assert.equal(child.getAttribute('type'), 'checkbox'); }
        check(child, source);
    }
}

/** As a browser would read it. An address that it cannot read at all leads nowhere. */
function protocol(href) {
    try { return new URL(href).protocol; } catch { return 'https:'; }
}

test(`${attacks.length} attacks, alone and in quotes, lists and tables, whole and streamed`, () => {
    assert.ok(attacks.length >= 150);
    for (const attack of attacks) {
        const indented = attack.replaceAll('\n', '\n  ');
        const places = [attack, `text ${attack} text`, `> ${attack}`, `- ${indented}`, `**${attack}**`, `[${attack}](https://x.example)`, `| a |\n|---|\n| ${attack} |`, `# ${attack}`];
        for (const text of places) {
            check(rendered(text), text);
            const stage = new Stage();
            for (let at = 0; at < text.length; at += 3) {
                stage.view.append(text.slice(at, at + 3));
                stage.frame();
                check(stage.element, text);
            }
        }
    }
});

test('2,000 random documents', () => {
    for (let seed = 5000; seed < 7000; seed++) {
        const text = randomDocument(random(seed));
        check(rendered(text), text);
    }
});

test('the text of a script is shown', () => {
    assert.equal(rendered('<script>alert(1)</script>').textContent, '<script>alert(1)</script>');
});
