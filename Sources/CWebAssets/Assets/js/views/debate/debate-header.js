// The debate's head: what it is, how far it has come, what it has cost, and how to steer it.
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { money } from "../../core/format.js";
import { isEnded } from "../../core/run-feed.js";
import { copy } from "../../parts/clipboard.js";
import { openMenu } from "../../parts/menu.js";
import { isOver } from "./facts.js";
import { pauseReason, protocolName, stateWords, statusWord } from "./words.js";
import { showAllAttempts } from "./turn-view.js";

/** A button whose words give way to its picture where there is little room. @param {import("../../core/dom.js").IconName} picture @param {string} label @param {() => void} onclick @param {string} [title] */
const control = (picture, label, onclick, title) => h("button.control", { type: "button", "aria-label": title?.startsWith(label) ? title.split(":")[0] : label, title: title ?? label, onclick }, icon(picture), h("span.control-label", { text: label }));

export class DebateHeader {
    /** @param {import("./commands.js").Commands} commands @param {{exportMarkdown: () => void}} acts */
    constructor(commands, acts) {
        this.commands = commands;
        this.acts = acts;
        this.title = h("h3.debate-title");
        this.state = h("span.badge");
        this.meter = h("div.cost-meter", { role: "meter", "aria-label": "Cost so far", "aria-valuemin": "0" }, h("span.cost-words"), h("span.cost-track", {}, h("span.cost-fill")));
        this.controls = {
            pause: control("pause", "Pause", commands.pause, "Wait after the step under way"),
            resume: control("play", "Resume", commands.resume),
            step: control("step", "Step", commands.step, "Make one step, and wait"),
            conclude: control("flag", "Conclude", commands.conclude, "Conclude now: come to an end with what there is"),
            stop: control("stop", "Stop", commands.stop, "End at once; what came is kept"),
        };
        this.menu = iconButton("more", "More about this debate", (event) => this.#menu(/** @type {any} */ (event.currentTarget)));
        this.element = h(
            "header.debate-head", {}, h("h2.visually-hidden", { text: "Debate" }),
            h("div.debate-name", {}, icon("scales"), this.title, this.state),
            this.meter,
            h("div.debate-controls", {}, Object.values(this.controls), this.menu),
        );
    }

    /** @param {any} run @param {import("../../core/run-feed.js").Turn[]} turns @param {string} connection */
    update(run, turns, connection) {
        const ended = isEnded(run.status);
        this.element.classList.toggle("is-running", !ended);
        this.title.textContent = protocolName(run.settings.protocol);
        const kind = ended ? run.status : connection === "reconnecting" ? "warning" : run.paused ? "warning" : "in_progress";
        this.state.className = `badge ${kind}`;
        const words = ended ? statusWord(run.status) : connection === "reconnecting" ? "Connection lost, trying again" : stateWords(run, turns);
        if (this.state.textContent !== words || this.state.kind !== kind) {
            this.state.kind = kind;
            fill(this.state, kind === "in_progress" ? h("span.dot.running-dot") : null, words);
        }
        this.#cost(run, turns.some(isOver));
        const { pause, resume, step, conclude, stop } = this.controls;
        // What a button did may hide it: then the focus goes to the one in its place.
        const held = document.activeElement;
        const isLost = pauseReason(run) === "seat_failed" && run.paused;
        pause.hidden = ended || run.paused;
        resume.hidden = ended || !run.paused || isLost;
        step.hidden = ended || isLost;
        conclude.hidden = ended || Boolean(run.settings.concluding);
        stop.hidden = ended;
        for (const button of Object.values(this.controls)) button.disabled = this.commands.isBusy && button !== held;
        if (held instanceof HTMLElement && held.hidden && this.element.contains(held)) {
            (held === pause && !resume.hidden ? resume : held === resume && !pause.hidden ? pause : this.menu).focus();
        }
    }

    /** @param {any} run @param {boolean} hasCost whether a call has ended: before, nothing was spent */
    #cost(run, hasCost) {
        const cap = run.settings.max_cost != null ? Number(run.settings.max_cost) : null;
        const cost = run.cost === null || run.cost === undefined ? (hasCost ? null : 0) : Number(run.cost);
        const state = `${cap}|${cost}`;
        if (this.costState === state) return;
        this.costState = state;
        const words = cap === null ? money(cost) : `${cost === null ? "cost unknown" : money(cost)} of ${money(cap)}`;
        this.meter.firstElementChild.textContent = words;
        const share = cap && cost !== null ? Math.min(1, cost / cap) : 0;
        this.meter.lastElementChild.hidden = cap === null;
        this.meter.lastElementChild.firstElementChild.style.inlineSize = `${share * 100}%`;
        this.meter.classList.toggle("is-near", share > 0.8);
        this.meter.setAttribute("aria-valuemax", String(cap ?? Math.max(1, cost ?? 1)));
        this.meter.setAttribute("aria-valuenow", String(cost ?? 0));
        this.meter.setAttribute("aria-valuetext", words);
    }

    /** @param {HTMLElement} button */
    #menu(button) {
        const { commands } = this;
        const { run } = commands.feed;
        const length = { sides: "Extend by a round…", revise: "Extend by a round…", talk: "Extend by some turns…" }[/** @type {string} */ (run.settings.protocol)] ?? "Raise the cap…";
        const judge = { sides: "Judge again with…", council: "Write the final answer again with…", fusion: "Fuse again with…", talk: "Sum up again with…" }[/** @type {string} */ (run.settings.protocol)] ?? "Write it again with…";
        openMenu(button, [
            ...(commands.canExtend ? [{ label: length, icon: /** @type {"plus"} */ ("plus"), run: () => commands.extend() }] : []),
            ...(commands.canJudgeAgain ? [{ label: judge, icon: /** @type {"scales"} */ ("scales"), run: () => void commands.judgeAgain() }] : []),
            { label: "Export Markdown", icon: "download", run: this.acts.exportMarkdown },
            { label: "Copy link", icon: "link", run: () => copyLink(run) },
            null,
            { label: "Attempts and cost", icon: "info", run: () => showAllAttempts(run) },
        ]);
    }
}

/** @param {any} run */
const copyLink = (run) => copy(`${location.origin}/c/${run.conversation}?m=${run.input_message}`, "Link copied");
