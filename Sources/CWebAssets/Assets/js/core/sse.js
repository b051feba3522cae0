// Server-sent events over fetch: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

/** @typedef {{event: string, id: string, data: string}} ServerEvent */

/** Takes pieces of a stream apart, however they were cut. */
export class EventParser {
    #rest = "";
    #event = "";
    #id = "";
    /** @type {string[]} */
    #data = [];
    #isFirst = true;

    /** The events that a piece completes; `null` stands for a comment, which is a sign of life. @param {string} piece @returns {(ServerEvent|null)[]} */
    push(piece) {
        let text = this.#rest + piece;
        if (this.#isFirst && text) {
            if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
            this.#isFirst = false;
        }
        /** @type {(ServerEvent|null)[]} */
        const found = [];
        let start = 0;
        for (;;) {
            const end = nextBreak(text, start);
            // A carriage return at the very end may be half of a line's end.
            if (end < 0 || (text[end] === "\r" && end === text.length - 1)) break;
            this.#line(text.slice(start, end), found);
            start = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
        }
        this.#rest = text.slice(start);
        return found;
    }

    /** @param {string} line @param {(ServerEvent|null)[]} found */
    #line(line, found) {
        if (line === "") {
            if (this.#data.length) found.push({ event: this.#event || "message", id: this.#id, data: this.#data.join("\n") });
            this.#event = "";
            this.#data = [];
            return;
        }
        const colon = line.indexOf(":");
        if (colon === 0) return void found.push(null);
        const field = colon < 0 ? line : line.slice(0, colon);
        let value = colon < 0 ? "" : line.slice(colon + 1);
        if (value.startsWith(" ")) value = value.slice(1);
        if (field === "data") this.#data.push(value);
        else if (field === "event") this.#event = value;
        else if (field === "id" && !value.includes("\0")) this.#id = value;
    }
}

/** @param {string} text @param {number} start */
function nextBreak(text, start) {
    for (let index = start; index < text.length; index++) {
        const code = text.charCodeAt(index);
        if (code === 10 || code === 13) return index;
    }
    return -1;
}

/**
 * The events of a response; `null` is a sign of life.
 * @param {Response} response
 * @returns {AsyncGenerator<(ServerEvent|null)[]>}
 */
export async function* events(response) {
    const parser = new EventParser();
    const reader = /** @type {ReadableStream} */ (response.body).pipeThrough(new TextDecoderStream()).getReader();
    try {
        for (;;) {
            const { value, done } = await reader.read();
            if (done) return;
            const found = parser.push(value);
            if (found.length) yield found;
        }
    } finally {
        reader.cancel().catch(() => {});
    }
}
