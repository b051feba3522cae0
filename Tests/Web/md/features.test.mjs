/** Each feature, once. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { languageNamed } from '../../../Sources/CWebAssets/Assets/js/md/highlight.js';
import { formattedLimit, plainText } from '../../../Sources/CWebAssets/Assets/js/md/markdown.js';
import { toCSV } from '../../../Sources/CWebAssets/Assets/js/md/table.js';
import { brief, html, rendered, Stage } from './tools.mjs';

const formula = tex => `<code class="md-math" dir="ltr">${tex}</code>`;
const link = (href, text) => `<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">${text}</a>`;

const cases = {
    'headings begin below the page\'s own': ['# a\n## b\n### c\n#### d\n##### e', '<h3 class="md-h1">a</h3><h4 class="md-h2">b</h4><h5 class="md-h3">c</h5><h6 class="md-h4">d</h6><h6 class="md-h5">e</h6>'],
    'raw HTML is text': ['<b>x</b> and\n\n<div>\n*y*\n</div>', '<p>&lt;b&gt;x&lt;/b&gt; and</p><p class="md-html">&lt;div&gt;\n*y*\n&lt;/div&gt;</p>'],
    'only <br> is understood': ['a<br>b<br/>c', '<p>a<br>b<br>c</p>'],
    'links open elsewhere': ['[a](https://x.y) <http://z>', `<p>${link('https://x.y', 'a')} ${link('http://z', 'http://z')}</p>`],
    'other links are text': ['[a](javascript:x) [b](/c) [d](ftp://e)', '<p>a b d</p>'],
    'a remote picture is a link with its host': ['![A cat](https://img.example/cat.png)', `<p>${link('https://img.example/cat.png', 'A cat (img.example)').replace(' rel', ' rel').replace('target="_blank"', 'target="_blank" class="md-image"')}</p>`],
    'a picture in the text is shown': ['![dot](data:image/png;base64,AA==)', '<p><img class="md-picture" src="data:image/png;base64,AA==" alt="dot"></p>'],
    'dollars are pandoc\'s': ['$x$ $ y $ $5 and $10, $a$1 \\$z', `<p>${formula('x')} $ y $ $5 and $10, $a$1 $z</p>`],
    'money before a formula': ['It costs $5. Let $x$ be 5, $2 off.', `<p>It costs $5. Let ${formula('x')} be 5, $2 off.</p>`],
    'all four kinds of formulas': ['\\(a_b_c\\) and \\[d\\] and $$e$$ and $f$', `<p>${formula('a_b_c')} and <code class="md-math md-math-display" dir="ltr">d</code> and <code class="md-math md-math-display" dir="ltr">e</code> and ${formula('f')}</p>`],
    'a formula\'s stars and underscores are its own': ['$a*b*c_d_e$', `<p>${formula('a*b*c_d_e')}</p>`],
    'no formula in code': ['`$a$` and `\\(b\\)`', '<p><code dir="ltr">$a$</code> and <code dir="ltr">\\(b\\)</code></p>'],
    'a formula on lines of its own': ['text\n$$\na\n- b\n= c\n$$\nmore', '<p>text</p><div class="md-math-block"><code class="md-math md-math-display" dir="ltr">a\n- b\n= c</code></div><p>more</p>'],
    'a formula that is not closed is text': ['$$\na\n\nb', '<p>$$\na</p><p>b</p>'],
    'one tilde in a range is no line through': ['1~2 and 3~4, ~~x~~', '<p>1~2 and 3~4, <del>x</del></p>'],
    'tasks': ['- [x] a\n- [ ] b', '<ul><li class="md-task"><p><input type="checkbox" disabled="" aria-label="Done" checked="">a</p></li><li class="md-task"><p><input type="checkbox" disabled="" aria-label="Not done">b</p></li></ul>'],
    'a list starts where it says': ['3. a', '<ol start="3"><li><p>a</p></li></ol>'],
    'an address in text': ['see https://a.b/c_d_e.', `<p>see ${link('https://a.b/c_d_e', 'https://a.b/c_d_e')}.</p>`],
    'a Chinese full stop ends an address': ['见https://a.b。好', `<p>见${link('https://a.b', 'https://a.b')}。好</p>`],
    'labels are no way to the prototype': ['[toString] [constructor]', '<p>[toString] [constructor]</p>'],
};

for (const [name, [markdown, expected]] of Object.entries(cases)) {
    test(name, () => assert.equal(brief(markdown), expected));
}

test('a block of code says its language, wraps and copies', () => {
    assert.equal(html('```js title\nlet a;\n```'), '<figure class="md-code" dir="ltr"><figcaption><span class="md-language">js</span><button type="button" class="md-wrap" aria-pressed="false">Wrap</button>' +
        '<button type="button" class="md-copy">Copy</button></figcaption><pre tabindex="0"><code>let a;</code></pre></figure>');
    const element = rendered('```js\nlet a;\n```');
    element.querySelector('.md-wrap').click();
    assert.equal(element.querySelector('figure').className, 'md-code md-wrapped');
    assert.equal(element.querySelector('.md-wrap').getAttribute('aria-pressed'), 'true');
});

test('languages have other names, and only known ones are loaded', () => {
    assert.deepEqual(['JS', 'py', 'C++', 'html', 'sh', 'yml'].map(languageNamed), ['javascript', 'python', 'cpp', 'markup', 'bash', 'yaml']);
    assert.deepEqual(['__proto__', 'constructor', '../x', '', 'core'].map(languageNamed), [null, null, null, null, null]);
});

test('a table is copied as CSV, without formulas for a spreadsheet', () => {
    const element = rendered('| a | "b" |\n|---|---|\n| 1, 2 | =1+1 |\n| -3 | -x |');
    assert.equal(toCSV(element.querySelector('table')), 'a,"""b"""\r\n"1, 2",\'=1+1\r\n-3,\'-x\r\n');
});

test('blocks of the page find their own direction, what is in them follows', () => {
    const directions = [...html('a\n\n- b\n\n> c\n\n# d').matchAll(/<(\w+)[^>]*dir="auto"/g)].map(match => match[1]);
    assert.deepEqual(directions, ['p', 'ul', 'blockquote', 'h3']);
});

test('beyond 200 kB the text is plain until the reader asks', () => {
    const text = '*word* '.repeat(20) + '\n\n';
    const stage = new Stage();
    const count = Math.ceil(formattedLimit / text.length) + 50;
    for (let each = 0; each < count; each++) {
        stage.view.append(text);
        stage.frame();
    }
    stage.view.end();
    const rest = stage.element.querySelector('.md-rest');
    assert.ok(rest.textContent.includes('*word*'));
    assert.equal(html(text.repeat(count)), stage.html);
    assert.equal(stage.element.querySelectorAll('em').length, 20 * Math.floor(formattedLimit / text.length));
    stage.element.querySelector('.md-show-all').click();
    for (let frames = 0; frames < 20; frames++) { stage.frame(); }
    assert.equal(stage.element.querySelector('.md-rest'), null);
    assert.equal(stage.element.querySelectorAll('em').length, 20 * count);
});

test('a line that reaches over the limit is cut, but not in the middle of a character', () => {
    const stage = new Stage();
    const text = 'x' + '𝒳'.repeat(formattedLimit / 2 + 100);
    for (let at = 0; at < text.length; at += 999) { stage.view.append(text.slice(at, at + 999)); stage.frame(); }
    stage.view.end();
    assert.equal(stage.html, html(text));
    assert.ok(stage.element.querySelector('p').textContent.isWellFormed?.() ?? true);
});

test('a paragraph of more than 32 kB is not formatted, unless a picture makes it long', () => {
    assert.equal(rendered('*a* '.repeat(9000)).querySelectorAll('em').length, 0);
    const element = rendered(`*a* ![x](data:image/png;base64,${'A'.repeat(100_000)})`);
    assert.equal(element.querySelectorAll('img').length, 1);
    assert.equal(element.querySelectorAll('em').length, 1);
});

test('plain text', () => {
    assert.equal(plainText('# A *b*\n\nText with [link](https://x.y) and `code`.\n\n1. one\n2. two\n   - three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx\n```\n\n[r]\n\n[r]: https://x.y'),
        'A b\n\nText with link and code.\n\n1. one\n2. two\n   - three\n\na | b\n1 | 2\n\nx\n\nr');
});

test('a frame reads a bounded part of a long text, and the next ones go on', () => {
    const stage = new Stage();
    stage.view.append('a line of text\n\n'.repeat(10_000));
    stage.frame();
    const first = stage.element.querySelectorAll('p').length;
    assert.ok(first > 500 && first < 5000, String(first));
    for (let frames = 0; frames < 10; frames++) { stage.frame(); }
    assert.equal(stage.element.querySelectorAll('p').length, 10_000);
});
