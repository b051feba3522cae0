// What can be done with a conversation of the list.
import * as api from "../../core/api.js";
import { failed, toast } from "../../core/announce.js";
import { here, go } from "../../core/router.js";
import { conversationsChanged } from "../../core/store.js";
import { openMenu } from "../../parts/menu.js";
import { download } from "../../parts/download.js";
import { deleteSoon } from "./deletion.js";
import { isUnread, markSeen } from "./seen.js";

/** @typedef {import("./conversation-list.js").Conversation} Conversation */

/** The address of what is shown now, if it is this conversation. @param {string} id */
const isHere = (id) => here().name === "conversation" && here().id === id;

/** Changes a conversation; what one does oneself is nothing unread. @param {Conversation} conversation @param {Partial<Conversation>} changes */
export async function change(conversation, changes) {
    const wasRead = !isUnread(conversation);
    try {
        const now = await api.post(`/conversations/${conversation.id}`, changes);
        if (wasRead) markSeen(now);
        conversationsChanged(now);
        return now;
    } catch (error) {
        failed(error, "Not changed");
        return null;
    }
}

/** @param {Conversation} conversation */
async function archive(conversation) {
    const now = await change(conversation, { archived: !conversation.archived });
    if (!now) return;
    toast(now.archived ? "Archived" : "Back in the list", {
        action: "Undo",
        onaction: () => change(now, { archived: !now.archived }),
    });
}

/** Deletes one, unless it is undone in time. @param {Conversation} conversation @param {(id: string, isHidden: boolean) => void} hide */
export function remove(conversation, hide) {
    const { id } = conversation;
    const wasHere = isHere(id);
    deleteSoon(conversation, (isHidden) => {
        hide(id, isHidden);
        if (isHidden && wasHere) go("/");
        // Who has gone elsewhere meanwhile stays there.
        else if (!isHidden && wasHere && here().name === "new") go(`/c/${id}`);
    });
}

/** @param {Conversation} conversation @param {"markdown"|"json"} format */
function save(conversation, format) {
    download(`/conversations/${conversation.id}/export?format=${format}`, format === "json" ? "conversation.json" : "conversation.md");
}

/**
 * Opens the menu of a conversation.
 * @param {HTMLElement} button @param {Conversation} conversation
 * @param {{rename: () => void, remove: () => void}} acts
 */
export function openConversationMenu(button, conversation, { rename, remove }) {
    const { pinned, archived } = conversation;
    openMenu(button, [
        // The menu gives the focus back when it has closed; the field wants it after that.
        { label: "Rename", icon: "edit", hint: "F2", run: () => setTimeout(rename) },
        { label: pinned ? "Unpin" : "Pin", icon: "pin", run: () => change(conversation, { pinned: !pinned }) },
        { label: archived ? "Move back to the list" : "Archive", icon: "archive", run: () => archive(conversation) },
        null,
        { label: "Save as Markdown", icon: "download", run: () => save(conversation, "markdown") },
        { label: "Save as JSON", icon: "download", run: () => save(conversation, "json") },
        null,
        { label: "Delete", icon: "trash", hint: "Delete", danger: true, run: () => setTimeout(remove) },
    ]);
}
