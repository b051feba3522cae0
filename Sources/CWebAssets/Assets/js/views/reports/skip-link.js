// The page's first link leads past the drawer, to what the page is about: here that is no message field.

/** Lets it lead elsewhere. @param {string} id @param {string} text @returns {() => void} puts it back */
export function leadSkipLink(id, text) {
    const link = /** @type {HTMLAnchorElement|null} */ (document.querySelector(".skip-link"));
    if (!link) return () => {};
    const before = { href: link.getAttribute("href") ?? "", text: link.textContent };
    link.setAttribute("href", `#${id}`);
    link.textContent = text;
    return () => {
        link.setAttribute("href", before.href);
        link.textContent = before.text;
    };
}
