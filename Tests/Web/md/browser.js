/** What browser.py runs inside the page. */
import { MarkdownView, plainText, renderMarkdown } from '/js/md/markdown.js';

const out = document.getElementById('out');
const violations = [];
document.addEventListener('securitypolicyviolation', event => violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));

const pause = time => new Promise(done => setTimeout(done, time));
const frame = () => new Promise(done => requestAnimationFrame(done));

const languages = {
    js: 'const a = `x${1}`; // c', ts: 'let a: number = 1;', tsx: 'const a = <b c={1}>x</b>;', py: 'def f(x):\n    return "x"  # c', rust: 'fn main() { let x = 1; }', go: 'func main() { x := 1 }',
    swift: 'let x: Int = 1 // c', c: 'int main(void) { return 0; }', cpp: 'class A { int x; };', cs: 'class A { int X; }', java: 'class A { int x; }', kotlin: 'val x = 1', rb: 'def x; "a"; end', php: '<?php echo "x";',
    bash: 'for x in 1; do echo "$x"; done', sql: 'SELECT * FROM t WHERE a = 1;', json: '{"a": [1, true]}', yaml: 'a: 1\nb: "x"', toml: 'a = 1', html: '<a href="x">y</a>', css: 'a { color: red; }', scss: '$a: 1;', diff: '+a\n-b', docker: 'FROM x\nRUN y',
    make: 'all:\n\techo', md: '# x', lua: 'local x = 1', r: 'x <- 1', scala: 'val x = 1', hs: 'main = print 1', proto: 'message A { int32 b = 1; }', graphql: 'type A { b: Int }', nginx: 'server { listen 80; }', ini: '[a]\nb=1', ps1: 'Get-Item x', pl: 'my $x = 1;', tex: '\\section{x}', zig: 'const x = 1;', jsx: '<a b={1}/>',
};

const formulas = ['x^2', '\\frac{a}{b}', '\\sqrt[3]{x}', '\\sum_{i=0}^n i', '\\int_0^1 f(x)\\,dx', '\\begin{pmatrix}a&b\\\\c&d\\end{pmatrix}', '\\begin{aligned}a&=b\\\\&=c\\end{aligned}', '\\color{red}{x}', '\\boxed{x}', '\\fcolorbox{red}{blue}{x}', '\\cancel{x}', '\\overline{x}', '\\mathbb{R}', '\\text{if } x', '\\left(\\frac12\\right)', '\\rule{1em}{2em}', '\\hspace{1em}x', '\\underbrace{x}_{y}', '\\xrightarrow{a}', '\\phantom{x}y', '\\operatorname{f}', '\\tag{1} x', '\\Huge x', '\\raisebox{1em}{x}', '\\href{https://x.example}{x}', '\\includegraphics{x}', '\\bad', '\\frac{'];

const sample = `# A title\n\nText with **bold**, *italic*, \`code\`, ~~old~~ and [a link](https://example.com "t"), $e^{i\\pi} + 1 = 0$, and \\(a_b\\).\n\n## List\n\n- one\n- two\n  1. nested\n  2. list\n- [x] done\n- [ ] open\n\n> A quote\n> with two lines\n\n| Model | Price | Context |\n|:--|--:|:-:|\n| A | 3.00 | 200k |\n| B | 1.00 | \`1M\` |\n\n$$\n\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt\\pi}{2}\n$$\n\n![Chart](https://img.example/c.png) ![dot](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==)\n\nעברית **שלום** text\n\n<div>raw</div>\n\n`;

function failuresOf(tests) {
    return Object.entries(tests).filter(([, passed]) => !passed).map(([name]) => name);
}

async function features() {
    violations.length = 0;
    const code = Object.entries(languages).map(([name, text]) => '```' + name + '\n' + text + '\n```').join('\n\n');
    const rest = 'Formulas: ' + formulas.map(tex => `$${tex}$`).join(', ') + '\n\n' + formulas.map(tex => `$$${tex}$$`).join('\n\n');
    renderMarkdown(out, sample + code + '\n\n' + rest);
    await pause(2500);
    const plain = [...out.querySelectorAll('figure')].filter(figure => !figure.querySelector('[class^=tok-]')).map(figure => figure.querySelector('span').textContent);
    const copy = out.querySelector('.md-copy');
    const wrap = out.querySelector('.md-wrap');
    copy.click();
    wrap.click();
    await pause(100);
    const failures = failuresOf({
        'no violation': violations.length === 0,
        'formulas (library)': out.querySelectorAll('math').length >= formulas.length,
        'a formula has a size (library)': (out.querySelector('math')?.getBoundingClientRect().width ?? 0) > 20,
        'all languages coloured (library)': plain.length === 0,
        'copy answers': copy.textContent !== 'Copy',
        'wrap toggles': wrap.getAttribute('aria-pressed') === 'true',
        'no remote picture': [...out.querySelectorAll('img')].every(image => image.src.startsWith('data:')),
        'plain text': plainText('# *a*\n\n- b') === 'a\n\n- b',
    });
    const sources = [...out.querySelectorAll('.md-math')].map(element => element.textContent);
    return { failures, violations: [...new Set(violations)], math: out.querySelectorAll('math').length, notDrawn: [...new Set(sources)].length, notColoured: plain, copy: copy.textContent };
}

