import assert from "node:assert/strict";
import { test } from "node:test";
import { count, dateGroup, duration, money, plural, pricePerMillion, shortModel, speed } from "../../../Sources/CWebAssets/Assets/js/core/format.js";

test("money is told as exactly as it matters, and what is unknown is not 0", () => {
    assert.deepEqual([null, "0", "0.00001", "0.0012", "0.25", "0.125", "3.456"].map(money), ["cost unknown", "$0", "< $0.0001", "$0.0012", "$0.25", "$0.125", "$3.46"]);
    assert.deepEqual([null, "0", "0.000005", "0.00000025"].map(pricePerMillion), ["?", "free", "$5", "$0.25"]);
});

test("numbers and times are short", () => {
    assert.deepEqual([null, 999, 1500, 23_456, 1_000_000].map(count), ["?", "999", "1.5k", "23k", "1M"]);
    assert.deepEqual([null, 12, 1500, 61_000].map(duration), ["?", "12 ms", "1.5 s", "1 min 1 s"]);
    assert.equal(speed({ usage: { output_tokens: 100 }, duration_ms: 1500, ttft_ms: 500 }), "100 tok/s");
    assert.equal(speed({ usage: { output_tokens: 100 }, duration_ms: null }), null);
});

test("conversations are grouped by how long ago they were used", () => {
    const now = new Date(2026, 10, 25, 12);
    const at = (...date) => new Date(...date).getTime() / 1000;
    const days = [at(2026, 10, 25, 0), at(2026, 10, 24, 23), at(2026, 10, 19), at(2026, 10, 1), at(2026, 2, 1), at(2025, 2, 1)];
    assert.deepEqual(days.map((day) => dateGroup(day, now)), ["Today", "Yesterday", "Last 7 days", "Last 30 days", "March", "2025"]);
});

test("names", () => {
    assert.deepEqual(["a/b", "a/b/c", null].map(shortModel), ["b", "b/c", "hidden model"]);
    assert.deepEqual([plural(1, "answer"), plural(2, "answer"), plural(0, "reply", "replies")], ["1 answer", "2 answers", "0 replies"]);
});
