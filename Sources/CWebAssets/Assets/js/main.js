// The page, put together: which view stands at which place.
import { onKeyNeeded } from "./core/api.js";
import { onPlace, start } from "./core/router.js";
import { loadModels } from "./core/store.js";
import { applyTheme } from "./core/theme.js";
import { askForKey } from "./views/setup/key-dialog.js";
import { addGeneralCommands } from "./views/palette/commands.js";
import "./views/drawer/drawer.js";
import { ConversationView } from "./views/thread/conversation-view.js";
import { UsageView } from "./views/reports/usage-view.js";
import { PreferencesView } from "./views/reports/preferences-view.js";

/** @type {{place: import("./core/router.js").Place, show?: (place: any) => boolean, close: () => void}|null} */
let current = null;

applyTheme();
onKeyNeeded(askForKey);
addGeneralCommands();
loadModels().catch(() => {});
onPlace((place) => {
    const main = /** @type {HTMLElement} */ (document.getElementById("main"));
    // A view may go to a place by itself: the conversation view to another conversation.
    if (current?.show?.(place)) return;
    current?.close();
    main.replaceChildren();
    const View = { usage: UsageView, preferences: PreferencesView }[/** @type {string} */ (place.name)] ?? ConversationView;
    current = new View(main, place);
});
start();
