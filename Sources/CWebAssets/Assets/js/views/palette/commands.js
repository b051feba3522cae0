// Commands that are there in every view.
import { command } from "../../core/keys.js";
import { go, here } from "../../core/router.js";
import { applyTheme, theme } from "../../core/theme.js";
import { THEMES, openPortability } from "../drawer/foot.js";
import { openPalette } from "./palette.js";
import { showShortcuts } from "./shortcuts.js";

/** Adds the commands of the whole page. */
export function addGeneralCommands() {
    command("palette", { name: "Commands and search", keys: "Ctrl+K", run: openPalette });
    command("new-chat", { name: "New chat", keys: "Ctrl+Shift+O", run: () => go("/") });
    command("shortcuts", { name: "Keyboard shortcuts", keys: "?", run: showShortcuts });
    command("usage", { name: "Usage", keys: "", run: () => go("/usage"), isAvailable: () => here().name !== "usage" });
    command("preferences", { name: "My preferences", keys: "", run: () => go("/preferences"), isAvailable: () => here().name !== "preferences" });
    command("portability", { name: "Export and import", keys: "", run: openPortability });
    for (const [name, label] of THEMES) {
        command(`theme-${name}`, { name: `Theme: ${label.toLowerCase()}`, keys: "", run: () => applyTheme(name), isAvailable: () => theme() !== name });
    }
}
