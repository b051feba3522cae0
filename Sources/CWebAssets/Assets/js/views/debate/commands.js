// What a person can tell a debate to do.
import { announce, failed, toast } from "../../core/announce.js";
import { h } from "../../core/dom.js";
import { isEnded } from "../../core/run-feed.js";
import { openDialog } from "../../parts/dialog.js";
import { pickModels } from "../picker/model-picker.js";
import { stepper } from "./fields.js";

/** Rounds or turns that a protocol can have in all, and has where nothing is said. @type {Record<string, {member: "rounds"|"turns", one: string, most: number, usual: number}>} */
export const LENGTHS = {
    sides: { member: "rounds", one: "round", most: 5, usual: 2 },
    revise: { member: "rounds", one: "round", most: 4, usual: 1 },
    talk: { member: "turns", one: "turn", most: 40, usual: 8 },
};

const JUDGED = new Set(["judge", "chair", "fuse", "clerk", "summary"]);

export class Commands {
    #isBusy = false;

    /** @param {import("../../core/run-feed.js").RunFeed} feed @param {() => void} onbusy called when a command begins and ends */
    constructor(feed, onbusy) {
        this.feed = feed;
        this.onbusy = onbusy;
    }

    get isBusy() {
        return this.#isBusy;
    }

    /** Sends a command; one at a time, since the second would be about a state that is gone. @param {string} name @param {any} [body] @param {string} [said] told to assistive technology */
    async send(name, body, said) {
        if (this.#isBusy) return false;
        this.#isBusy = true;
        this.onbusy();
        try {
            await this.feed.command(name, body);
            if (said) announce(said);
            return true;
        } catch (error) {
            failed(error);
            return false;
        } finally {
            this.#isBusy = false;
            this.onbusy();
        }
    }

    stop = () => this.send("cancel", {}, "Stopped");
    pause = () => this.send("pause", {}, "Pauses after this step");
    resume = () => this.send("resume", {}, "Goes on");
    step = () => this.send("step", {}, "One step more");
    conclude = () => this.send("conclude", {}, "Comes to its end");

    /** @param {string} input */
    say = (input) => this.send("say", { input }, "Said. It is heard at the next turn.");

    /** @param {number} seat */
    retry = (seat) => this.send(`seats/${seat}/retry`, {}, "Asked again");

    /** @param {number} seat */
    async replace(seat) {
        const own = this.feed.run.seats.find((/** @type {any} */ other) => other.seat === seat);
        const picked = await pickModels({ title: "Replace the model of this seat", selected: own ? [own.model] : [], multiple: false, max: 1 });
        if (picked?.[0]) await this.send(`seats/${seat}/retry`, { model: picked[0] }, "Replaced");
    }

    /** Goes on without a seat. @param {number} seat */
    async goOnWithout(seat) {
        if (await this.send(`seats/${seat}/cancel`)) await this.resume();
    }

    /** Whether there is somebody who could judge, write or sum up again. */
    get canJudgeAgain() {
        const { run, turns } = this.feed;
        return run !== null && isEnded(run.status) && [...turns.values()].some((turn) => turn.seat === null && JUDGED.has(turn.phase));
    }

    async judgeAgain() {
        const { run } = this.feed;
        const isSides = run.settings.protocol === "sides";
        const picked = await pickModels({ title: isSides ? "Who judges again?" : "Who writes it again?", selected: run.settings.judge ? [run.settings.judge.model] : [], multiple: false, max: 1 });
        if (!picked?.[0]) return;
        // Nobody judges a debate that it took part in.
        if (isSides && run.seats.some((/** @type {any} */ seat) => seat.model === picked[0])) return void toast("This model sits in the debate. Choose another one as its judge.", { kind: "error" });
        await this.send("judge", { model: picked[0] }, "Judged again");
    }

    /** How many more rounds or turns there may be. */
    get room() {
        const length = LENGTHS[this.feed.run.settings.protocol];
        return length ? Math.max(0, length.most - (this.feed.run.settings[length.member] ?? length.usual)) : 0;
    }

    /** Whether more of it can be had: rounds, turns, or money where that ran out. */
    get canExtend() {
        const { run } = this.feed;
        return run !== null && run.status !== "interrupted" && (this.room > 0 || (run.settings.max_cost != null && run.stop_reason === "budget"));
    }

    /** Asks how much more. */
    extend() {
        const { run } = this.feed;
        const length = LENGTHS[run.settings.protocol];
        const { room } = this;
        const cap = run.settings.max_cost != null ? Number(run.settings.max_cost) : null;
        const usual = length?.member === "turns" ? Math.min(4, room) : Math.min(1, room);
        const more = room > 0 ? stepper({ label: length.member === "turns" ? "More turns" : "More rounds", value: usual, least: cap === null ? 1 : 0, most: room }) : null;
        const money = cap === null ? null : h("input", { type: "number", min: String(cap), step: "0.05", inputmode: "decimal", ".value": String(cap) });
        const go = async (/** @type {Event} */ event) => {
            event.preventDefault();
            /** @type {any} */
            const body = {};
            if (more?.value) body[length.member] = more.value;
            if (money && Number(money.value) > /** @type {number} */ (cap)) body.max_cost = money.value;
            if (!Object.keys(body).length) return void (problem.textContent = "Choose more of it, or a higher cap.");
            dialog.close();
            await this.send("extend", body, "Extended");
        };
        const problem = h("p.error-text.small", { role: "alert" });
        const dialog = openDialog(
            "Extend the debate", { class: "small" },
            h("form.stack", { novalidate: true, onsubmit: go },
                more?.element ?? null,
                money ? h("label.field", {}, h("span.label", { text: "Cap in dollars, in all" }), money, h("span.hint", { text: `It is $${cap} now. What was spent counts.` })) : null,
                run.settings.protocol === "sides" && isEnded(run.status) ? h("p.small.muted", { text: "The verdict is given anew, over all rounds." }) : null,
                problem,
                h("div.dialog-actions", {}, h("button", { type: "button", text: "Cancel", onclick: () => dialog.close() }), h("button.primary", { type: "submit", text: "Extend" })),
            ),
        );
    }
}
