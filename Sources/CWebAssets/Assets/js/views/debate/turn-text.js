// Words of a turn: pieces go straight to its own Markdown, which shows them with the next frame; nothing else is rendered.
import { MarkdownView } from "../../md/markdown.js";

export class TurnText {
    #view;
    #isEnded = false;

    /** @param {HTMLElement} place */
    constructor(place) {
        // While it streams in a place of limited height, its newest words are the ones to see.
        const onRendered = () => {
            if (place.classList.contains("is-tail")) place.scrollTop = place.scrollHeight;
        };
        this.#view = new MarkdownView(place, { onRendered });
    }

    /** @param {string} text */
    append(text) {
        this.#view.append(text);
    }

    /** Brings it to a text, adding what is missing where that is enough. @param {string} text @param {boolean} isOver */
    show(text, isOver) {
        if (text !== this.#view.text) {
            this.#isEnded = false;
            this.#view.set(text);
        }
        if (!isOver || this.#isEnded) return;
        this.#view.end();
        this.#isEnded = true;
    }
}
