// A debate as a Markdown file: the topic, who sat there, what was said, and what it came to.
import * as api from "../../core/api.js";
import { failed } from "../../core/announce.js";
import { dateTime, money } from "../../core/format.js";
import { saveBlob } from "../../parts/download.js";
import { ballot, current, hasAnswer, isOver, objectIn, reading, seatName, sideLabel, sideOf, spoken, tally, voters } from "./facts.js";
import { methodWords, phaseName, protocolName, reviseRound, statusWord, stopReason } from "./words.js";

/** @typedef {import("../../core/run-feed.js").Turn} Turn */

/** Saves the file on the person's side. @param {any} run @param {Turn[]} turns @param {any} [user] the message that asks */
export async function saveMarkdown(run, turns, user) {
    try {
        const question = user ?? (await api.get(`/conversations/${run.conversation}/items/${run.input_message}`));
        const topic = question.content.map((/** @type {any} */ part) => part.text ?? `(${part.type.replaceAll("_", " ")})`).join("\n\n");
        saveBlob(new Blob([debateMarkdown(run, turns, topic)], { type: "text/markdown;charset=utf-8" }), `${fileName(topic)}.md`);
    } catch (error) {
        failed(error, "It could not be exported");
    }
}

/** @param {string} topic */
const fileName = (topic) => `debate-${topic.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 48) || "export"}`;

/** Text within a line: what would be read as markup there is marked. @param {any} text */
const inline = (text) => String(text ?? "").replace(/\s+/g, " ").replace(/[\\`*_[\]<>|]/g, "\\$&").trim();
/** @param {string} text */
const quote = (text) => text.split("\n").map((line) => `> ${line}`).join("\n");

/** @param {any} run @param {Turn[]} turns @param {string} topic */
export function debateMarkdown(run, turns, topic) {
    const parts = [
        `# ${protocolName(run.settings.protocol)}: ${inline(topic).slice(0, 120)}`,
        quote(topic),
        facts(run),
        seats(run, turns),
        ...steps(run, turns),
        ...rankings(run, turns),
        ...verdict(run),
        ...outcome(run, turns),
    ];
    return `${parts.filter(Boolean).join("\n\n")}\n`;
}

/** @param {any} run */
function facts(run) {
    const { settings } = run;
    const lines = [
        `- State: ${statusWord(run.status).toLowerCase()}${run.stop_reason ? `. ${stopReason(run.stop_reason, settings.protocol)}` : ""}`,
        `- Begun: ${dateTime(run.created_at)}`,
        `- Cost: ${money(run.cost)}${settings.max_cost ? ` of at most ${money(settings.max_cost)}` : ""}`,
        settings.judge && settings.protocol !== "vote" ? `- ${{ council: "Chair", fusion: "Written by", talk: "Clerk", revise: "Clerk" }[/** @type {string} */ (settings.protocol)] ?? "Judge"}: ${inline(settings.judge.model)}` : "",
        `- Run: \`${run.id}\``,
    ];
    return lines.filter(Boolean).join("\n");
}

/** @param {any} run @param {Turn[]} turns */
function seats(run, turns) {
    const line = (/** @type {any} */ seat) => {
        const side = sideOf(run, turns, seat.seat);
        return `${seat.seat + 1}. **${inline(seat.model)}**${side ? `, ${inline(run.settings.protocol === "sides" ? sideLabel(seat.seat, side) : side)}` : ""}${seat.persona ? ` (${inline(seat.persona)})` : ""}`;
    };
    return `## Seats\n\n${run.seats.map(line).join("\n")}`;
}

/** Everything that was said, in order, under the rounds' headings. @param {any} run @param {Turn[]} turns */
function steps(run, turns) {
    const said = current(run, turns, "answer", "revise", "opening", "rebuttal", "say", "human", "check", "minutes", "chair", "fuse", "clerk", "summary");
    const parts = [];
    let heading = "";
    for (const { turn } of said.sort((one, other) => one.turn.turn - other.turn.turn)) {
        const own = headingOf(run, turn);
        if (own && own !== heading) parts.push(`## ${(heading = own)}`);
        if (turn.phase === "check") parts.push(check(turn));
        else parts.push(`### ${speaker(run, turn)}`, ...words(turn));
        const votes = tally(run, turn.round);
        const isLast = !said.some((other) => other.turn.turn > turn.turn && other.turn.round === turn.round && other.turn.phase === turn.phase);
        if (isLast && votes.length && ["answer", "revise"].includes(turn.phase)) parts.push(`Votes: ${votes.map((group) => `${inline(group.answer)} ${group.votes} of ${voters(run)}`).join(", ")}.`);
    }
    return parts;
}

/** @param {any} run @param {Turn} turn */
function headingOf(run, turn) {
    switch (turn.phase) {
        case "answer": case "revise": return run.settings.protocol === "revise" ? reviseRound(turn.round) : "Answers";
        case "opening": return "Round 1: openings";
        case "rebuttal": return `Round ${turn.round}: rebuttals`;
        case "say": return "Conversation";
        case "human": case "check": case "minutes": return "";
        default: return phaseName(turn.phase);
    }
}

/** @param {any} run @param {Turn} turn */
function speaker(run, turn) {
    if (turn.phase === "human") return "You";
    if (turn.seat === null) return inline(turn.model ?? phaseName(turn.phase));
    return `${inline(seatName(run, turn.seat))}${turn.side ? ` (${inline(sideLabel(turn.seat, turn.side))})` : ""}${turn.conceded ? ", gives in" : ""}`;
}

