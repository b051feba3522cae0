// The sums of the ledger: read, added up, put into a file.
import * as api from "../../core/api.js";
import { count, duration, money } from "../../core/format.js";

/**
 * @typedef {object} Row as GET /v1/usage gives it, under the name that it is grouped by
 * @property {string} name @property {number} requests @property {number} failures
 * @property {number} input_tokens @property {number} cached_tokens @property {number} output_tokens
 * @property {number} reasoning_tokens @property {number} total_tokens @property {string|null} cost
 * @property {number} unpriced_requests @property {number|null} [ttft_ms_mean] @property {number|null} [duration_ms_mean]
 */

/** @typedef {"day"|"model"|"provider"|"key"} Grouping */
/** @typedef {"requests"|"tokens"|"cost"|"latency"} Measure */

/** What a bar can show. @type {Record<Measure, {label: string, of: (row: Row) => number, text: (value: number) => string, isUnknown?: (row: Row) => boolean, mean?: (rows: Row[]) => number|null}>} */
export const MEASURES = {
    requests: { label: "Requests", of: (row) => row.requests, text: (value) => value.toLocaleString("en") },
    tokens: { label: "Tokens", of: (row) => row.total_tokens, text: count },
    cost: { label: "Cost", of: (row) => Number(row.cost ?? 0), text: (value) => money(value), isUnknown: (row) => row.cost === null },
    latency: { label: "First token", of: (row) => row.ttft_ms_mean ?? 0, text: duration, isUnknown: (row) => row.ttft_ms_mean == null, mean: (rows) => totalsOf(rows).ttft },
};

/** @typedef {{key: string, label: string, title: string, value: (row: Row) => number|string|null, text: (row: Row) => string}} Column */

const whole = (/** @type {number|null|undefined} */ value) => (value ?? 0).toLocaleString("en");

/** @param {string} key @param {string} label @param {string} title @param {(row: any) => string} [text] @returns {Column} */
const column = (key, label, title, text) => ({
    key, label, title, value: (row) => /** @type {any} */ (row)[key] ?? null, text: text ?? ((row) => whole(row[key])),
});

const COLUMNS = [
    column("requests", "Requests", "Calls to providers, retries and fallbacks among them"),
    column("failures", "Failures", "Calls that ended in an error"),
    column("input_tokens", "Input", "Tokens sent"),
    column("cached_tokens", "Cached", "Input tokens that the provider had cached"),
    column("output_tokens", "Output", "Tokens received"),
    column("reasoning_tokens", "Reasoning", "Output tokens spent on reasoning"),
    { ...column("cost", "Cost", "In US dollars; calls without a known price are left out", (row) => (row.cost === null ? "unknown" : money(row.cost))), value: (/** @type {Row} */ row) => (row.cost === null ? null : Number(row.cost)) },
];

/** Those that only some servers tell. */
const TIMES = [
    column("ttft_ms_mean", "First token", "Mean time to the first token", (row) => (row.ttft_ms_mean == null ? "–" : duration(row.ttft_ms_mean))),
    column("ttft_ms_p50", "First token, median", "Half of all came sooner", (row) => (row.ttft_ms_p50 == null ? "–" : duration(row.ttft_ms_p50))),
    column("ttft_ms_p95", "First token, p95", "19 of 20 came sooner", (row) => (row.ttft_ms_p95 == null ? "–" : duration(row.ttft_ms_p95))),
    column("duration_ms_mean", "Time in all", "Mean time to the end", (row) => (row.duration_ms_mean == null ? "–" : duration(row.duration_ms_mean))),
];

/** The columns that there is something in. @param {Row[]} rows @returns {Column[]} */
export function columnsOf(rows) {
    return [...COLUMNS, ...TIMES.filter((one) => rows.some((row) => one.value(row) !== null))];
}

/** When a period of days began, on a day's beginning as the server counts days. @param {number|null} days null: all @param {number} [now] */
export function sinceOf(days, now = Date.now()) {
    return days === null ? null : (Math.floor(now / 86_400_000) - days + 1) * 86_400;
}

/** @param {Grouping} grouping @param {number|null} since @param {AbortSignal} signal @returns {Promise<Row[]>} */
export async function readUsage(grouping, since, signal) {
    const { data } = await api.get(`/usage?group_by=${grouping}${since === null ? "" : `&since=${since}`}`, signal);
    const rows = data.map((/** @type {any} */ row) => ({ ...row, name: row[grouping] || (grouping === "key" ? "No key" : "Unknown") }));
    // A server that knows no periods gives all days.
    return grouping === "day" && since !== null ? rows.filter((/** @type {Row} */ row) => Date.parse(row.name) / 1000 >= since) : rows;
}

/** The sum of rows. @param {Row[]} rows */
export function totalsOf(rows) {
    const sum = (/** @type {(row: Row) => number|null|undefined} */ of) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);
    const mean = (/** @type {"ttft_ms_mean"|"duration_ms_mean"} */ key) => {
        const told = rows.filter((row) => row[key] != null && row.requests > 0);
        const weight = told.reduce((total, row) => total + row.requests, 0);
        return weight ? told.reduce((total, row) => total + /** @type {number} */ (row[key]) * row.requests, 0) / weight : null;
    };
    return {
        requests: sum((row) => row.requests), failures: sum((row) => row.failures), input: sum((row) => row.input_tokens), output: sum((row) => row.output_tokens),
        cost: sum((row) => Number(row.cost ?? 0)), unpriced: sum((row) => row.unpriced_requests), ttft: mean("ttft_ms_mean"), time: mean("duration_ms_mean"),
    };
}

/** Days without a call, too: a gap is something to see. @param {Row[]} rows @param {number|null} since @param {number} [now] @returns {Row[]} */
export function everyDay(rows, since, now = Date.now()) {
    const known = new Map(rows.map((row) => [row.name, row]));
    const first = since === null ? Math.min(...rows.map((row) => Date.parse(row.name))) : since * 1000;
    const days = [];
    for (let time = first; time <= now; time += 86_400_000) {
        const name = new Date(time).toISOString().slice(0, 10);
        days.push(known.get(name) ?? { name, requests: 0, failures: 0, input_tokens: 0, cached_tokens: 0, output_tokens: 0, reasoning_tokens: 0, total_tokens: 0, cost: "0", unpriced_requests: 0 });
    }
    return days;
}

/** A table as a file. @param {Row[]} rows @param {Grouping} grouping */
export function csvOf(rows, grouping) {
    const columns = columnsOf(rows);
    const cell = (/** @type {any} */ value) => {
        const text = value === null || value === undefined ? "" : String(value);
        // A program that reads tables must not take a name for a formula.
        const safe = /^[=+\-@\t\r]/.test(text) && typeof value === "string" ? `'${text}` : text;
        return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    const lines = rows.map((row) => [cell(row.name), ...columns.map((one) => cell(/** @type {any} */ (row)[one.key])), cell(row.unpriced_requests)]);
    return [[grouping, ...columns.map((one) => one.key), "unpriced_requests"], ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}
