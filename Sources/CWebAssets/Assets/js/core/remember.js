// What this browser keeps for a person: choices and drafts, never answers. A browser that keeps nothing is no error.

/** @template Value @param {string} name @param {Value} fallback @returns {Value} */
export function recall(name, fallback) {
    try {
        const text = localStorage.getItem(`plenum.${name}`);
        return text === null ? fallback : JSON.parse(text);
    } catch {
        return fallback;
    }
}

/** @param {string} name @param {any} value undefined forgets it */
export function remember(name, value) {
    try {
        if (value === undefined) localStorage.removeItem(`plenum.${name}`);
        else localStorage.setItem(`plenum.${name}`, JSON.stringify(value));
    } catch {
        // Full, or forbidden by the browser.
    }
}
