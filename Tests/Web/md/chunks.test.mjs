/** However a text is cut, the elements are the same in the end; and what is finished is never touched again. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { blocks, randomDocument } from './corpus.mjs';
import { html, random, Stage } from './tools.mjs';

/** Streams a text in random pieces, with a frame after some of them. */
function streamed(text, next, largest) {
    const stage = new Stage();
    for (let at = 0; at < text.length;) {
        const size = 1 + next(largest);
        stage.view.append(text.slice(at, at + size));
        at += size;
        if (next(3) > 0) { stage.frame(); }
    }
    stage.view.end();
    return stage.html;
}

test('every piece of the corpus, character by character', () => {
    for (const text of blocks) {
        const next = random(text.length);
        assert.equal(streamed(text, next, 1), html(text), JSON.stringify(text));
    }
});

test('1,500 random documents, each in three random cuts', () => {
    for (let seed = 1; seed <= 1500; seed++) {
        const next = random(seed);
        const text = randomDocument(next);
        const whole = html(text);
        for (const largest of [1, 7, 60]) {
            assert.equal(streamed(text, next, largest), whole, `seed ${seed}, ${JSON.stringify(text)}`);
        }
    }
});

test('60 long documents, whose blocks stand in several parts', () => {
    let parts = 0;
    for (let seed = 1; seed <= 60; seed++) {
        const next = random(seed * 7919);
        const text = Array.from({ length: 25 }, () => randomDocument(next)).join('\n\n');
        const whole = html(text);
        parts += whole.split('md-part').length - 1;
        assert.equal(streamed(text, next, 90), whole, `seed ${seed}`);
    }
    assert.ok(parts > 15, `${parts} parts`);
});

test('a line break of two characters may be cut in two', () => {
    const stage = new Stage();
    for (const piece of ['a\r', '\nb\r', '\r\n', 'c']) { stage.view.append(piece); stage.frame(); }
    stage.view.end();
    assert.equal(stage.html, html('a\nb\n\nc'));
});

test('the text is kept as it came', () => {
    const stage = new Stage();
    stage.view.append('a\r\n');
    stage.view.append('*b*\0');
    assert.equal(stage.view.text, 'a\r\n*b*\0');
});

test('set continues when it can, and begins anew when it must', () => {
    const stage = new Stage();
    stage.view.set('one\n\ntw');
    stage.frame();
    const [first] = stage.element.children;
    stage.view.set('one\n\ntwo\n\nthree');
    stage.frame();
    assert.equal(stage.element.children[0], first);
    stage.view.set('other');
    stage.view.end();
    assert.equal(stage.html, html('other'));
});

test('text after the end is added all the same', () => {
    const stage = new Stage();
    stage.view.append('a\n\n*b');
    stage.view.end();
    stage.view.append('*\n');
    stage.view.end();
    assert.equal(stage.html, html('a\n\n*b*\n'));
});

test('finished blocks are never touched again', () => {
    const text = '# T\n\npara *one*\n\n- a\n- b\n  - c\n\n```js\ncode\n```\n\n| a |\n|---|\n| 1 |\n| 2 |\n\n> quote\n\nlast words';
    const stage = new Stage();
    const finished = new Map();
    for (const character of text) {
        stage.view.append(character);
        stage.frame();
        const blocks = stage.element.children;
        for (const [element, content] of finished) {
            assert.ok(blocks.includes(element));
            assert.equal(element.textContent, content);
        }
        // All but the last two: a blank line ends a block, and a list may go on after it.
        for (const element of blocks.slice(0, -2)) { finished.set(element, element.textContent); }
    }
    assert.ok(finished.size >= 5);
});

test('a reference that is defined later becomes a link at the end', () => {
    const stage = new Stage();
    stage.view.append('see [this]\n\nnext\n\n[this]: https://a.example\n\nmore\n\n');
    stage.frame();
    assert.ok(!stage.html.includes('<a '));
    stage.view.end();
    assert.ok(stage.html.includes('href="https://a.example"'));
});

test('what is not decided yet does not flicker', () => {
    const seen = new Set();
    const stage = new Stage();
    for (const character of 'Intro:\n- item **bold\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx\n```\ndone') {
        stage.view.append(character);
        stage.frame();
        for (const found of stage.html.matchAll(/<(h\d|hr|strong|del)\b/g)) { seen.add(found[1]); }
        assert.ok(!/<p[^>]*>[^<]*\|/.test(stage.html), 'a table was shown as text first');
        assert.ok(!/<code>[^<]*`/.test(stage.html), 'a closing fence was shown as code');
    }
    assert.deepEqual([...seen], []);
});
