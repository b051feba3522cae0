// Copying, which a browser may refuse: then it says so.
import { toast } from "../core/announce.js";

/** Copies a text. @param {string} text @param {string} [said] what is said then */
export async function copy(text, said = "Copied") {
    try {
        await navigator.clipboard.writeText(text);
        toast(said, { seconds: 2 });
    } catch {
        toast("The browser does not let this page copy.", { kind: "error" });
    }
}
