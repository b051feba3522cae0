/**
 * Colours for code, through Prism's grammars.
 *
 * Prism is used for one function, `tokenize`; the spans are made here. Core and languages are classic scripts that
 * look for a global `Prism`; as modules they find it because it is set before they run.
 */
import { make } from './elements.js';
import { loadVendor, whenIdle } from './vendor.js';

/** Longer blocks stay plain: tokenizing them would be felt. */
const longest = 50_000;

/** Prism's name of a language, mapped to the languages it is built upon, in the order they must be loaded. */
const needs = {
    bash: [], c: ['clike'], clike: [], cpp: ['clike', 'c'], csharp: ['clike'], css: [], diff: [], docker: [],
    go: ['clike'], graphql: [], haskell: [], ini: [], java: ['clike'], javascript: ['clike'], json: [],
    jsx: ['markup', 'clike', 'javascript'], kotlin: ['clike'], latex: [], lua: [], makefile: [],
    markdown: ['markup'], markup: [], nginx: [], perl: [], php: ['markup', 'clike', 'markup-templating'],
    powershell: [], protobuf: ['clike'], python: [], r: [], ruby: ['clike'], rust: [],
    scala: ['clike', 'java'], scss: ['css'], sql: [], swift: [], toml: [],
    tsx: ['markup', 'clike', 'javascript', 'jsx', 'typescript'], typescript: ['clike', 'javascript'],
    yaml: [], zig: [],
};

const aliases = {
    sh: 'bash', shell: 'bash', zsh: 'bash', console: 'bash', h: 'c', 'c++': 'cpp', cc: 'cpp', hpp: 'cpp', cxx: 'cpp',
    cs: 'csharp', 'c#': 'csharp', dotnet: 'csharp', dockerfile: 'docker', golang: 'go', hs: 'haskell',
    js: 'javascript', mjs: 'javascript', cjs: 'javascript', node: 'javascript', jsonc: 'json', json5: 'json',
    kt: 'kotlin', tex: 'latex', make: 'makefile', mk: 'makefile', md: 'markdown', html: 'markup', xml: 'markup',
    svg: 'markup', vue: 'markup', pl: 'perl', ps1: 'powershell', pwsh: 'powershell', proto: 'protobuf', py: 'python',
    python3: 'python', rb: 'ruby', rs: 'rust', postgresql: 'sql', sqlite: 'sql', mysql: 'sql',
    patch: 'diff', ts: 'typescript', yml: 'yaml', conf: 'ini', properties: 'ini',
};

/**
 * @param {string} name as written behind a fence
 * @returns {string | null} Prism's name
 */
export function languageNamed(name) {
    const lower = name.toLowerCase();
    const found = Object.hasOwn(aliases, lower) ? aliases[lower] : lower;
    return Object.hasOwn(needs, found) ? found : null;
}

/**
 * Colours a closed code block, some time later.
 *
 * @param {Element} code
 * @param {string} text what it shows
 * @param {string} name the language as written
 */
export function highlight(code, text, name) {
    const language = languageNamed(name);
    if (!language || text.length > longest || text === '') { return; }
    loadLanguage(language).then(grammar => {
        if (!grammar) { return; }
        whenIdle(() => {
            // A view that was set anew has let go of this block, or given it another text.
            if (!code.parentNode || code.textContent !== text) { return; }
            const tokens = globalThis.Prism.tokenize(text, grammar);
            code.replaceChildren();
            appendTokens(code.ownerDocument, code, tokens, 0);
        });
    }).catch(() => { /* A grammar that fails leaves plain code, which is readable. */ });
}

/** @param {string} language */
async function loadLanguage(language) {
    if (!await loadCore()) { return null; }
    for (const name of [...needs[language], language]) {
        await loadVendor(`prism/prism-${name}.min.js`);
    }
    return globalThis.Prism.languages[language] ?? null;
}

/** @type {Promise<boolean> | null} */
let core = null;

function loadCore() {
    core ??= (async () => {
        // `manual` keeps Prism from colouring the page by itself. As a module it publishes itself through `global`.
        globalThis.Prism ??= { manual: true, disableWorkerMessageHandler: true };
        const isOurs = globalThis.global === undefined;
        if (isOurs) { globalThis.global = globalThis; }
        await loadVendor('prism/prism-core.min.js');
        if (isOurs) { delete globalThis.global; }
        return typeof globalThis.Prism.tokenize === 'function';
    })();
    return core;
}

function appendTokens(document, parent, tokens, depth) {
    for (const token of Array.isArray(tokens) ? tokens : [tokens]) {
        if (typeof token === 'string') {
            parent.appendChild(document.createTextNode(token));
        } else if (depth > 20) {
            parent.appendChild(document.createTextNode(textOf(token)));
        } else {
            const span = make(document, 'span', { class: classOf(token) });
            appendTokens(document, span, token.content, depth + 1);
            parent.appendChild(span);
        }
    }
}

/** The kind, and its first other name: grammars call the same thing differently, and the colours follow the alias. */
function classOf(token) {
    const alias = Array.isArray(token.alias) ? token.alias[0] : token.alias;
    return [token.type, alias].filter(Boolean).map(name => 'tok-' + name).join(' ');
}

function textOf(token) {
    if (typeof token === 'string') { return token; }
    return Array.isArray(token.content) ? token.content.map(textOf).join('') : textOf(token.content);
}
