// The page, put together: which view stands at which place.
import { onKeyNeeded } from "./core/api.js";
import { h, icon } from "./core/dom.js";
import { onPlace, start } from "./core/router.js";
import { loadModels } from "./core/store.js";
import { applyTheme } from "./core/theme.js";
import { askForKey } from "./views/setup/key-dialog.js";
import { addGeneralCommands } from "./views/palette/commands.js";
import "./views/drawer/drawer.js";
import { ConversationView } from "./views/thread/conversation-view.js";

/** Views that most visits do not see are read when they are first wanted. @type {Record<string, () => Promise<any>>} */
const LATER = {
    usage: async () => (await import("./views/reports/usage-view.js")).UsageView,
    preferences: async () => (await import("./views/reports/preferences-view.js")).PreferencesView,
};

/** @type {{place: import("./core/router.js").Place, show?: (place: any) => boolean, close: () => void}|null} */
let current = null;
let visits = 0;

applyTheme();
onKeyNeeded(askForKey);
addGeneralCommands();
loadModels().catch(() => {});
onPlace(async (place) => {
    const main = /** @type {HTMLElement} */ (document.getElementById("main"));
    // A view may go to a place by itself: the conversation view to another conversation.
    if (current?.show?.(place)) return;
    current?.close();
    current = null;
    main.replaceChildren();
    const visit = (visits += 1);
    try {
        const View = (await LATER[place.name]?.()) ?? ConversationView;
        // Somebody may have gone on while the view was read.
        if (visit === visits) current = new View(main, place);
    } catch {
        if (visit === visits) main.replaceChildren(unread());
    }
});
start();

/** Stands for a view whose code did not come. */
function unread() {
    // A browser may remember that it did not come: the page is read anew, once there is somebody to read it from.
    const again = () => fetch("/livez").then(() => location.reload(), () => {});
    return h(
        "div.empty", {}, icon("warning"), h("p", { text: "The server cannot be reached." }),
        h("button", { type: "button", text: "Try again", onclick: again }),
    );
}
