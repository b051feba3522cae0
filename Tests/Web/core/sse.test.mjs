import assert from "node:assert/strict";
import { test } from "node:test";
import { EventParser } from "../../../Sources/CWebAssets/Assets/js/core/sse.js";

const stream = "\uFEFF: hello\r\nevent: seat.delta\r\nid: 7\r\ndata: {\"a\":1,\r\ndata: \"b\":2}\r\n\r\n\rdata:no space\rid:8\r\r\n"
    + ": keepalive\n\ndata: später, \u{1F600}\n\nevent: nothing\n\ndata\n\nid: a\0b\ndata: end\n\n";
const expected = [
    null,
    { event: "seat.delta", id: "7", data: "{\"a\":1,\n\"b\":2}" },
    { event: "message", id: "8", data: "no space" },
    null,
    { event: "message", id: "8", data: "später, \u{1F600}" },
    { event: "message", id: "8", data: "" },
    { event: "message", id: "8", data: "end" },
];

test("an event stream is read by the rules of the HTML standard", () => {
    assert.deepEqual(new EventParser().push(stream), expected);
});

test("the events are the same wherever the stream is cut in two", () => {
    for (let cut = 0; cut <= stream.length; cut++) {
        const parser = new EventParser();
        assert.deepEqual([...parser.push(stream.slice(0, cut)), ...parser.push(stream.slice(cut))], expected, `cut at ${cut}`);
    }
});

test("the events are the same if each character comes by itself", () => {
    const parser = new EventParser();
    assert.deepEqual([...stream].flatMap((sign) => parser.push(sign)), expected);
});

test("an event that is not finished is not told", () => {
    assert.deepEqual(new EventParser().push("data: half\n"), []);
});
