/**
 * The cost stays in proportion to the text, whatever the text is. Counted are characters read by the inline parser and
 * characters put into text nodes, not time, so that the tests say the same on every machine.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { statistics } from '../../../Sources/CWebAssets/Assets/js/md/inlines.js';
import { formattedLimit } from '../../../Sources/CWebAssets/Assets/js/md/markdown.js';
import { html, rendered, Stage } from './tools.mjs';

function cost(text, chunk) {
    const before = statistics.characters;
    const stage = new Stage();
    for (let at = 0; at < text.length; at += chunk) {
        stage.view.append(text.slice(at, at + chunk));
        stage.frame();
    }
    stage.view.end();
    const { characters } = stage.document.counts;
    return { read: (statistics.characters - before) / text.length, shown: characters / text.length, stage };
}

const words = count => Array.from({ length: count }, (_, index) => ['the', 'answer', '*is*', 'known,', '`x`', 'and'][index % 6]).join(' ');

const shapes = {
    'one giant paragraph on one line': () => words(36_000),
    'one giant paragraph of many lines': () => Array.from({ length: 4000 }, () => words(10)).join('\n'),
    'one giant list': () => Array.from({ length: 4000 }, () => '- ' + words(10)).join('\n'),
    'one giant nested list': () => Array.from({ length: 3000 }, (_, index) => '  '.repeat(index % 8) + '- ' + words(8)).join('\n'),
    'one item with a giant list': () => '- top\n' + Array.from({ length: 4000 }, () => '  - ' + words(8)).join('\n'),
    'one giant table': () => '| a | b |\n|---|---|\n' + Array.from({ length: 4000 }, () => `| ${words(4)} | ${words(4)} |`).join('\n'),
    'one giant code block': () => '```js\n' + Array.from({ length: 5000 }, () => 'let answer = "known"; // it is').join('\n') + '\n```',
    'one giant line of code': () => '```\n' + 'x'.repeat(190_000),
    'one giant piece of raw HTML': () => '<pre>\n' + Array.from({ length: 6000 }, () => 'raw <b>text</b> and more').join('\n'),
    'one giant formula that never ends': () => '$$\n' + Array.from({ length: 30_000 }, () => 'a + b').join('\n'),
    'one giant quote': () => Array.from({ length: 4000 }, () => '> ' + words(8)).join('\n'),
};

for (const [name, text] of Object.entries(shapes)) {
    test(`${name}: four times the text costs about four times as much`, context => {
        const whole = text();
        const [small, large] = [cost(whole.slice(0, whole.length / 4), 400), cost(whole, 400)];
        context.diagnostic(`${whole.length} characters, each read ${large.read.toFixed(1)} times, put on the page ${large.shown.toFixed(1)} times`);
        assert.ok(large.read < 25 && large.shown < 40, `read ${large.read}, shown ${large.shown}`);
        assert.ok(large.read < small.read * 1.5 + 2, `small ${small.read}, large ${large.read}`);
        assert.ok(large.shown < small.shown * 1.6 + 2, `small ${small.shown}, large ${large.shown}`);
        assert.equal(large.stage.html, html(whole));
    });
}

/**
 * Inputs that make careless parsers slow. The processor's time is measured. Most take a tenth of a second; the limit is
 * far above that, for busy machines, and far below a quadratic parser (marked 4.2 needs 7 s for 30 kB of "*a ").
 */
const hostile = {
    stars: '*a '.repeat(60_000), underscores: '_a **b '.repeat(28_000), 'open brackets': '['.repeat(200_000), 'close brackets': ']'.repeat(200_000),
    'nested links': '[a](b'.repeat(40_000), 'angle targets': '[a](<b'.repeat(33_000), pictures: '!['.repeat(100_000), titles: '[a](b "'.repeat(28_000),
    backticks: Array.from({ length: 600 }, (_, index) => '`'.repeat(index + 1)).join(' '), 'one backtick each': '` `` '.repeat(40_000), quotes: '>'.repeat(200_000), 'quotes in lines': '>\n'.repeat(100_000),
    'deep list': Array.from({ length: 600 }, (_, index) => ' '.repeat(index) + '- x').join('\n'), 'list marks': '- '.repeat(100_000), tags: '<a '.repeat(66_000), comments: '<!-- '.repeat(40_000), instructions: '<? '.repeat(66_000), data: '<![CDATA['.repeat(22_000),
    declarations: '<!A '.repeat(50_000), attributes: '<a b="'.repeat(33_000), entities: '&#1'.repeat(66_000), dollars: '$a $b'.repeat(40_000), 'display dollars': '$$a '.repeat(50_000), formulas: '\\(a '.repeat(50_000),
    addresses: 'https://'.repeat(25_000), 'at signs': 'a@'.repeat(100_000), 'long name': 'a'.repeat(200_000) + '@b', 'www': 'www.'.repeat(50_000), parentheses: 'https://a.b/' + ')'.repeat(200_000), definitions: '[a]: b\n'.repeat(28_000),
    'other definitions': Array.from({ length: 9000 }, (_, index) => `[${index}]: b\n`).join(''), 'late definitions': Array.from({ length: 6000 }, (_, index) => `[${index}]\n\n`).join('') + Array.from({ length: 6000 }, (_, index) => `[${index}]: b\n`).join(''),
    spaces: 'a' + ' '.repeat(200_000) + 'b', tabs: '\t'.repeat(200_000), breaks: 'a  \n'.repeat(50_000), 'blank code': '    a\n' + '\n'.repeat(190_000) + '    b', 'wide table': `${'|a'.repeat(20_000)}\n${'|-'.repeat(20_000)}\n${'|\n'.repeat(20_000)}`, dashes: '-'.repeat(200_000), 'dashes and bars': '-|'.repeat(100_000),
    hashes: '# ' + '#'.repeat(200_000), tildes: '~~a '.repeat(50_000), 'nested emphasis': '**'.repeat(50_000) + 'a' + '**'.repeat(50_000), 'odd emphasis': '*'.repeat(199_999), backslashes: '\\'.repeat(200_000), fences: '```\n'.repeat(50_000), 'tilde fences': '~~~a\n~~~\n'.repeat(20_000), emails: '<a@b'.repeat(50_000), 'domain': '<a@' + 'b.'.repeat(100_000), 'rules': '* '.repeat(100_000) + 'x', 'setext': 'a\n'.repeat(60_000) + '===',
};

test(`${Object.keys(hostile).length} hostile texts of 200 kB take less than 5 s each`, context => {
    const slowest = [];
    for (const [name, text] of Object.entries(hostile)) {
        const start = process.cpuUsage();
        rendered(text.slice(0, formattedLimit));
        const { user, system } = process.cpuUsage(start);
        slowest.push([Math.round((user + system) / 1000), name]);
    }
    slowest.sort((a, b) => b[0] - a[0]);
    context.diagnostic('slowest: ' + slowest.slice(0, 6).map(([time, name]) => `${name} ${time} ms`).join(', '));
    for (const [time, name] of slowest) { assert.ok(time < 5000, `${name}: ${time} ms`); }
});

test('elements are nested at most some 32 deep', () => {
    const depth = element => Math.max(0, ...element.children.map(child => 1 + depth(child)));
    for (const text of ['> '.repeat(500) + 'x', '- '.repeat(500) + 'x', '*a **b '.repeat(300) + 'c** c*'.repeat(300), '*'.repeat(301) + 'a' + '*'.repeat(301)]) {
        const deepest = depth(rendered(text));
        assert.ok(deepest > 10 && deepest <= 72, `${deepest} for ${text.slice(0, 10)}`);
    }
});
