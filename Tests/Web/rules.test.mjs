// The rules of the page, each with a check that a file can break.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = resolve(dirname(fileURLToPath(import.meta.url)), "../../Sources/CWebAssets");
const assets = join(web, "Assets");
const files = readdirSync(assets, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(assets, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !path.startsWith("vendor/"))
    .sort();
const read = (path) => readFileSync(join(assets, path), "utf8");
const scripts = files.filter((path) => path.endsWith(".js"));
const sheets = files.filter((path) => path.endsWith(".css"));
const importsOf = (path) => [...read(path).matchAll(/^(?:import|export)\b(?:[^;"'()]*?\bfrom)?\s*["']([^"']+)["']/gm)].map((found) => found[1]);

/** The files that break a rule. */
const breaking = (paths, rule) => paths.filter((path) => rule(read(path), path));

test("every file is in the list that is embedded", () => {
    const listed = [...readFileSync(join(web, "assets.c"), "utf8").matchAll(/#embed "Assets\/([^"]+)"/g)].map((found) => found[1]);
    assert.deepEqual(listed.filter((path) => !path.startsWith("vendor/")).sort(), files, "run scripts/assets");
});

test("no text becomes markup or script", () => {
    const sinks = /\.(?:innerHTML|outerHTML|srcdoc)\b|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|\beval\s*\(|new Function\b|setAttribute\(\s*["'](?:style|on\w+)["']/;
    assert.deepEqual(breaking(scripts, (text) => sinks.test(text)), []);
    assert.equal(/\son\w+=|\sstyle=|<style|<script(?![^>]*\ssrc=)/.test(read("index.html")), false);
});

test("every import leads to a file of the page, and views are not imported from below", () => {
    const floors = { core: 0, md: 1, parts: 1, views: 2 };
    const floorOf = (path) => floors[path.split("/")[1]] ?? 3;
    for (const path of scripts) {
        for (const name of importsOf(path)) {
            assert.match(name, /^\.\.?\//, `${path} imports ${name}`);
            const target = relative(assets, resolve(assets, dirname(path), name));
            assert.ok(scripts.includes(target), `${path} imports ${name}, which is not there`);
            assert.ok(floorOf(target) <= floorOf(path), `${path} imports ${target}, which stands above it`);
        }
    }
});

test("files have at most 400 lines", () => {
    assert.deepEqual(breaking([...scripts, ...sheets], (text) => text.split("\n").length > 401), []);
});

test("colours stand in tokens.css alone", () => {
    const colour = /#[0-9a-f]{3,8}\b(?![^{]*\{)|\b(?:rgb|hsl|oklch)a?\((?!from )/i;
    const allowed = new Set(["css/tokens.css", "css/base.css", "css/markdown.css"]);
    assert.deepEqual(breaking(sheets.filter((path) => !allowed.has(path)), (text) => colour.test(text)), []);
});

test("sides are named by the direction of the text", () => {
    const physical = /(?<![-\w])(?:(?:margin|padding|border)-(?:left|right)|left|right|(?:min-|max-)?(?:width|height))\s*:|text-align:\s*(?:left|right)/;
    // A table's column is aligned as its author wrote: ":--" is left in every language.
    const plain = (text) => text.replace(/@(?:media|container)[^{]*\{/g, "{").replace(/\.md-(?:left|right) \{[^}]*\}/g, "");
    assert.deepEqual(breaking(sheets, (text) => physical.test(plain(text))), []);
});

test("all that the first view needs is asked for at once (PLENUM_UPDATE_PRELOADS=1 writes the list)", () => {
    const needed = new Set();
    const visit = (path) => {
        if (needed.has(path)) return;
        needed.add(path);
        for (const name of importsOf(path)) visit(relative(assets, resolve(assets, dirname(path), name)));
    };
    visit("js/main.js");
    const lines = [...needed].filter((path) => path !== "js/main.js").sort().map((path) => `<link rel="modulepreload" href="/${path}">\n`).join("");
    const page = read("index.html");
    const written = page.match(/(?:<link rel="modulepreload"[^\n]*\n)*(?=<script)/)[0];
    if (process.env.PLENUM_UPDATE_PRELOADS) writeFileSync(join(assets, "index.html"), page.replace(written + "<script", lines + "<script"));
    else assert.equal(written, lines);
});
