// The form of a debate: which way, who says what, how long, who judges, what it may cost.
import * as api from "../../core/api.js";
import { fill, h, icon, iconButton, reconcile } from "../../core/dom.js";
import { shortModel } from "../../core/format.js";
import { modelName } from "../../parts/model-mark.js";
import { pickModels } from "../picker/model-picker.js";
import { LENGTHS } from "./commands.js";
import { freshId, stepper, tick } from "./fields.js";
import { PERSONA_SUGGESTIONS, PROTOCOLS, SIDE_SUGGESTIONS } from "./protocols.js";
import { SetupChoices } from "./setup-choices.js";
import { protocolName } from "./words.js";

const ESTIMATE_DELAY_MS = 400;
/** What the model outside the panel does, where its name does not say it. @type {Record<string, string>} */
const JUDGE_HINTS = {
    vote: "Writes the answer where the votes cannot be counted.",
    revise: "Writes the answer where the votes cannot be counted.",
    sides: "Reads the debate twice. Must not sit in it.",
    council: "Reads all answers and rankings, without names.",
    talk: "Sums up at the end, and keeps the minutes of a long talk.",
    fusion: "Makes one answer of all.",
};

export class DebateSetup {
    #choices = new SetupChoices();
    #timer = 0;
    #abort = new AbortController();
    /** @type {any} the last estimate of this very form */
    #estimate = null;
    /** @type {(estimate: any) => void} */
    onestimate = () => {};

