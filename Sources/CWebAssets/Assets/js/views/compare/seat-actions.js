// What can be done with one seat, or with all: the commands to the server, and the menu that offers them.
import { failed, toast } from "../../core/announce.js";
import { favourites, noteUse, toggleFavourite } from "../../core/store.js";
import { plainText } from "../../md/markdown.js";
import { showAttempts } from "../../parts/answer-footer.js";
import { openMenu } from "../../parts/menu.js";
import { pickModels } from "../picker/model-picker.js";
import { copy } from "../../parts/clipboard.js";
import { asMarkdown } from "./seat-state.js";

/** @typedef {import("./compare-block.js").CompareBlock} CompareBlock */
/** @typedef {import("./seat-state.js").SeatView} SeatView */

/** The most seats that the server takes. */
export const SEAT_LIMIT = 16;

/** Sends a command to the block's run, and shows it if that fails. @param {CompareBlock} block @param {string} name @param {any} [body] */
export async function tell(block, name, body) {
    try {
        return await block.feed.command(name, body);
    } catch (error) {
        failed(error);
        // The run may have gone on without this page: what it shows is brought up to date.
        block.feed.refresh().catch(() => {});
        return null;
    }
}

/** @param {CompareBlock} block @param {number} seat */
export const stopSeat = (block, seat) => tell(block, `seats/${seat}/cancel`);

/** @param {CompareBlock} block @param {number} seat @param {string} [model] */
export function retrySeat(block, seat, model) {
    if (model) noteUse([model]);
    return tell(block, `seats/${seat}/retry`, model ? { model } : {});
}

/** @param {CompareBlock} block @param {SeatView} view */
export async function retryWith(block, view) {
    const picked = await pickModels({ title: `Who answers in the place of ${view.name}?`, selected: [], multiple: false });
    if (picked?.length) await retrySeat(block, view.seat, picked[0]);
}

/** Takes a seat out of sight, and stops it if it still answers. @param {CompareBlock} block @param {SeatView} view */
export function removeSeat(block, view) {
    if (view.isActive) stopSeat(block, view.seat);
    block.hide(view.seat, true);
    toast(`${view.name} was removed from the view`, { action: "Undo", onaction: () => block.hide(view.seat, false) });
}

/** @param {CompareBlock} block */
export async function addSeats(block) {
    const room = SEAT_LIMIT - block.feed.run.seats.length;
    const picked = await pickModels({ title: "Who answers as well?", selected: [], multiple: true, max: room });
    for (const model of picked ?? []) await tell(block, "seats", { model });
    if (picked?.length) noteUse(picked);
}

/** @param {CompareBlock} block */
export const copyAll = (block) => copy(asMarkdown(block.seats, block.question));

/** @param {CompareBlock} block @param {HTMLElement} button @param {number} seat */
export function openSeatMenu(block, button, seat) {
    const view = block.seats.find((one) => one.seat === seat);
    if (!view) return;
    const text = view.turn?.text ?? "";
    const { model } = view;
    /** @type {(import("../../parts/menu.js").MenuItem | false)[]} */
    const items = [
        view.isActive && { label: "Stop", icon: "stop", run: () => void stopSeat(block, seat) },
        !view.isActive && { label: "Answer again", icon: "retry", run: () => void retrySeat(block, seat) },
        !view.isActive && !view.isBlind && { label: "Answer with another model…", icon: "retry", run: () => void retryWith(block, view) },
        Boolean(text) && { label: "Copy as Markdown", icon: "copy", run: () => void copy(text) },
        Boolean(text) && { label: "Copy as plain text", icon: "copy", run: () => void copy(plainText(text)) },
        null,
        Boolean(view.message) && { label: "Continue from this answer", icon: "fork", run: () => block.continueFrom(view.message) },
        Boolean(model) && {
            label: "Favourite model", checked: favourites().includes(/** @type {string} */ (model)),
            run: () => toggleFavourite(/** @type {string} */ (model)),
        },
        !view.isBlind && { label: "Attempts and cost", icon: "info", run: () => showAttempts(view.attempts) },
        null,
        { label: "Remove", icon: "trash", danger: true, run: () => removeSeat(block, view) },
    ];
    openMenu(button, /** @type {any} */ (items.filter((item) => item !== false)));
}
