// Pictures, texts and PDFs beside a message: how they are read, sent and shown.
import * as api from "../../core/api.js";
import { h, icon, iconButton } from "../../core/dom.js";

/** The most bytes of a file, and the most characters of its text. */
const MAX_BYTES = 20 * 1024 * 1024;
const MAX_TEXT = 400_000;
const PICTURES = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);

/** @typedef {{name: string, kind: "image"|"text", part: any}} Attachment `part` as the API takes it */

/** A text file becomes words of the message, marked so that the page knows them again. @param {string} name @param {string} text */
function textPart(name, text) {
    let fence = "````";
    while (text.includes(fence)) fence += "`";
    return { type: "input_text", text: `Attached file: ${name.replace(/[\n\r]/g, " ")}\n\n${fence}\n${text}\n${fence}` };
}

const MARKED = /^Attached file: (.+)\n\n(`{4,})\n([\s\S]*)\n\2$/;

/**
 * Reads a file that a person gave.
 * @param {File} file
 * @returns {Promise<Attachment>}
 * @throws {Error} that says why it cannot be attached
 */
export async function readAttachment(file) {
    if (file.size > MAX_BYTES) throw new Error(`${file.name} has over 20 MB.`);
    if (PICTURES.has(file.type)) {
        return { name: file.name, kind: "image", part: { type: "input_image", image_url: await dataURL(file), filename: file.name } };
    }
    if (file.type.startsWith("image/")) throw new Error(`${file.name}: pictures may be PNG, JPEG, WebP or GIF.`);
    const text = file.type === "application/pdf" ? await pdfText(file) : await plainText(file);
    if (text.length > MAX_TEXT) throw new Error(`${file.name} has over ${MAX_TEXT.toLocaleString("en")} characters of text.`);
    return { name: file.name, kind: "text", part: textPart(file.name, text) };
}

/** @param {File} file @returns {Promise<string>} */
function dataURL(file) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(/** @type {string} */ (reader.result));
        reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
        reader.readAsDataURL(file);
    });
}

/** @param {File} file */
async function plainText(file) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        if (!text.includes("\0")) return text;
    } catch {
        // Not UTF-8: told below.
    }
    throw new Error(`${file.name} is neither a picture nor a text nor a PDF.`);
}

/** The server takes the words out of a PDF. @param {File} file */
async function pdfText(file) {
    const response = await api.send("POST", "/extractions", { file });
    const answer = await response.json();
    if (!answer.text.trim()) throw new Error(`${file.name} holds no text: it may be a scan.`);
    return answer.text;
}

/** What a part of a message shows as, if it is an attachment. @param {any} part @returns {HTMLElement|null} */
export function attachmentOf(part) {
    if (part.type === "input_image") {
        const isOwn = /^data:image\/(png|jpeg|webp|gif);base64,/.test(part.image_url ?? "");
        // A picture from elsewhere would tell its host who reads this: it is named, not loaded.
        if (!isOwn) return h("span.attachment", {}, icon("link"), h("span", { text: part.image_url ?? part.filename ?? "picture" }));
        return h("figure.attachment.picture", {}, h("img", { src: part.image_url, alt: part.filename ?? "attached picture" }));
    }
    if (part.type === "input_file") return h("span.attachment", {}, icon("clip"), h("span", { text: part.filename ?? "file" }));
    const file = part.type === "input_text" ? MARKED.exec(part.text) : null;
    if (!file) return null;
    return h("details.attachment", {}, h("summary", {}, icon("clip"), h("span", { text: file[1] })), h("pre", { text: file[3], tabindex: "0" }));
}

/** What is about to be sent, with a way to take it off. @param {Attachment} attachment @param {() => void} remove @param {string|null} warning */
export function attachmentChip(attachment, remove, warning) {
    return h(
        "span.attachment.pending", { class: warning ? "has-warning" : "", title: warning },
        attachment.kind === "image" ? h("img", { src: attachment.part.image_url, alt: "" }) : icon("clip"),
        h("span", { text: attachment.name }),
        warning ? h("span.small.warning-text", { text: warning }) : null,
        iconButton("close", `Remove ${attachment.name}`, remove, { class: "small" }),
    );
}