/** @param {Turn} turn */
function words(turn) {
    const gist = [
        turn.answer ? `**Answer:** ${inline(turn.answer)}` : turn.answer === null && turn.phase !== "human" ? "**Answer:** cannot be counted" : "",
        turn.confidence != null ? `${turn.confidence} % sure` : "",
        isOver(turn) && turn.changed ? "changed" : "",
        isOver(turn) && turn.unexplained ? "followed the majority without a reason" : "",
        turn.because ? `because: ${inline(turn.because)}` : "",
    ].filter(Boolean).join(" · ");
    const state = isOver(turn) && turn.status !== "completed" ? `*${statusWord(turn.status)}${turn.error?.message ? `: ${inline(turn.error.message)}` : ""}*` : "";
    return [gist, spoken(turn).trim(), state].filter(Boolean);
}

/** @param {Turn} turn */
function check(turn) {
    const said = objectIn(turn.text, "decided");
    if (!said) return "*The judge was asked whether it had heard enough; the debate went on.*";
    return `*The judge ${said.decided ? "has heard enough" : "wants to hear more"}${said.why ? `: ${inline(said.why)}` : ""}*`;
}

/** @param {any} run @param {Turn[]} turns */
function rankings(run, turns) {
    if (!turns.some((turn) => turn.phase === "rank")) return [];
    const members = current(run, turns, "answer").filter(({ turn }) => hasAnswer(turn)).map(({ turn }) => /** @type {number} */ (turn.seat)).sort((one, other) => one - other);
    const row = (/** @type {number} */ seat) => {
        const own = ballot(run, turns, seat);
        const places = members.map((other) => (other === seat ? "–" : own.state === "valid" ? String(own.ranking.indexOf(other) + 1) : "not counted"));
        return `| ${inline(seatName(run, seat))} | ${places.join(" | ")} |`;
    };
    const means = (run.result?.scores ?? []).map((/** @type {any} */ score) => `${inline(seatName(run, score.seat))} ${score.mean_rank ?? "–"}`);
    return [
        "## Rankings",
        [`| Ballot of | ${members.map((seat) => inline(seatName(run, seat))).join(" | ")} |`, `|---|${members.map(() => "---:|").join("")}`, ...members.map(row)].join("\n"),
        means.length ? `Mean places, best first: ${means.join(", ")}.` : "",
    ];
}

/** @param {any} run */
function verdict(run) {
    const { result } = run;
    if (run.settings.protocol !== "sides" || !result?.method) return [];
    const name = (/** @type {any} */ winner) => (winner === "tie" ? "a tie" : inline(seatName(run, winner)));
    const read = (result.verdicts ?? []).map((/** @type {any} */ told) => reading(run, told));
    const scores = (/** @type {any} */ one) => one.scores.map((/** @type {any} */ entry) => `- Side ${entry.seat + 1}: ${Object.entries(entry.score).map(([what, value]) => `${inline(what)} ${value}`).join(", ")}`).join("\n");
    return [
        "## Verdict",
        result.method === "judge" ? `**${result.winner === "tie" ? "A tie" : `Winner: ${name(result.winner)}`}.** Both orders agreed.` : result.method === "split" ? "**Split: the two readings disagree.** Nobody has won." : "**No verdict could be read.**",
        result.answer ? String(result.answer) : "",
        ...read.flatMap((/** @type {any} */ one) => [
            `### ${one.order === "swapped" ? "Read with the sides swapped" : "Read as spoken"}: ${name(one.winner)}`,
            one.decisive, one.answer ? `Answer: ${one.answer}` : "", scores(one),
            one.errors.length ? `Errors it found:\n\n${one.errors.map((/** @type {string} */ text) => `- ${text}`).join("\n")}` : "",
            one.unresolved.length ? `Left open:\n\n${one.unresolved.map((/** @type {string} */ text) => `- ${text}`).join("\n")}` : "",
        ]),
    ];
}

/** @param {any} run @param {Turn[]} turns */
function outcome(run, turns) {
    const { result } = run;
    if (!result) return [];
    const isVoted = ["unanimous", "plurality", "single"].includes(result.method);
    const speaker = turns.find((turn) => turn.message === result.message);
    const lines = [
        run.settings.protocol === "sides" ? "" : `- ${methodWords(result.method)}${isVoted && result.answer && run.settings.protocol !== "fusion" ? `: **${inline(result.answer)}**` : speaker?.model ? ` (${inline(speaker.model)})` : ""}`,
        result.baseline ? `- A plain vote over the first answers would have said: **${inline(result.baseline.answer)}** (${result.baseline.votes} of ${result.baseline.of})` : "",
        ...(result.failed_seats ?? []).map((/** @type {any} */ seat) => `- ${inline(seatName(run, seat.seat))}: ${statusWord(seat.status).toLowerCase()}${seat.error?.message ? `, ${inline(seat.error.message)}` : ""}`),
        ...(result.substituted_seats ?? []).map((/** @type {any} */ seat) => `- ${inline(seat.model)} was replaced by ${inline(seat.by)}`),
        result.quorum ? `- ${result.quorum.answered} of ${result.quorum.of} seats took part` : "",
    ].filter(Boolean);
    return lines.length ? ["## Outcome", lines.join("\n")] : [];
}