async function attack() {
    violations.length = 0;
    let alerts = 0;
    globalThis.alert = () => { alerts++; };
    renderMarkdown(out, ['<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '<script>alert(1)</script>', '$\\href{javascript:alert(1)}{x}$', '$\\htmlStyle{color:red}{x}$', '![x](https://example.com/a.png)', '```"><img src=x onerror=alert(1)>\nx\n```'].join('\n\n'));
    for (const link of out.querySelectorAll('a, math *')) { if (!link.href) { link.dispatchEvent(new MouseEvent('click', { bubbles: true })); } }
    await pause(500);
    return { failures: failuresOf({ 'no alert': alerts === 0, 'no violation': violations.length === 0 }), violations };
}

const words = count => Array.from({ length: count }, (_, index) => ['the', 'answer', '*is*', 'known,', '`x`', 'and', 'a', '**word**', 'more', 'of', 'it'][index % 11]).join(' ');

/** A usual long answer, and the same number of words in one block of each kind. */
const shapes = {
    'usual, 100,000 words': () => Array.from({ length: 1000 }, (_, index) => `## Part ${index}\n\n${words(60)}\n\n- ${words(10)}\n- ${words(10)}\n\n\`\`\`js\nlet answer = ${index};\n\`\`\`\n\n| a | b |\n|---|---|\n| ${words(5)} | ${words(5)} |\n\n`).join(''),
    'one paragraph': () => words(100_000),
    'one paragraph of lines': () => Array.from({ length: 5000 }, () => words(20)).join('\n'),
    'one list': () => Array.from({ length: 5000 }, () => '- ' + words(19)).join('\n'),
    'one table': () => '| a | b |\n|---|---|\n' + Array.from({ length: 5000 }, () => `| ${words(10)} | ${words(9)} |`).join('\n'),
    'one code block': () => '```js\n' + Array.from({ length: 12_000 }, () => 'let answer = known(1) + "x"; // and so on').join('\n') + '\n```',
};
globalThis.shapes = shapes;

/** Streams a text within some seconds, as fast as frames come, and measures the work of each frame. */
async function stream(name, following = true) {
    violations.length = 0;
    const text = shapes[name]();
    globalThis.gc?.();
    const before = performance.memory.usedJSHeapSize;
    const intervals = [];
    const [scripts, layouts] = [[], []];
    out.replaceChildren();
    const follow = () => { window.scrollTo(0, document.body.scrollHeight); };
    const fresh = new MarkdownView(out, {
        onRendered: following ? follow : undefined,
        schedule: work => requestAnimationFrame(() => {
            const start = performance.now();
            work();
            const middle = performance.now();
            out.getBoundingClientRect();
            scripts.push(middle - start);
            layouts.push(performance.now() - middle);
        }),
    });
    const chunk = Math.ceil(text.length / 900);
    await frame();
    let last = performance.now();
    for (let at = 0; at < text.length; at += chunk) {
        // In several pieces, as the network brings them.
        for (let piece = at; piece < Math.min(at + chunk, text.length); piece += 40) { fresh.append(text.slice(piece, Math.min(piece + 40, at + chunk))); }
        await frame();
        const now = performance.now();
        intervals.push(now - last);
        last = now;
    }
    const start = performance.now();
    fresh.end();
    const end = performance.now() - start;
    const layout = performance.now();
    out.getBoundingClientRect();
    const lastLayout = performance.now() - layout;
    globalThis.gc?.();
    const memory = (performance.memory.usedJSHeapSize - before) / 1048576;
    intervals.sort((a, b) => b - a);
    const result = {
        scriptMax: Math.round(Math.max(...scripts)), layoutMax: Math.round(Math.max(...layouts)), scriptSum: Math.round(scripts.reduce((a, b) => a + b, 0)), layoutSum: Math.round(layouts.reduce((a, b) => a + b, 0)),
        characters: text.length, frames: intervals.length, slowest: Math.round(intervals[0]), tenth: Math.round(intervals[9]), median: Math.round(intervals[intervals.length >> 1]),
endMs: Math.round(end), lastLayoutMs: Math.round(lastLayout), heapMB: Number(memory.toFixed(1)), nodes: out.querySelectorAll('*').length,
    };
    return { ...result, failures: failuresOf({ 'no violation': violations.length === 0 }) };
}

globalThis.checks = { features, attack, stream };
globalThis.ready = true;
