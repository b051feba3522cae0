// The muted line under an answer: tokens, cost, time; and the attempts behind it.
import * as api from "../core/api.js";
import { failed } from "../core/announce.js";
import { fill, h } from "../core/dom.js";
import { count, dateTime, duration, money, speed } from "../core/format.js";
import { openDialog } from "./dialog.js";

/**
 * Writes the footer of an answer.
 * @param {HTMLElement} place
 * @param {{usage: any, cost: string|null, ttft_ms?: number|null, duration_ms?: number|null, model?: string|null}} answer a turn, a seat or an item
 */
export function fillFooter(place, answer) {
    const usage = answer.usage;
    const cached = usage?.input_tokens_details?.cached_tokens;
    const reasoned = usage?.output_tokens_details?.reasoning_tokens;
    const fact = (/** @type {string} */ text, /** @type {string} */ title) => h("span", { text, title });
    return fill(
        place,
        usage ? fact(`${count(usage.input_tokens)} in`, `${usage.input_tokens} input tokens${cached ? `, ${cached} of them cached` : ""}`) : null,
        usage ? fact(`${count(usage.output_tokens)} out`, `${usage.output_tokens} output tokens${reasoned ? `, ${reasoned} of them reasoning` : ""}`) : null,
        usage || answer.cost !== null ? fact(money(answer.cost), "What it cost, in US dollars") : null,
        answer.ttft_ms != null ? fact(`first ${duration(answer.ttft_ms)}`, "Time to the first token") : null,
        answer.duration_ms != null ? fact(duration(answer.duration_ms), "Time in all") : null,
        speed(answer) ? fact(/** @type {string} */ (speed(answer)), "Output tokens a second, after the first") : null,
    );
}

/** Shows the attempts behind an answer. @param {any[]} attempts generations as a run's seat has them */
export function showAttempts(attempts) {
    const row = (/** @type {any} */ attempt) => h(
        "li.attempt", {},
        h("div.attempt-head", {},
            h("strong", { text: attempt.model }),
            h(`span.badge.${attempt.status}`, { text: attempt.status }),
            attempt.http_status ? h("span.muted", { text: `HTTP ${attempt.http_status}` }) : null,
        ),
        fillFooter(h("div.answer-footer"), attempt),
        attempt.error ? h("p.error-text", { text: attempt.error.message ?? attempt.error.code }) : null,
        h("p.muted.small", { text: `${attempt.id} · ${dateTime(attempt.created_at)}${attempt.upstream_id ? ` · ${attempt.upstream_id}` : ""}` }),
    );
    openDialog("Attempts", { class: "attempts" },
        h("p.muted", { text: "Every call that was made for this answer, in order. A fallback or a retry is a call of its own." }),
        attempts.length ? h("ol.attempt-list", {}, attempts.map(row)) : h("p", { text: "No call is on record." }),
    );
}

/** Shows the one attempt of an answer that no run made. @param {string} generation */
export async function showGeneration(generation) {
    try {
        showAttempts([await api.get(`/generations/${generation}`)]);
    } catch (error) {
        failed(error);
    }
}
