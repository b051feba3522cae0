// The drawer's foot: the other places, and what concerns the whole page.
import { toast } from "../../core/announce.js";
import { fill, h, icon, iconButton } from "../../core/dom.js";
import { here } from "../../core/router.js";
import { applyTheme, theme } from "../../core/theme.js";
import { openMenu } from "../../parts/menu.js";
import { showShortcuts } from "../palette/shortcuts.js";

/** @type {[import("../../core/theme.js").Theme, string][]} */
export const THEMES = [["system", "As the system"], ["light", "Light"], ["dark", "Dark"]];

/** @param {HTMLElement} button */
function openThemes(button) {
    openMenu(button, THEMES.map(([name, label]) => ({ label, checked: theme() === name, run: () => applyTheme(name) })));
}

/** Loaded when it is wanted. */
export async function openPortability() {
    try {
        (await import("../setup/portability-dialog.js")).openPortabilityDialog();
    } catch {
        toast("The server cannot be reached.", { kind: "error" });
    }
}

/** @param {{showArchived: () => void}} acts */
export function makeFoot({ showArchived }) {
    const place = (/** @type {string} */ href, /** @type {import("../../core/dom.js").IconName} */ picture, /** @type {string} */ text) =>
        h("a.foot-link", { href }, icon(picture), h("span", { text }));
    const archived = h("button.foot-link", { type: "button", "aria-pressed": "false", onclick: showArchived });
    const themes = iconButton("sun", "Theme", () => openThemes(themes), { "aria-haspopup": "menu" });
    const element = h(
        "div.drawer-foot", {},
        place("/usage", "chart", "Usage"),
        place("/preferences", "scales", "My preferences"),
        archived,
        h(
            "div.foot-tools", {},
            themes,
            iconButton("keyboard", "Keyboard shortcuts", showShortcuts, { "aria-haspopup": "dialog" }),
            iconButton("download", "Export and import", openPortability, { "aria-haspopup": "dialog" }),
        ),
    );
    return {
        element,
        /** Shows where one is. @param {boolean} isArchived */
        mark(isArchived) {
            for (const link of element.querySelectorAll("a")) {
                const isHere = link.getAttribute("href") === `/${here().name}`;
                if (isHere) link.setAttribute("aria-current", "page");
                else link.removeAttribute("aria-current");
            }
            archived.setAttribute("aria-pressed", String(isArchived));
            fill(archived, icon("archive"), h("span", { text: "Archived" }));
        },
    };
}
