import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

// What the page has and node has not.
const store = new Map();
const storage = { getItem: (name) => store.get(name) ?? null, setItem: (name, value) => store.set(name, value), removeItem: (name) => store.delete(name) };
Object.assign(globalThis, {
    sessionStorage: storage, localStorage: storage, document: new EventTarget(),
    addEventListener: () => {}, removeEventListener: () => {},
});
const { RunFeed } = await import("../../../Sources/CWebAssets/Assets/js/core/run-feed.js");

const realFetch = globalThis.fetch;
afterEach(() => (globalThis.fetch = realFetch));

const turn = (number, text, status = "in_progress") => ({
    turn: number, seat: number, round: 0, phase: "answer", model: `m/${number}`, message: `msg_${number}`, status, text,
    usage: null, cost: null, ttft_ms: null, duration_ms: null, error: null,
});
const view = (status, turns) => ({ id: "run_1", status, stop_reason: null, seats: [], turns, result: null, cost: null, usage: null, paused: false });

/** A server of a run: its view, and connections that each give some events and then break or end. */
function serve({ views, connections }) {
    const asked = [];
    globalThis.fetch = async (url) => {
        asked.push(url);
        if (!url.includes("/events")) return Response.json(views.length > 1 ? views.shift() : views[0]);
        const events = connections.shift() ?? [];
        return new Response(events.map((event) => `event: ${event.type}\nid: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
    };
    return asked;
}

const delta = (seq, number, offset, text, kind = "text") => ({ type: "seat.delta", seq, turn: number, seat: number, kind, offset, text });
const end = (seq) => ({ type: "run.completed", seq, status: "completed", stop_reason: "completed", result: null });
const ended = (feed) => new Promise((resolve) => feed.addEventListener("connection", () => feed.connection === "ended" && resolve()));

test("words are joined by their offsets in bytes, twice told or not", async () => {
    serve({
        views: [view("in_progress", [turn(0, "")]), view("completed", [turn(0, "Grüße, 😀!", "completed")])],
        connections: [[delta(1, 0, 0, "Grü"), delta(2, 0, 4, "ße"), delta(3, 0, 0, "Grüße, "), delta(4, 0, 2, "üße, 😀"), delta(5, 0, 13, "!"), end(6)]],
    });
    const feed = RunFeed.open("run_1");
    const heard = [];
    feed.addEventListener("delta", (event) => heard.push(event.detail.text));
    await ended(feed);
    assert.equal(heard.join(""), "Grüße, 😀!");
    assert.equal(feed.turns.get(0).text, "Grüße, 😀!");
    feed.close();
});

test("a connection that breaks is taken up where it broke", async () => {
    const asked = serve({
        views: [view("in_progress", [turn(0, "")]), ...[1, 2].map(() => view("in_progress", [turn(0, "one ")])), view("completed", [turn(0, "one two", "completed")])],
        connections: [[delta(1, 0, 0, "one ")], [], [delta(2, 0, 4, "two"), end(3)]],
    });
    const feed = RunFeed.open("run_1");
    await ended(feed);
    assert.equal(feed.turns.get(0).text, "one two");
    assert.deepEqual(asked.filter((url) => url.includes("events")).slice(0, 2), ["/v1/runs/run_1/events?after=0", "/v1/runs/run_1/events?after=1"]);
    feed.close();
});

test("a gap is filled from the server's view", async () => {
    serve({
        views: [view("in_progress", [turn(0, "")]), view("completed", [turn(0, "all of it", "completed")])],
        connections: [[delta(1, 0, 4, "of it"), end(2)]],
    });
    const feed = RunFeed.open("run_1");
    await ended(feed);
    assert.equal(feed.turns.get(0).text, "all of it");
    feed.close();
});

test("two seats of one model are two voices", async () => {
    serve({
        views: [view("in_progress", []), view("completed", [turn(0, "a", "completed"), turn(1, "b", "completed")])],
        connections: [[
            { type: "seat.started", seq: 1, seat: 0, turn: 0, model: "m/x", message: "msg_0" }, { type: "seat.started", seq: 2, seat: 1, turn: 1, model: "m/x", message: "msg_1" },
            delta(3, 0, 0, "a"), delta(4, 1, 0, "b"), delta(5, 1, 0, "think", "reasoning"), end(6),
        ]],
    });
    const feed = RunFeed.open("run_1");
    await ended(feed);
    assert.deepEqual([...feed.turns.values()].map((one) => one.text), ["a", "b"]);
    assert.equal(feed.turns.get(1).reasoning, "think");
    feed.close();
});

test("one reader serves all who look at a run", async () => {
    const asked = serve({ views: [view("completed", [turn(0, "x", "completed")])], connections: [] });
    const [one, other] = [RunFeed.open("run_1"), RunFeed.open("run_1")];
    assert.equal(one, other);
    await ended(one);
    assert.equal(asked.length, 1);
    one.close();
    other.close();
    assert.notEqual(RunFeed.open("run_1"), one);
    RunFeed.open("run_1").close();
});
