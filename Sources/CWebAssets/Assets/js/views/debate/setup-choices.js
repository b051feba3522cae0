// What a person has chosen for their debates, kept for the next one; and the request that it makes.
import { recall, remember } from "../../core/remember.js";
import { LENGTHS } from "./commands.js";
import { protocolCard } from "./protocols.js";

const STANDARD = {
    protocol: "vote", rounds: /** @type {Record<string, number>} */ ({}), judge: /** @type {string|null} */ (null), early_stop: true, agreement: 30,
    always_debate: false, summary: true, step: false, on_seat_failure: "pause", max_cost: "", personas: /** @type {string[]} */ ([]),
};

export class SetupChoices {
    /** Positions belong to one question: they are not kept. @type {string[]} */
    sides = [];
    /** @type {string[]} */
    seats = [];

    constructor() {
        this.kept = { ...STANDARD, ...recall("debate.setup", {}) };
    }

    /** @param {Partial<typeof STANDARD>} more */
    set(more) {
        Object.assign(this.kept, more);
        remember("debate.setup", this.kept);
    }

    get card() {
        return protocolCard(this.kept.protocol);
    }

    /** Rounds or turns that are asked for. */
    get length() {
        const length = LENGTHS[this.card.id];
        return length ? Math.min(length.most, this.kept.rounds[this.card.id] ?? length.usual) : null;
    }

    /** @param {number} value */
    set length(value) {
        this.set({ rounds: { ...this.kept.rounds, [this.card.id]: Number(value) } });
    }

    /** @returns {any} the request's members; null if nothing can be asked */
    get body() {
        const { kept, card, seats } = this;
        if (seats.length < 2) return null;
        const length = LENGTHS[card.id];
        /** @type {any} */
        const debate = { protocol: card.id };
        if (length) debate[length.member] = this.length;
        if (kept.judge) debate.judge = { model: kept.judge };
        if (card.id === "sides") Object.assign(debate, { early_stop: kept.early_stop, agreement: kept.agreement });
        if (card.id === "revise" && kept.always_debate) debate.always_debate = true;
        if (card.id === "talk") debate.summary = kept.summary;
        if (kept.step) debate.step = true;
        if (card.id === "sides" || card.id === "talk") debate.on_seat_failure = kept.on_seat_failure;
        return {
            debate,
            seats: seats.map((model, index) => ({
                model,
                ...(card.id === "sides" && this.sides[index]?.trim() ? { side: this.sides[index].trim() } : {}),
                ...(card.id === "talk" && kept.personas[index]?.trim() ? { persona: kept.personas[index].trim() } : {}),
            })),
            ...(kept.max_cost ? { max_cost: kept.max_cost } : {}),
        };
    }

    /** Why it cannot be started; null if it can. @returns {string|null} */
    get problem() {
        const { card, seats, kept } = this;
        const [few, many] = card.seats;
        if (seats.length < few) return `Choose ${few} models or more.`;
        if (seats.length > many) return `At most ${many} can take part here: remove ${seats.length - many}, or choose another way to debate.`;
        if (card.id === "sides" && kept.judge && seats.includes(kept.judge)) return "The judge sits in the debate. Choose another judge.";
        if (kept.max_cost && !(Number(kept.max_cost) > 0)) return "The cap must be an amount of dollars, such as 0.50.";
        return null;
    }
}
