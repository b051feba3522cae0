// Which answers one has preferred: by model, and compare by compare.
import * as api from "../../core/api.js";
import { failed } from "../../core/announce.js";
import { fill, h, icon } from "../../core/dom.js";
import { dateTime, plural, shortModel } from "../../core/format.js";
import { modelName } from "../../parts/model-mark.js";
import { drawerButton } from "../drawer/drawer.js";
import { download } from "../../parts/download.js";
import { barChart } from "./charts.js";
import { leadSkipLink } from "./skip-link.js";
import { sortableTable } from "./sortable-table.js";

const PAGE = 20;
/** With fewer judgements a rate says next to nothing. */
const FEW = 20;

/** @typedef {{model: string, comparisons: number, wins: number, losses: number, ties: number, all_bad: number, win_rate: string|null}} Standing */

/**
 * Where the true rate lies, in 19 of 20 cases: Wilson's interval.
 * @param {number} rate @param {number} count
 * @returns {[number, number]}
 */
export function interval(rate, count) {
    const z = 1.96;
    const middle = (rate + (z * z) / (2 * count)) / (1 + (z * z) / count);
    const half = (z / (1 + (z * z) / count)) * Math.sqrt((rate * (1 - rate)) / count + (z * z) / (4 * count * count));
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

const percent = (/** @type {number} */ rate) => `${Math.round(100 * rate)} %`;

export class PreferencesView {
    #abort = new AbortController();
    /** @type {string|null} */
    #edge = null;
    /** @type {Map<string, Promise<string>>} titles of conversations, each read once */
    #titles = new Map();
    #restoreSkipLink = leadSkipLink("report", "Skip to the figures");

    /** @param {HTMLElement} main @param {import("../../core/router.js").Place} _place */
    constructor(main, _place) {
        this.standings = h("section.report-part", { "aria-label": "Win rates" });
        this.judged = h("ul.judged");
        this.more = h("button", { type: "button", text: "Show more", onclick: () => this.#readJudged() });
        this.more.hidden = true;
        this.list = h("section.report-part", { "aria-labelledby": "judged-title", hidden: true },
            h("h2.report-title", { id: "judged-title", text: "Judged compares" }), this.judged, h("div", {}, this.more));
        const save = h("button", { type: "button", title: "Each line: the conversation, the answer you preferred, one that you did not", onclick: () => download("/preferences/pairs", "plenum-pairs.jsonl") },
            icon("download"), h("span", { text: "Pairs as JSONL" }));
        this.save = save;
        save.hidden = true;
        this.body = h("div.page-column.report", { "aria-busy": "true" }, this.standings, this.list);
        document.title = "My preferences · Plenum";
        main.append(
            h("header.page-head", {}, drawerButton(), h("h1", { text: "My preferences" }), h("span.grow"), save),
            h("div.page-scroll", { id: "report", tabindex: "-1" }, this.body),
        );
        this.#read();
    }

    /** A fragment of the address is no other place. @param {import("../../core/router.js").Place} place */
    show(place) {
        return place.name === "preferences";
    }

    close() {
        this.#restoreSkipLink();
        this.#abort.abort();
    }

    async #read() {
        try {
            const { data } = await api.get("/preferences/summary", this.#abort.signal);
            this.#showStandings(data);
            if (data.length) await this.#readJudged();
        } catch (error) {
            if (this.#abort.signal.aborted) return;
            fill(this.standings, h("div.empty", {}, icon("warning"), h("p", { text: /** @type {any} */ (error).message }), h("button", { type: "button", text: "Try again", onclick: () => this.#read() })));
        } finally {
            this.body.removeAttribute("aria-busy");
        }
    }

    /** @param {Standing[]} data */
    #showStandings(data) {
        this.save.hidden = this.list.hidden = data.length === 0;
        if (!data.length) {
            return void fill(this.standings, h(
                "div.empty", {}, icon("scales"),
                h("p", { text: "Ask several models the same, and say which answer is best. Here you will see whom you prefer." }),
                h("a.button", { href: "/", text: "Start a compare" }),
            ));
        }
        const rated = data.filter((one) => one.win_rate !== null).sort((one, other) => Number(other.win_rate) - Number(one.win_rate) || other.comparisons - one.comparisons);
        const bars = rated.map((one) => ({ name: one.model, value: Number(one.win_rate), standing: one, label: modelName(one.model) }));
        const decided = (/** @type {Standing} */ one) => one.wins + one.losses + one.ties;
        const few = rated.filter((one) => decided(one) < FEW).length;
        fill(
            this.standings,
            h("p.report-lead", { text: "How often you preferred a model's answer where you had the choice." }),
            bars.length ? barChart(bars, {
                label: `Win rates: ${bars.map((bar) => `${bar.name} ${percent(bar.value)} of ${decided(bar.standing)}`).join(", ")}`,
                text: (bar) => `${percent(bar.value)} of ${decided(bar.standing)}`, top: 1,
                range: (bar) => (decided(bar.standing) ? interval(bar.value, decided(bar.standing)) : null),
            }) : null,
            h("p.report-note", {}, icon("info"), h("span", { text: few
                ? `${few === rated.length ? "All of these have" : plural(few, "of these models has", "of these models have")} fewer than ${FEW} judgements: chance may have made the order. The thin line says where the true rate lies in 19 of 20 cases; where two lines overlap, nothing is decided.`
                : "The thin line says where the true rate lies in 19 of 20 cases; where two lines overlap, nothing is decided." })),
            this.#table(data),
        );
    }

    /** @param {Standing[]} data */
    #table(data) {
        const number = (/** @type {string} */ key, /** @type {string} */ label, /** @type {string} */ title) => ({
            label, title, isNumber: true, value: (/** @type {any} */ row) => row[key], cell: (/** @type {any} */ row) => String(row[key]),
        });
        return sortableTable([
            { label: "Model", value: (row) => row.model, cell: (row) => modelName(row.model) },
            { label: "Win rate", title: "Wins and half of the ties, of what was decided", isNumber: true, value: (row) => (row.win_rate === null ? null : Number(row.win_rate)), cell: (row) => (row.win_rate === null ? "–" : percent(Number(row.win_rate))) },
            number("comparisons", "Compares", "Compares that you have judged"), number("wins", "Preferred", "You preferred its answer"),
            number("losses", "Not preferred", "You preferred another's"), number("ties", "Ties", "As good as another"), number("all_bad", "All bad", "No answer was any good"),
        ], data, { caption: "Win rates by model", by: 1, isDown: true });
    }

    async #readJudged() {
        this.more.disabled = true;
        try {
            const page = await api.get(`/preferences?limit=${PAGE}${this.#edge ? `&after=${this.#edge}` : ""}`, this.#abort.signal);
            this.#edge = page.last_id;
            const isFocused = document.activeElement === this.more;
            const rows = page.data.map((/** @type {any} */ one) => this.#row(one));
            this.judged.append(...rows);
            this.more.hidden = !page.has_more;
            if (isFocused) rows[0]?.querySelector("a")?.focus();
        } catch (error) {
            failed(error);
        } finally {
            this.more.disabled = false;
        }
    }

    /** @param {any} judged */
    #row(judged) {
        const { preference, model, models, conversation } = judged;
        const title = h("a.judged-title", { href: `/c/${conversation}`, dir: "auto", text: "Conversation" });
        this.#title(conversation).then((text) => (title.textContent = text));
        const others = models.filter((/** @type {string} */ one) => one !== model);
        const verdict = preference.kind === "prefer"
            ? [modelName(model), h("span.muted", { text: others.length ? `over ${others.map(shortModel).join(", ")}` : "over another answer of its own" })]
            : [h("span.badge", { class: preference.kind === "all_bad" ? "warning" : "", text: preference.kind === "tie" ? "Tie" : "All bad" }), h("span.muted", { text: models.map(shortModel).join(", ") })];
        return h(
            "li", {}, title,
            h("div.judged-verdict", {}, verdict, preference.blind ? h("span.badge", { text: "Blind", title: "Names were hidden" }) : null),
            preference.reason ? h("p.judged-reason", { dir: "auto", text: preference.reason }) : null,
            h("span.muted.small", { text: dateTime(preference.created_at) }),
        );
    }

    /** @param {string} id @returns {Promise<string>} */
    #title(id) {
        let title = this.#titles.get(id);
        if (!title) {
            title = api.get(`/conversations/${id}`, this.#abort.signal).then((one) => one.title || "Untitled", () => "Conversation");
            this.#titles.set(id, title);
        }
        return title;
    }
}
