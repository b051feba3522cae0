import assert from "node:assert/strict";
import { test } from "node:test";
import { Tree, textOf } from "../../../Sources/CWebAssets/Assets/js/views/thread/tree.js";

let clock = 0;
const item = (id, parent, role, more = {}) => ({ id, parent, role, run: null, content: [], usage: null, cost: null, created_at: clock++, ...more });
const run = (id, kind, input) => ({ id, kind, input_message: input, created_at: clock++ });

/** u1 -> (compare r1: a1, a2; put together r2: s1; again r3: b1); a2 -> u2 -> debate r4: d1 -> human h1 -> d2; u1b beside u1 */
function sample() {
    clock = 0;
    const items = [item("u1", null, "user"), item("a1", "u1", "assistant", { run: "r1", seat: 0, usage: { total_tokens: 10 }, cost: "0.25" })];
    items.push(item("a2", "u1", "assistant", { run: "r1", seat: 1, usage: { total_tokens: 5 }, cost: "0.5" }), item("u1b", null, "user"));
    items.push(item("s1", "u1", "assistant", { run: "r2", derived_from: ["a1", "a2"] }), item("b1", "u1", "assistant", { run: "r3" }));
    items.push(item("u2", "a2", "user"), item("d1", "u2", "assistant", { run: "r4" }));
    items.push(item("h1", "d1", "user", { run: "r4", phase: "human" }), item("d2", "h1", "assistant", { run: "r4" }));
    const runs = [run("r1", "compare", "u1"), run("r2", "synthesis", "u1"), run("r3", "chat", "u1"), run("r4", "debate", "u2")];
    return new Tree([...items].reverse(), runs);
}

test("a path is a list of prompts, each with the answer that it goes through", () => {
    const { head, exchanges } = sample().exchanges("d2");
    assert.deepEqual(head, []);
    assert.deepEqual(exchanges.map((one) => [one.user.id, one.chosen.key]), [["u1", "r1"], ["u2", "r4"]]);
    assert.deepEqual(exchanges[0].siblings.map((one) => one.id), ["u1", "u1b"]);
    assert.deepEqual(exchanges[0].alternatives.map((one) => one.key), ["r1", "r3"]);
    assert.deepEqual(exchanges[0].syntheses.map((one) => one.id), ["r2"]);
});

test("what was put together stands with the compare that it is made of", () => {
    assert.equal(sample().exchanges("s1").exchanges[0].chosen.key, "r1");
});

test("a person's word in a debate is no prompt of its own", () => {
    assert.equal(sample().exchanges("d2").exchanges.length, 2);
});

test("a prompt without an answer on the path shows the newest one", () => {
    assert.equal(sample().exchanges("u1").exchanges[0].chosen.key, "r3");
    assert.equal(sample().exchanges("u1b").exchanges[0].chosen, null);
});

test("choosing an answer goes to the newest message below it", () => {
    const tree = sample();
    const [exchange] = tree.exchanges("b1").exchanges;
    assert.equal(tree.leafOf(exchange, exchange.alternatives[0]), "d2");
    assert.equal(tree.leafOf(exchange, exchange.alternatives[1]), "b1");
});

test("totals say unknown as soon as one cost is unknown", () => {
    assert.deepEqual(sample().totals(), { tokens: 15, cost: 0.75 });
    const tree = new Tree([item("u", null, "user"), item("a", "u", "assistant", { usage: { total_tokens: 3 } })], []);
    assert.deepEqual(tree.totals(), { tokens: 3, cost: null });
});

test("a path begins where what is known begins", () => {
    assert.deepEqual(new Tree([item("y", "x", "assistant"), item("z", "y", "user")], []).path("z").map((one) => one.id), ["y", "z"]);
});

test("the words of a message leave out what is no text", () => {
    const content = [{ type: "reasoning", text: "hm" }, { type: "output_text", text: "one" }, { type: "input_image" }, { type: "output_text", text: "two" }];
    assert.equal(textOf({ content }), "one\n\ntwo");
});
