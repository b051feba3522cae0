// Places of the page: the address says what is shown.

/** @typedef {{name: "new"|"conversation"|"usage"|"preferences", id: string|null, query: URLSearchParams}} Place */

/** @type {((place: Place) => void)[]} */
const listeners = [];

/** @returns {Place} */
export function here() {
    const [first, second] = location.pathname.split("/").filter(Boolean);
    const query = new URLSearchParams(location.search);
    if (first === "c" && second) return { name: "conversation", id: second, query };
    if (first === "usage" || first === "preferences") return { name: first, id: null, query };
    return { name: "new", id: null, query };
}

/** Goes to a place. @param {string} path @param {{replace?: boolean, silently?: boolean}} [how] silently: the address alone changes */
export function go(path, { replace = false, silently = false } = {}) {
    if (path !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", path);
    if (!silently) tell();
}

/** @param {(place: Place) => void} listener */
export function onPlace(listener) {
    listeners.push(listener);
}

function tell() {
    const place = here();
    for (const listener of listeners) listener(place);
}

/** Begins: links within the page change the place without loading it anew. */
export function start() {
    addEventListener("popstate", tell);
    document.addEventListener("click", (event) => {
        const link = /** @type {any} */ (event.target).closest?.("a[href^='/']");
        const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
        if (!link || !isPlain || link.target || link.hasAttribute("download") || event.defaultPrevented) return;
        event.preventDefault();
        go(link.getAttribute("href"));
    });
    tell();
}
