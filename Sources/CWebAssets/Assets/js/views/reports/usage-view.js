// What was asked, what it took and what it cost.
import { fill, h, icon } from "../../core/dom.js";
import { count, duration, money, plural } from "../../core/format.js";
import { recall, remember } from "../../core/remember.js";
import { modelName } from "../../parts/model-mark.js";
import { drawerButton } from "../drawer/drawer.js";
import { saveBlob } from "../../parts/download.js";
import { barChart, columnChart } from "./charts.js";
import { segments } from "./segments.js";
import { leadSkipLink } from "./skip-link.js";
import { sortableTable } from "./sortable-table.js";
import { MEASURES, columnsOf, csvOf, everyDay, readUsage, sinceOf, totalsOf } from "./usage-data.js";

/** @typedef {import("./usage-data.js").Row} Row */
/** @typedef {import("./usage-data.js").Grouping} Grouping */
/** @typedef {import("./usage-data.js").Measure} Measure */

/** @type {Record<string, {label: string, days: number|null, words: string}>} */
const PERIODS = {
    7: { label: "7 days", days: 7, words: "in the last 7 days" }, 30: { label: "30 days", days: 30, words: "in the last 30 days" },
    90: { label: "90 days", days: 90, words: "in the last 90 days" }, all: { label: "All", days: null, words: "in all" },
};
/** @type {[Grouping, string][]} */
const GROUPINGS = [["day", "Day"], ["model", "Model"], ["provider", "Provider"], ["key", "Key"]];
/** More bars than these are told by the table alone. */
const MOST_BARS = 12;

