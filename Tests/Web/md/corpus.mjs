/** Pieces from which the fuzz tests put documents together: usual Markdown, and what is meant to confuse a parser. */

export const blocks = [
    '# Heading *one*', '## Two ##', 'Setext\n===', 'Setext\n---', 'A paragraph with **bold**, _em_ and `code`.',
    'Two lines\nof text  \nwith a hard break', 'back\\\nslash', '- a\n- b\n- c', '- a\n\n- b\n\n\n- c', '1. one\n2. two\n   - nested\n\n     deep\n3. three',
    '7) seven\n8) eight', '* a\n+ b\n- c', '- [ ] open\n- [x] done\n- [X]  also', '- ```js\n  code\n\n  more\n  ```\n- after', '-\n  text', '-\n\n  not in it',
    '> quote\n> more\nlazy', '> - list in quote\n>   more\n> \n> text', '>> deep\n> less', '> ```\n> code\nnot code', '```js\nlet a = 1;\n\n\nlet b;\n```',
    '~~~\ntilde ``` \n~~~~', '````md\n```\ninner\n```\n````', '```\nnever closed', '    indented\n\n    code\n\ttab', '| a | b |\n|---|:-:|\n| 1 | `x\\|y` |\n| 2 |',
    '| a | b |\n|---|\n| no |', 'a | b\n-|-\n1 | 2 | 3\n> quote', 'text before\n| h | i |\n|--|--|\n| 1 | 2 |', '|only a row|', '***', '- - -', '___\ntext', '$$\na = b\n- c\n+ d\n$$',
    '$$ x^2 $$', '\\[\n\\frac{a}{b}\n\\]', '$$\nnever\n\nclosed', 'text\n$$\nx\n$$.\nmore', 'A $x_1 * y_2$ and \\(a_b\\) and $5 or $10.', '<div class="x">\n*raw*\n</div>',
    '<!-- comment\n\nstill -->\nafter', '<script>\nalert(1)\n\n</script> x', 'inline <b onclick="x">raw</b> <br> text', '[link](https://a.b "title") and [ref] and [text][ref]',
    '[ref]: https://example.com/ref "T"', '[ref]:\n  <https://other.example>\n  \'title\n  more\'', '[late][later]', '[later]: http://later.example', '![alt *x*](https://i.example/a.png)',
    '![data](data:image/png;base64,AAAA)', '[bad](javascript:alert(1)) [rel](/x)', 'https://example.com/a_b_c?d=e&f. www.example.org) me@example.com', '<https://auto.link> <me@x.y>',
    '**unclosed and `unclosed and [unclosed](http', '*a **b *c **d* e** f* g**', '***both*** **_x_** ~~del~~ ~one~', 'עברית **שלום** text', 'emoji 👩‍👩‍👧 𝒳 ü', '&copy; &#65; &bad; &#0;',
    '\tTab text', '  \t  ', '+', '-', '1.', '#', '=', '`', '>', '|', '\\', '$', '[', '-\t\tx', '1.\tx\n\n\ty', '   - three\n  - two\n - one', '10. ten\n\n    text\n\n   less',
    '- a\n  > q\n  ```\n  c\n  ```\n\n  d', '[a]: b\n[c]: d\ntext', '[x]: y\n===', '#\ttab heading', '#no heading', 'x\r\ny\rz', 'nul \0 here', '- a\n\n      code in item', '-     code at once',
];

export const joints = ['\n\n', '\n\n', '\n', '\n\n\n', '\n> ', '\n- ', '\n  ', '\n    ', ' ', '\r\n\r\n', '\r'];
const noise = [...'*_`~[]()<>!#-+=|$\\&:"\' \n\n\t.a1xé', '\n\n', '\n- ', '\n> ', '```', '$$', '\\[', '\\]', '](', '**', '| - |', '](http://a)'];

/** @param {(limit: number) => number} random */
export function randomDocument(random) {
    let text = '';
    if (random(3) === 0) {
        for (let count = 5 + random(120); count > 0; count--) { text += noise[random(noise.length)]; }
        return text;
    }
    for (let count = 1 + random(9); count > 0; count--) {
        text += blocks[random(blocks.length)] + joints[random(joints.length)];
    }
    // Cut anywhere, for an answer may be stopped anywhere.
    return random(4) === 0 ? text.slice(0, random(text.length + 1)) : text;
}
