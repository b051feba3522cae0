// Files from the server, and from the page itself, saved by the browser.
import * as api from "../core/api.js";
import { failed } from "../core/announce.js";

/** Saves something under a name. @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    // The browser needs it until it has begun to write.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The name that the server gives a file. @param {Response} response @param {string} spare */
function nameOf(response, spare) {
    const told = response.headers.get("content-disposition") ?? "";
    const coded = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1];
    try {
        if (coded) return decodeURIComponent(coded);
    } catch {
        // Then the plain one.
    }
    return /filename="([^"]+)"/i.exec(told)?.[1] ?? spare;
}

/**
 * Fetches a file and saves it; by fetch and not by a link, as the server may want its key.
 * @param {string} path below /v1
 * @param {string} spare the name if the server gives none
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>}
 */
export async function download(path, spare, signal) {
    try {
        const response = await api.send("GET", path, { signal });
        saveBlob(await response.blob(), nameOf(response, spare));
        return true;
    } catch (error) {
        failed(error, "Not saved");
        return false;
    }
}