const day = (/** @type {string} */ name) => new Date(`${name}T00:00:00Z`).toLocaleDateString("en", { day: "numeric", month: "short", timeZone: "UTC" });
const longDay = (/** @type {string} */ name) => new Date(`${name}T00:00:00Z`).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export class UsageView {
    #abort = new AbortController();
    #period = recall("usagePeriod", "30");
    /** @type {Grouping} */
    #grouping = "day";
    /** @type {Measure} */
    #measure = "requests";
    /** @type {Row[]} */
    #rows = [];
    #closeChart = () => {};
    #restoreSkipLink = leadSkipLink("report", "Skip to the figures");

    /** @param {HTMLElement} main @param {import("../../core/router.js").Place} place */
    constructor(main, place) {
        if (!PERIODS[this.#period]) this.#period = "30";
        const asked = place.query.get("by");
        this.#grouping = GROUPINGS.find(([name]) => name === asked)?.[0] ?? "day";
        this.groupings = segments("Grouped by", GROUPINGS, this.#grouping, (value) => {
            this.#grouping = value;
            this.#read();
        });
        this.measures = segments("Shown in the chart", /** @type {[Measure, string][]} */ (Object.entries(MEASURES).map(([name, { label }]) => [name, label])), this.#measure, (value) => {
            this.#measure = value;
            this.#showChart();
        });
        this.csv = h("button", { type: "button", onclick: () => this.#save() }, icon("download"), h("span", { text: "CSV" }));
        this.tiles = h("div.tiles");
        this.chart = h("section.report-part", { "aria-label": "Chart" });
        this.table = h("section.report-part", { "aria-label": "Table" });
        this.controls = this.#controls();
        this.body = h("div.page-column.report", {}, this.controls, this.tiles, this.chart, this.table);
        document.title = "Usage · Plenum";
        main.append(h("header.page-head", {}, drawerButton(), h("h1", { text: "Usage" })), h("div.page-scroll", { id: "report", tabindex: "-1" }, this.body));
        this.#read();
    }

    /** The same place again, by a fragment or a second press: the figures are read anew. @param {import("../../core/router.js").Place} place */
    show(place) {
        const isHere = place.name === "usage" && !place.query.has("by");
        if (isHere) this.#read();
        return isHere;
    }

    close() {
        this.#restoreSkipLink();
        this.#abort.abort();
        this.#closeChart();
    }

    #controls() {
        const period = segments("Period", Object.entries(PERIODS).map(([name, { label }]) => [name, label]), this.#period, (value) => {
            this.#period = value;
            remember("usagePeriod", value);
            this.#read();
        });
        const named = (/** @type {string} */ name, /** @type {Node} */ part) => h("div.report-control", {}, h("span.muted.small", { text: name, "aria-hidden": "true" }), part);
        return h("div.report-controls", {}, named("Period", period.element), named("By", this.groupings.element), named("Chart", this.measures.element), h("span.grow"), this.csv);
    }

    get #since() {
        return sinceOf(PERIODS[this.#period].days);
    }

    async #read() {
        this.#abort.abort();
        const { signal } = (this.#abort = new AbortController());
        this.body.setAttribute("aria-busy", "true");
        try {
            this.#rows = await readUsage(this.#grouping, this.#since, signal);
            this.#show();
        } catch (error) {
            if (signal.aborted) return;
            this.#showNothing("warning", /** @type {any} */ (error).message, h("button", { type: "button", text: "Try again", onclick: () => this.#read() }));
        } finally {
            if (!signal.aborted) this.body.removeAttribute("aria-busy");
        }
    }

    #show() {
        this.csv.disabled = this.#rows.length === 0;
        if (this.#rows.length === 0) {
            const words = PERIODS[this.#period].words;
            return this.#showNothing("chart", `Nothing was asked ${words === "in all" ? "yet" : words}.`, h("a.button", { href: "/", text: "Start a chat" }));
        }
        this.#showTiles();
        this.#showChart();
        this.#showTable();
    }

    /** @param {"chart"|"warning"} picture @param {string} text @param {Node} action */
    #showNothing(picture, text, action) {
        this.#closeChart();
        this.tiles.replaceChildren();
        this.table.replaceChildren();
        this.csv.disabled = true;
        fill(this.chart, h("div.empty", {}, icon(picture), h("p", { text }), action));
    }

    #showTiles() {
        const totals = totalsOf(this.#rows);
        const tile = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ note) =>
            h("div.tile", {}, h("dt", { text: name }), h("dd.tile-value", { text: value }), h("dd.tile-note", { text: note }));
        const share = totals.requests ? (100 * totals.failures) / totals.requests : 0;
        fill(this.tiles, h(
            "dl.tile-list", {},
            tile("Requests", totals.requests.toLocaleString("en"), PERIODS[this.#period].words),
            tile("Tokens", count(totals.input + totals.output), `${count(totals.input)} in, ${count(totals.output)} out`),
            tile("Cost", money(totals.cost), totals.unpriced ? `${plural(totals.unpriced, "request")} without a price left out` : "in US dollars"),
            tile("Failures", totals.failures.toLocaleString("en"), totals.failures ? `${share < 1 ? share.toFixed(1) : Math.round(share)} % of all` : `of ${plural(totals.requests, "request")}`),
            totals.ttft === null ? null : tile("First token", duration(totals.ttft), totals.time === null ? "mean" : `mean; ${duration(totals.time)} to the end`),
        ));
    }

    #showChart() {
        if (!this.#rows.length) return;
        this.#closeChart();
        this.#closeChart = () => {};
        const measure = MEASURES[this.#measure];
        const words = PERIODS[this.#period].words;
        if (this.#grouping === "day") {
            const bars = everyDay(this.#rows, this.#since).map((row) => ({ name: row.name, value: measure.of(row) }));
            const most = bars.reduce((one, other) => (other.value > one.value ? other : one));
            const all = measure.mean ? `${measure.text(measure.mean(this.#rows) ?? 0)} on average` : measure.text(bars.reduce((total, bar) => total + bar.value, 0));
            const label = `${measure.label} by day ${words}: ${all}${most.value > 0 ? `, most on ${longDay(most.name)} with ${measure.text(most.value)}` : ""}`;
            const chart = columnChart(bars, { label, text: measure.text, name: day });
            this.#closeChart = chart.close;
            return void fill(this.chart, chart.element);
        }
        const rows = [...this.#rows].sort((one, other) => measure.of(other) - measure.of(one));
        const bars = rows.slice(0, MOST_BARS).map((row) => ({
            name: row.name, value: measure.of(row), label: this.#label(row), words: measure.isUnknown?.(row) ? "unknown" : measure.text(measure.of(row)),
        }));
        const label = `${measure.label} by ${this.#grouping} ${words}: ${bars.map((bar) => `${bar.name} ${bar.words}`).join(", ")}`;
        fill(
            this.chart, barChart(bars, { label, text: (bar) => bar.words }),
            rows.length > bars.length ? h("p.muted.small", { text: `${rows.length - bars.length} more in the table.` }) : null,
        );
    }

    /** @param {Row} row @returns {Node} */
    #label(row) {
        if (this.#grouping === "model") return modelName(row.name);
        return h("span", { text: this.#grouping === "day" ? longDay(row.name) : row.name });
    }

    #showTable() {
        const name = GROUPINGS.find(([value]) => value === this.#grouping)?.[1] ?? "";
        const columns = columnsOf(this.#rows).map((one) => ({ label: one.label, title: one.title, isNumber: true, value: one.value, cell: one.text }));
        const isDay = this.#grouping === "day";
        fill(this.table, sortableTable(
            [{ label: name, value: (row) => row.name, cell: (row) => this.#label(row) }, ...columns], this.#rows,
            { caption: `Usage by ${this.#grouping} ${PERIODS[this.#period].words}`, by: isDay ? 0 : 1, isDown: true },
        ), isDay ? h("p.muted.small", { text: "Days are those of UTC." }) : null);
    }

    #save() {
        saveBlob(new Blob([csvOf(this.#rows, this.#grouping)], { type: "text/csv;charset=utf-8" }), `plenum-usage-by-${this.#grouping}.csv`);
    }
}
