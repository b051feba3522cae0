// What a person says of the answers as a whole, and why.
import { announce } from "../../core/announce.js";
import { h, icon } from "../../core/dom.js";

export class VoteBar {
    #isAsking = false;

    /** @param {import("./compare-block.js").CompareBlock} block */
    constructor(block) {
        this.block = block;
        this.words = h("p.vote-words");
        this.tie = h("button", { type: "button", onclick: () => void block.prefer({ kind: "tie" }) }, icon("scales"), "Tie");
        this.bad = h("button", { type: "button", onclick: () => void block.prefer({ kind: "all_bad" }) }, icon("close"), "All bad");
        this.why = h("button.link", { type: "button", hidden: true, onclick: () => this.#ask(true) });
        this.reason = h("p.vote-reason.muted.small", { hidden: true, dir: "auto" });
        this.field = h("input", { type: "text", maxlength: "2000", "aria-label": "Why", placeholder: "What made the difference?", dir: "auto" });
        this.form = h(
            "form.vote-form", { hidden: true, onsubmit: (/** @type {Event} */ event) => this.#send(event) },
            this.field,
            h("button.primary", { type: "submit", text: "Keep" }),
            h("button.quiet", { type: "button", text: "Cancel", onclick: () => this.#ask(false) }),
        );
        this.form.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
            if (event.key !== "Escape") return;
            event.stopPropagation();
            this.#ask(false);
        });
        this.element = h("div.vote-bar", { role: "group", "aria-label": "Your verdict" },
            h("div.vote-line", {}, this.words, this.tie, this.bad, this.why), this.reason, this.form);
    }

    /** @param {import("./seat-state.js").SeatView[]} views @param {any} preference @param {boolean} isOpen whether a verdict can be given */
    update(views, preference, isOpen) {
        this.element.hidden = !isOpen;
        if (!isOpen) return;
        this.words.textContent = says(views, preference);
        this.tie.setAttribute("aria-pressed", String(preference?.kind === "tie"));
        this.bad.setAttribute("aria-pressed", String(preference?.kind === "all_bad"));
        this.why.hidden = !preference || this.#isAsking;
        this.why.textContent = preference?.reason ? "Change the reason" : "Say why";
        this.reason.hidden = !preference?.reason || this.#isAsking;
        this.reason.textContent = preference?.reason ?? "";
        this.form.hidden = !this.#isAsking;
    }

    /** @param {boolean} isAsking */
    #ask(isAsking) {
        this.#isAsking = isAsking;
        this.block.show();
        if (isAsking) {
            this.field.value = this.block.feed.run.preference?.reason ?? "";
            this.field.focus();
        } else this.why.focus();
    }

    /** @param {Event} event */
    async #send(event) {
        event.preventDefault();
        const { kind, seat } = this.block.feed.run.preference;
        const reason = this.field.value.trim();
        const isKept = await this.block.prefer({ kind, ...(kind === "prefer" ? { seat } : {}), ...(reason ? { reason } : {}) });
        if (!isKept) return;
        this.#ask(false);
        announce("The reason is kept");
    }
}

/** @param {import("./seat-state.js").SeatView[]} views @param {any} preference */
function says(views, preference) {
    if (!preference) return views.some((view) => view.isBlind) ? "Which answer is best? Names are shown once you have said." : "Which answer is best?";
    if (preference.kind === "tie") return "You called it a tie.";
    if (preference.kind === "all_bad") return "You found none of them good.";
    const winner = views.find((view) => view.seat === preference.seat);
    return winner ? `You prefer ${winner.name}.` : "You prefer an answer that is not shown.";
}
