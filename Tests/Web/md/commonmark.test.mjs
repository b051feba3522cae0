/** Are we right? cmark-gfm, the reference implementation, reads the same texts; the structures are compared. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { answers } from './answers.mjs';
import { fromCmark, fromElements, parseXML } from './structure.mjs';
import { rendered } from './tools.mjs';

const specification = '/usr/share/doc/cmark-gfm/spec.txt.gz';
const extensions = ['table', 'strikethrough', 'tasklist', 'autolink'].flatMap(name => ['-e', name]);
const absent = spawnSync('cmark-gfm', ['--version']).error ? 'cmark-gfm is not installed' : false;

function cmark(markdown) {
    const result = spawnSync('cmark-gfm', [...extensions, '-t', 'xml'], { input: markdown, encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
    return fromCmark(parseXML(result.stdout));
}

/** @returns {Array<{section: string, number: number, markdown: string}>} */
function specificationExamples() {
    const text = gunzipSync(readFileSync(specification)).toString('utf8');
    const fence = '`'.repeat(32);
    const examples = [];
    let section = '';
    for (const match of text.matchAll(new RegExp(`^#{1,6} +(.*)$|^${fence} example.*\\n([^]*?)^\\.\\n[^]*?^${fence}$`, 'gm'))) {
        if (match[1] !== undefined) { section = match[1]; continue; }
        examples.push({ section, number: examples.length + 1, markdown: match[2].replaceAll('→', '\t') });
    }
    return examples;
}

function compare(examples) {
    const differing = [];
    for (const example of examples) {
        const theirs = JSON.stringify(cmark(example.markdown));
        const ours = JSON.stringify(fromElements(rendered(example.markdown)));
        if (theirs !== ours) { differing.push({ ...example, theirs, ours }); }
    }
    return differing;
}

function report(context, examples, differing) {
    context.diagnostic(`${examples.length - differing.length} of ${examples.length} agree with cmark-gfm`);
    if (process.env.MD_SHOW) {
        for (const each of differing) {
            console.log(`--- ${each.number} ${each.section}\n${each.markdown}\ncmark: ${each.theirs}\nours:  ${each.ours}`);
        }
    }
}

test('the examples of the specification are read as cmark-gfm reads them', {
    skip: absent || (!existsSync(specification) && `${specification} is missing`),
}, context => {
    const examples = specificationExamples();
    const differing = compare(examples);
    report(context, examples, differing);
    const unknown = differing.filter(each => !(each.number in knownDifferences));
    assert.deepEqual(unknown.map(each => `${each.number} ${each.section}`), []);
});

test('texts like those that models write are read as cmark-gfm reads them', { skip: absent }, context => {
    const examples = answers.map((markdown, index) => ({ section: 'answers', number: index + 1, markdown }));
    const differing = compare(examples);
    report(context, examples, differing);
    assert.deepEqual(differing.map(each => each.markdown), []);
});

/** Examples that we read otherwise, and why. */
const knownDifferences = {
    310: '"\\[" begins a formula here',
    321: 'names of HTML 5 beyond those of HTML 4 stay as written (see entities.js)',
};
