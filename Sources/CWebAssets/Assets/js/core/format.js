// Numbers, times and texts as people read them.

/**
 * Dollars of a decimal string; an unknown cost is said to be unknown.
 * @param {string|number|null|undefined} amount
 */
export function money(amount) {
    if (amount === null || amount === undefined) return "cost unknown";
    const value = Number(amount);
    if (value === 0) return "$0";
    if (value < 0.0001) return "< $0.0001";
    if (value < 0.01) return `$${value.toFixed(4)}`;
    // Half a dollar is $0.50; a tenth of a cent still counts.
    if (value < 1) return `$${value.toFixed(3).replace(/0$/, "")}`;
    return `$${value.toFixed(2)}`;
}

/** A price a token as dollars a million tokens. @param {string|null|undefined} perToken */
export function pricePerMillion(perToken) {
    if (perToken === null || perToken === undefined) return "?";
    const value = Number(perToken) * 1e6;
    return value === 0 ? "free" : `$${value < 1 ? Number(value.toFixed(3)) : Number(value.toFixed(2))}`;
}

/** 1234567 as 1.2M. @param {number|null|undefined} count */
export function count(count) {
    if (count === null || count === undefined) return "?";
    if (count < 1000) return String(count);
    if (count < 1e6) return `${trim(count / 1e3)}k`;
    return `${trim(count / 1e6)}M`;
}

const trim = (/** @type {number} */ value) => Number(value.toFixed(value < 10 ? 1 : 0));

/** Milliseconds. @param {number|null|undefined} ms */
export function duration(ms) {
    if (ms === null || ms === undefined) return "?";
    if (ms < 1000) return `${Math.round(ms)} ms`;
    if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
    return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}

/** Tokens a second of an answer, if it can be said. @param {{usage?: any, duration_ms?: number|null, ttft_ms?: number|null}} answer */
export function speed(answer) {
    const tokens = answer.usage?.output_tokens;
    const time = (answer.duration_ms ?? 0) - (answer.ttft_ms ?? 0);
    return tokens > 1 && time > 0 ? `${Math.round((tokens * 1000) / time)} tok/s` : null;
}

/** The group of the drawer that a time belongs to. @param {number} seconds @param {Date} [now] */
export function dateGroup(seconds, now = new Date()) {
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime() / 1000;
    const day = 86_400;
    if (seconds >= midnight) return "Today";
    if (seconds >= midnight - day) return "Yesterday";
    if (seconds >= midnight - 7 * day) return "Last 7 days";
    if (seconds >= midnight - 30 * day) return "Last 30 days";
    const date = new Date(seconds * 1000);
    return date.getFullYear() === now.getFullYear()
        ? date.toLocaleDateString("en", { month: "long" })
        : String(date.getFullYear());
}

/** A date and time, in full. @param {number} seconds */
export function dateTime(seconds) {
    return new Date(seconds * 1000).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}

/** The model's name without its provider. @param {string|null|undefined} id */
export function shortModel(id) {
    return id ? id.slice(id.indexOf("/") + 1) : "hidden model";
}

/** "1 answer", "2 answers". @param {number} count @param {string} one @param {string} [many] */
export function plural(count, one, many = `${one}s`) {
    return `${count} ${count === 1 ? one : many}`;
}
