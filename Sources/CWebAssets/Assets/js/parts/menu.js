// Menus that open beside a button: arrows move, Escape closes, focus goes back.
import { h, icon } from "../core/dom.js";

/** @typedef {{label: string, icon?: import("../core/dom.js").IconName, run: () => void, danger?: boolean, checked?: boolean, hint?: string}|null} MenuItem null: a line between */

/**
 * Opens a menu at a button; a second press closes it.
 * @param {HTMLElement} button
 * @param {MenuItem[]} items
 */
export function openMenu(button, items) {
    const open = document.querySelector(".menu[popover]");
    const wasHere = open && /** @type {any} */ (open).opener === button;
    open?.remove();
    if (wasHere) return;
    const menu = h("div.menu", { role: "menu", popover: "auto", "aria-label": button.getAttribute("aria-label") ?? button.textContent });
    /** @type {any} */ (menu).opener = button;
    for (const item of items) {
        if (!item) {
            menu.append(h("div.menu-line", { role: "separator" }));
            continue;
        }
        const act = () => {
            menu.hidePopover();
            item.run();
        };
        const role = item.checked === undefined ? "menuitem" : "menuitemcheckbox";
        menu.append(
            h(
                "button.menu-item", { type: "button", role, tabindex: "-1", class: item.danger ? "danger" : "", onclick: act,
                    "aria-checked": item.checked === undefined ? null : String(item.checked), "aria-keyshortcuts": item.hint ?? null },
                item.checked === undefined ? (item.icon ? icon(item.icon) : null) : item.checked ? icon("check") : h("span.icon"),
                h("span", { text: item.label }),
                item.hint ? h("kbd", { text: item.hint, "aria-hidden": "true" }) : null,
            ),
        );
    }
    menu.addEventListener("keydown", (event) => move(event, menu));
    menu.addEventListener("toggle", (event) => {
        if (/** @type {any} */ (event).newState !== "closed") return;
        button.setAttribute("aria-expanded", "false");
        const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
        menu.remove();
        if (hadFocus) button.focus();
    });
    // In a dialog the menu must lie inside it, or it could not be reached; elsewhere it belongs to its part of the page.
    (button.closest("dialog, main, nav") ?? document.body).append(menu);
    menu.showPopover();
    button.setAttribute("aria-haspopup", "menu");
    button.setAttribute("aria-expanded", "true");
    place(menu, button);
    /** @type {any} */ (menu.querySelector("[role^=menuitem]"))?.focus();
}

/** Puts a menu below its button, or above where there is no room. @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
    const at = button.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = menu;
    const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
    const below = at.bottom + 4;
    const top = below + height > innerHeight - 8 ? Math.max(8, at.top - height - 4) : below;
    menu.style.left = `${at.left < innerWidth / 2 ? Math.max(8, Math.min(at.left, innerWidth - width - 8)) : left}px`;
    menu.style.top = `${top}px`;
}

/** @param {any} event @param {HTMLElement} menu */
function move(event, menu) {
    const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role^=menuitem]")]);
    const now = items.indexOf(/** @type {any} */ (document.activeElement));
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[/** @type {string} */ (event.key)];
    if (event.key === "Tab") menu.hidePopover();
    if (event.key === "Escape") {
        // The key is the menu's own: it does not stop the answers as well.
        event.preventDefault();
        menu.hidePopover();
    }
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
}
