// Taking conversations along, and bringing them in from elsewhere.
import * as api from "../../core/api.js";
import { announce } from "../../core/announce.js";
import { fill, h, icon } from "../../core/dom.js";
import { plural } from "../../core/format.js";
import { conversationsChanged } from "../../core/store.js";
import { openDialog } from "../../parts/dialog.js";
import { download } from "../../parts/download.js";
import { conversationsFile } from "./unzip.js";

/** Opens the dialog of export and import. */
export function openPortabilityDialog() {
    const abort = new AbortController();
    openDialog("Export and import", { class: "portability", onclose: () => abort.abort() }, exportPart(abort.signal), importPart(abort.signal));
}

/** @param {AbortSignal} signal */
function exportPart(signal) {
    const state = h("span.muted.small", { role: "status" });
    const button = h("button", { type: "button", onclick: async () => {
        button.disabled = true;
        state.textContent = "Collecting everything…";
        const isSaved = await download("/export", "plenum-export.json", signal);
        button.disabled = false;
        state.textContent = isSaved ? "Saved." : "";
    } }, icon("download"), h("span", { text: "Save all conversations" }));
    return h(
        "section.portability-part", { "aria-labelledby": "export-title" },
        h("h3", { id: "export-title", text: "Export" }),
        h("p.small", { text: "One JSON file with every conversation, all its branches and what each answer cost. Any Plenum reads it. A single conversation is saved by its menu in the list, also as Markdown." }),
        h("div.row", {}, button, state),
    );
}

/** @param {AbortSignal} signal */
function importPart(signal) {
    const input = h("input", { type: "file", accept: ".json,.zip,application/json,application/zip", class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
    const result = h("div.import-progress", { hidden: true });
    const button = h("button", { type: "button", text: "Choose a file", onclick: () => input.click() });
    const drop = h("div.file-drop", {}, h("span", { text: "Drop a file here, or" }), button, input, h("span.muted", { text: ".json or .zip" }));
    const take = async (/** @type {File|undefined} */ file) => {
        if (!file || drop.hidden) return;
        drop.hidden = true;
        result.hidden = false;
        await importFile(file, result, signal);
        drop.hidden = false;
        result.scrollIntoView({ block: "nearest" });
        input.value = "";
        button.textContent = "Choose another file";
    };
    input.addEventListener("change", () => take(input.files[0]));
    drop.addEventListener("dragover", (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (/** @type {DragEvent} */ event) => {
        event.preventDefault();
        drop.classList.remove("over");
        take(event.dataTransfer?.files[0]);
    });
    return h(
        "section.portability-part", { "aria-labelledby": "import-title" },
        h("h3", { id: "import-title", text: "Import" }),
        h("p.small", { text: "A file that Plenum exported, or the conversations.json of ChatGPT or Claude, or the archive it came in. What is here already stays as it is; the same file can be imported again." }),
        drop, result,
    );
}

/** @param {File} file @param {HTMLElement} place @param {AbortSignal} signal */
async function importFile(file, place, signal) {
    const stop = new AbortController();
    const bar = h("progress", { "aria-label": "Import" });
    const state = h("p.small", { text: `Reading ${file.name}…` });
    fill(place, state, bar, h("div.dialog-actions", {}, h("button", { type: "button", text: "Stop", onclick: () => stop.abort() })));
    try {
        const both = AbortSignal.any([signal, stop.signal]);
        const body = await conversationsFile(file);
        const told = await upload(body, both, (part) => {
            if (part < 1) bar.value = part;
            else bar.removeAttribute("value");
            state.textContent = part < 1 ? `Sending ${file.name}…` : "The server reads it. This may take a while.";
        });
        showCounts(place, told);
        conversationsChanged();
    } catch (error) {
        const isStopped = /** @type {any} */ (error).name === "AbortError";
        fill(place, h("p", { class: isStopped ? "muted" : "error-text", role: "alert", text: isStopped ? "Stopped. What was read so far is here; import the file again to go on." : /** @type {any} */ (error).message }));
        if (isStopped) conversationsChanged();
    }
}

/**
 * Sends a file; not by fetch, which tells nothing of how far it has come.
 * @param {Blob} body @param {AbortSignal} signal @param {(part: number) => void} onprogress
 * @returns {Promise<any>}
 */
function upload(body, signal, onprogress) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", "/v1/import");
        request.setRequestHeader("Content-Type", "application/json");
        const used = api.key.get();
        if (used) request.setRequestHeader("Authorization", `Bearer ${used}`);
        request.responseType = "json";
        request.upload.onprogress = (event) => event.lengthComputable && onprogress(event.loaded / event.total);
        request.upload.onload = () => onprogress(1);
        request.onload = () => {
            if (request.status < 300 && request.response) resolve(request.response);
            else reject(new api.ApiError(request.status, request.response?.error ?? {}));
        };
        request.onerror = () => reject(new api.ApiError(0, {}));
        request.onabort = () => reject(new DOMException("Stopped", "AbortError"));
        signal.addEventListener("abort", () => request.abort());
        if (signal.aborted) request.onabort(/** @type {any} */ (null));
        else request.send(body);
    });
}

const SOURCES = /** @type {Record<string, string>} */ ({ plenum: "Plenum", chatgpt: "ChatGPT", claude: "Claude" });

/** @param {HTMLElement} place @param {any} told as POST /v1/import answers */
function showCounts(place, told) {
    const { added, updated, unchanged, failed } = told.conversations;
    const number = (/** @type {number} */ value, /** @type {string} */ name) => h("div", {}, h("dt", { text: name }), h("dd", { text: value.toLocaleString("en") }));
    const errors = told.errors ?? [];
    fill(
        place,
        h("p.small", { text: `From ${SOURCES[told.format] ?? told.format}: ${plural(told.messages.added, "message")} came in${told.messages.skipped ? `, ${told.messages.skipped} were here already or are left out` : ""}.` }),
        h("dl.import-counts", {}, number(added, "added"), number(updated, "updated"), number(unchanged, "unchanged"), number(failed, "failed")),
        errors.length ? h("ul.import-errors", { tabindex: "0", "aria-label": "Conversations that failed" }, errors.map((/** @type {any} */ error) => h("li", {}, h("strong", { text: error.conversation || "Untitled" }), `: ${error.message}`))) : null,
    );
    announce(`Imported: ${added} added, ${updated} updated, ${failed} failed.`);
}
