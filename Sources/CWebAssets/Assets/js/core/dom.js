// Elements without markup: every node of the page is made here or by the Markdown builder, from names and texts alone.

/**
 * Makes an element.
 * @param {string} name a tag, with classes after dots: "button.primary"
 * @param {Record<string, any>} [props] `on*` are listeners, `class`, `text`, `data` (an object), `aria-*` and other names are
 *   attributes; null, undefined and false are left out; `.name` sets a property
 * @param {...(Node|string|null|undefined|false|Array<any>)} children
 * @returns {any}
 */
export function h(name, props, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = document.createElement(tag || "div");
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(props ?? {})) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
        else if (key.startsWith(".")) element[key.slice(1)] = value;
        else if (key === "class") element.classList.add(...String(value).split(" ").filter(Boolean));
        else if (key === "text") element.textContent = value;
        else if (key === "data") Object.assign(element.dataset, value);
        else element.setAttribute(key, value === true ? "" : String(value));
    }
    element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Puts other children into an element. */
export function fill(element, ...children) {
    element.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/**
 * Brings an element's children to the order of some items, keeping those that are there.
 * @template Item
 * @param {Element} parent
 * @param {Item[]} items
 * @param {(item: Item) => string} key
 * @param {(item: Item) => Element} create
 * @param {(element: any, item: Item) => void} [update]
 */
export function reconcile(parent, items, key, create, update) {
    const old = new Map([...parent.children].map((child) => [/** @type {any} */ (child).dataset.key, child]));
    let place = parent.firstElementChild;
    for (const item of items) {
        const name = key(item);
        let element = old.get(name);
        if (element) old.delete(name);
        else {
            element = create(item);
            /** @type {any} */ (element).dataset.key = name;
        }
        update?.(element, item);
        if (element === place) place = place.nextElementSibling;
        else parent.insertBefore(element, place);
    }
    for (const gone of old.values()) gone.remove();
}

const SVG = "http://www.w3.org/2000/svg";

/** Strokes of 24 x 24, one path each. */
const ICONS = {
    menu: "M4 7h16M4 12h16M4 17h10",
    plus: "M12 5v14M5 12h14",
    search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14M20 20l-4-4",
    send: "M12 19V5M6 11l6-6 6 6",
    stop: "M7 7h10v10H7z",
    close: "M6 6l12 12M18 6L6 18",
    copy: "M9 9h10v10H9zM5 15V5h10",
    check: "M5 12l5 5 9-10",
    retry: "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5",
    edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
    pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
    archive: "M4 5h16v4H4zM6 9v10h12V9M10 13h4",
    more: "M6 12a1 1 0 1 0-.01 0M13 12a1 1 0 1 0-.01 0M20 12a1 1 0 1 0-.01 0",
    left: "M15 5l-7 7 7 7",
    right: "M9 5l7 7-7 7",
    down: "M5 9l7 7 7-7",
    up: "M5 15l7-7 7 7",
    fork: "M7 5v6a4 4 0 0 0 4 4h2a4 4 0 0 1 4 4M7 11v8M17 5v4",
    star: "M12 4l2.5 5.2 5.5.7-4 3.9 1 5.7-5-2.8-5 2.8 1-5.7-4-3.9 5.5-.7z",
    clip: "M8 12l6-6a3 3 0 0 1 4 4l-8 8a5 5 0 0 1-7-7l7-7",
    sliders: "M4 7h9M17 7h3M13 5v4M4 17h3M11 17h9M7 15v4",
    eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6M12 9.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5",
    mask: "M4 8c4-2 12-2 16 0 0 5-3 8-5 8s-2-2-3-2-1 2-3 2-5-3-5-8M8 10.5h2M14 10.5h2",
    scales: "M12 5v14M8 19h8M5 8h14M5 8l-2 6h4zM19 8l-2 6h4z",
    merge: "M6 4v4a4 4 0 0 0 4 4h8M6 20v-4a4 4 0 0 1 4-4M15 8l4 4-4 4",
    columns: "M4 5h16v14H4zM12 5v14",
    tabs: "M4 8h16v11H4zM4 8V5h6v3",
    stack: "M4 5h16v6H4zM4 13h16v6H4z",
    link: "M9 15l6-6M10 7l2-2a4 4 0 0 1 6 6l-2 2M14 17l-2 2a4 4 0 0 1-6-6l2-2",
    pause: "M8 5v14M16 5v14",
    play: "M7 5l11 7-11 7z",
    step: "M6 5l9 7-9 7zM18 5v14",
    flag: "M6 21V4h11l-2 4 2 4H6",
    chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
    info: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16M12 11v5M12 8h.01",
    warning: "M12 4l9 16H3zM12 10v4M12 17h.01",
    download: "M12 4v11M7 10l5 5 5-5M5 20h14",
    key: "M8 12a4 4 0 1 1 0 .01M12 12h9M18 12v3M15 12v2",
    keyboard: "M3 7h18v10H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
    sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8M12 3v2M12 19v2M3 12h2M19 12h2M6 6l1 1M17 17l1 1M6 18l1-1M17 7l1-1",
    chat: "M4 5h16v11H10l-5 4v-4H4z",
    thumbs: "M8 11l3-7c2 0 2.5 1.500 2 3l-.5 3H18c1.500 0 2 1 1.700 2.300l-1.500 6c-.3 1-1 1.700-2 1.700H8zM8 11H5v9h3",
};

/** @typedef {keyof typeof ICONS} IconName */

/** A picture by its name; decoration, hidden from assistive technology. @param {IconName} name */
export function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
}

let ids = 0;

/** An id that no other element of the page has. @param {string} prefix */
export const newId = (prefix) => `${prefix}-${(ids += 1)}`;

/** An element of a picture. @param {string} name @param {Record<string, string|number>} attributes @param {...(Node|string)} children */
export function svg(name, attributes, ...children) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.append(...children);
    return element;
}

/** A button that shows a picture and is named by words. @param {IconName} name @param {string} label @param {(event: Event) => void} onclick */
export function iconButton(name, label, onclick, props = {}) {
    return h("button.icon-button", { type: "button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}