    /** @param {HTMLElement} place @param {{onchange?: () => void}} [options] */
    constructor(place, { onchange = () => {} } = {}) {
        this.onchange = onchange;
        this.cards = h("div.protocol-cards", { role: "radiogroup", "aria-label": "Way to debate" });
        this.advice = h("p.protocol-advice", {});
        this.speakers = h("div.setup-seats", { hidden: true });
        this.basics = h("div.setup-basics");
        this.advanced = h("details.setup-advanced", {}, h("summary", {}, icon("sliders"), "More settings"), h("div.setup-more"));
        this.warnings = h("ul.setup-warnings", { hidden: true, "aria-label": "What to know before" });
        this.element = h(
            "div.debate-setup", { role: "group", "aria-label": "Debate" },
            h("p.setup-truth.small.muted", { text: "A debate shows where models disagree, and why. It does not make them more accurate than a vote." }),
            this.cards, this.advice, this.speakers, this.basics, this.advanced, this.warnings,
        );
        // The form around this one would take Enter in a field as "start".
        this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key === "Enter" && /** @type {any} */ (event.target).matches("input:not([type=radio])")) event.preventDefault();
        });
        this.advanced.addEventListener("toggle", () => this.advanced.open && this.advanced.scrollIntoView({ block: "nearest" }));
        place.append(this.element);
        this.#drawCards();
        this.#draw();
    }

    /** Who takes part. */
    get seats() {
        return this.#choices.seats;
    }

    set seats(models) {
        if (models.length === this.#choices.seats.length && models.every((id, index) => id === this.#choices.seats[index])) return;
        this.#choices.seats = [...models];
        this.#drawSpeakers();
        this.#drawWarnings();
    }

    /** What a run is asked for: {debate, seats, max_cost?}; null if nothing can be asked. */
    get body() {
        return this.problem ? null : this.#choices.body;
    }

    /** Why it cannot be started; null if it can. @returns {string|null} */
    get problem() {
        return this.#choices.problem;
    }

    /** The choices in a line. */
    describe() {
        const { card, length, seats, kept } = this.#choices;
        const member = LENGTHS[card.id]?.member;
        const parts = [protocolName(card.id), `${seats.length} seats`, member ? `${length} ${length === 1 ? member.slice(0, -1) : member}` : "", kept.judge && card.judge ? `${card.judge.toLowerCase()} ${kept.judge}` : ""];
        return parts.filter(Boolean).join(" · ");
    }

    /** Asks what it would cost, a moment after the last change. @param {string} text */
    estimate(text) {
        clearTimeout(this.#timer);
        this.#abort.abort();
        const { body } = this;
        if (!body || !text.trim()) return this.#estimated(null);
        this.#timer = setTimeout(() => this.#ask({ kind: "debate", input: text.trim(), ...body }), ESTIMATE_DELAY_MS);
    }

    /** @param {any} body */
    async #ask(body) {
        const { signal } = (this.#abort = new AbortController());
        try {
            const estimate = await api.post("/runs/estimate", body, { signal });
            if (!signal.aborted) this.#estimated(estimate);
        } catch (error) {
            if (signal.aborted || /** @type {any} */ (error).name === "AbortError") return;
            this.#estimated(null, /** @type {any} */ (error).message);
        }
    }

    /** @param {any} estimate @param {string} [problem] */
    #estimated(estimate, problem) {
        this.#estimate = estimate;
        this.#drawWarnings(problem);
        this.#drawJudgeName();
        this.onestimate(estimate);
    }

    /** @param {any} choice */
    #choose(choice) {
        this.#choices.set(choice);
        this.onchange();
    }

    // Drawn once, or when the way to debate changes.

    #drawCards() {
        const name = freshId("protocol");
        fill(this.cards, PROTOCOLS.map((card) => {
            const choose = () => {
                this.#choices.set({ protocol: card.id });
                this.#draw();
                this.onchange();
            };
            const id = freshId("protocol-words");
            const radio = h("input.visually-hidden", { type: "radio", name, value: card.id, ".checked": card.id === this.#choices.card.id, "aria-describedby": id, onchange: choose });
            return h("label.protocol-card", {}, radio, h("strong", { text: protocolName(card.id) }), h("span.small.muted", { id, text: card.sentence }));
        }));
    }

    #draw() {
        const { card } = this.#choices;
        fill(this.advice, h("span.protocol-sentence", { text: `${card.sentence} ` }), card.advice);
        this.#drawSpeakers();
        this.#drawBasics();
        this.#drawAdvanced();
        this.#drawWarnings();
    }

    #drawSpeakers() {
        const { card, seats } = this.#choices;
        const isSides = card.id === "sides";
        this.speakers.hidden = (!isSides && card.id !== "talk") || seats.length < 2;
        if (this.speakers.hidden) return;
        if (this.speakers.dataset.of !== card.id) {
            this.speakers.dataset.of = card.id;
            this.list = freshId("personas");
            fill(
                this.speakers,
                h("p.label.small", { text: isSides ? "Who argues for what" : "Who speaks as what (you may leave it open)" }),
                h("ol.setup-rows"), h("div.side-suggestions"),
                isSides ? null : h("datalist", { id: this.list }, PERSONA_SUGGESTIONS.map((value) => h("option", { value }))),
            );
        }
        const [, rows, suggestions] = this.speakers.children;
        reconcile(rows, seats.slice(0, 4).map((id, index) => ({ id, index })), ({ id, index }) => `${index}.${id}`, ({ id, index }) => this.#speaker(id, index, isSides));
        for (const [index, row] of [...rows.children].entries()) this.#refreshSpeaker(row, index, isSides);
        const offered = isSides ? SIDE_SUGGESTIONS[seats.length] ?? [] : [];
        fill(suggestions, offered.map((sides) => h("button.quiet.suggestion", { type: "button", text: sides.join(" / "), "aria-label": `Sides: ${sides.join(", ")}`, onclick: () => this.#suggest(sides) })));
    }

    /** @param {string} id @param {number} index @param {boolean} isSides */
    #speaker(id, index, isSides) {
        const name = freshId("speaker");
        const input = h("input", {
            type: "text", dir: "auto", maxlength: "2000", "aria-labelledby": name, list: isSides ? null : this.list, oninput: () => {
                if (isSides) this.#choices.sides[index] = input.value;
                else this.#choices.set({ personas: Object.assign([...this.#choices.kept.personas], { [index]: input.value }) });
                this.onchange();
            },
        });
        return h("li.setup-row", { "data-seat": String(index % 8) }, h("span.setup-row-name", { id: name }, h("span.seat-dot"), modelName(id)), input);
    }

    /** @param {any} row @param {number} index @param {boolean} isSides */
    #refreshSpeaker(row, index, isSides) {
        const input = row.querySelector("input");
        const two = this.#choices.seats.length === 2;
        input.placeholder = isSides ? (two ? ["Yes", "No"][index] : "Its position") : "Any character";
        const value = (isSides ? this.#choices.sides : this.#choices.kept.personas)[index] ?? "";
        if (input.value !== value && document.activeElement !== input) input.value = value;
    }

    /** @param {string[]} sides */
    #suggest(sides) {
        this.#choices.sides = [...sides];
        this.#drawSpeakers();
        this.onchange();
    }

    #drawBasics() {
        const choices = this.#choices;
        const { card, kept } = choices;
        const length = LENGTHS[card.id];
        const cap = h("input", {
            type: "number", min: "0.01", step: "0.05", inputmode: "decimal", placeholder: "0.50", ".value": kept.max_cost,
            onchange: () => this.#choose({ max_cost: cap.value }),
        });
        fill(
            this.basics,
            length ? stepper({ label: card.id === "revise" ? "Rounds of revising" : length.member === "turns" ? "Turns in all" : "Rounds", value: /** @type {number} */ (choices.length), least: { sides: 1, revise: 0, talk: 2 }[/** @type {string} */ (card.id)] ?? 1, most: length.most, onchange: (value) => {
                choices.length = value;
                this.onchange();
            } }).element : null,
            card.judge ? this.#judgeField() : null,
            h("label.field.cap-field", {}, h("span.label", { text: "Cap in dollars" }), cap),
        );
    }

    #judgeField() {
        const { card } = this.#choices;
        const id = freshId("judge");
        this.judgeButton = h("button.judge-pick", { type: "button", "aria-describedby": `${id}-hint`, "aria-labelledby": `${id} ${id}-name`, onclick: () => this.#pickJudge() }, h("span", { id: `${id}-name` }));
        this.judgeClear = iconButton("close", "Let the server choose", () => (this.#choose({ judge: null }), this.#drawJudgeName(), this.judgeButton.focus()));
        this.#drawJudgeName();
        return h("div.field.judge-field", {}, h("span.label", { id, text: card.judge ?? "Stand-in writer" }), h("div.judge-row", {}, this.judgeButton, this.judgeClear), h("span.hint.small", { id: `${id}-hint`, text: JUDGE_HINTS[card.id] }));
    }

    #drawJudgeName() {
        if (!this.judgeButton) return;
        const { judge } = this.#choices.kept;
        const offered = this.#estimate?.judge;
        fill(this.judgeButton.firstElementChild, judge ? modelName(judge) : offered ? [modelName(offered), h("span.muted", { text: " chosen for you" })] : h("span.muted", { text: "Chosen for you" }));
        this.judgeClear.hidden = !judge;
    }

    async #pickJudge() {
        const { kept, card, seats } = this.#choices;
        const picked = await pickModels({ title: `Who is the ${(card.judge ?? "writer").toLowerCase()}?`, selected: kept.judge ? [kept.judge] : [], multiple: false, max: 1 });
        if (!picked?.[0]) return;
        this.#choose({ judge: picked[0] });
        this.#drawJudgeName();
        this.#drawWarnings(card.id !== "sides" && seats.includes(picked[0]) ? "It sits in the panel too: it may favour its own answer." : undefined);
    }

    #drawAdvanced() {
        const { card, kept } = this.#choices;
        const isLine = card.id === "sides" || card.id === "talk";
        const failure = h("select", { onchange: () => this.#choose({ on_seat_failure: failure.value }) }, h("option", { value: "pause", text: "Wait for me" }), h("option", { value: "conclude", text: "End with what there is" }));
        failure.value = kept.on_seat_failure;
        fill(
            this.advanced.lastElementChild,
            card.judge ? null : this.#judgeField(),
            card.id === "sides" ? this.#agreement() : null,
            card.id === "sides" ? tick({ label: "The judge may end it early", hint: "It is asked after each round whether it has heard enough.", checked: kept.early_stop, onchange: (early_stop) => this.#choose({ early_stop }) }) : null,
            card.id === "revise" ? tick({ label: "Debate even if all agree at the start", checked: kept.always_debate, onchange: (always_debate) => this.#choose({ always_debate }) }) : null,
            card.id === "talk" ? tick({ label: "Sum it up at the end", hint: "Agreed, open, ideas.", checked: kept.summary, onchange: (summary) => this.#choose({ summary }) }) : null,
            tick({ label: "Step by step", hint: "It waits after each step until you let it go on.", checked: kept.step, onchange: (step) => this.#choose({ step }) }),
            isLine ? h("label.field", {}, h("span.label", { text: "If a seat is lost" }), failure) : null,
        );
    }

    #agreement() {
        const id = freshId("agreement");
        const words = (/** @type {number} */ value) => (value < 20 ? "contests every point" : value < 45 ? "firm" : value < 70 ? "fair" : "looks for common ground");
        const output = h("output", { for: id, text: `${this.#choices.kept.agreement}: ${words(this.#choices.kept.agreement)}` });
        const slider = h("input", {
            id, type: "range", min: "0", max: "100", step: "5", ".value": String(this.#choices.kept.agreement),
            oninput: () => (output.textContent = `${slider.value}: ${words(Number(slider.value))}`), onchange: () => this.#choose({ agreement: Number(slider.value) }),
        });
        return h("div.field.agreement-field", {}, h("label.label", { for: id, text: "Willingness to agree" }), slider, output);
    }

    /** @param {string} [more] */
    #drawWarnings(more) {
        const known = this.#choices.seats.length ? this.problem : null;
        // What cannot be started was not reckoned: the last estimate was about something else.
        const told = known ? [] : (this.#estimate?.warnings ?? []).map((/** @type {string} */ text) => this.#named(text));
        const texts = [known, more, ...told].filter(Boolean);
        this.warnings.hidden = texts.length === 0;
        fill(this.warnings, texts.map((text) => h("li", {}, icon(text === known ? "warning" : "info"), h("span", { text }))));
    }

    /** A warning with the models' names in the place of the seats' numbers. @param {string} text */
    #named(text) {
        return text.replace(/^Seats ([\d, and]+) are/, (all, list) => {
            const ids = (list.match(/\d+/g) ?? []).map((/** @type {string} */ number) => this.#choices.seats[Number(number)]);
            const names = [...new Set(ids.map((/** @type {string} */ id) => shortModel(id)))];
            return !ids.every(Boolean) ? all : names.length > 1 ? `${names.join(" and ")} are` : `The seats of ${names[0]} are`;
        });
    }
}
