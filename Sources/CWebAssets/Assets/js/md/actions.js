/** The buttons inside an answer. One listener for each view, so that finished blocks hold no code alive. */
import { toCSV } from './table.js';

/**
 * @param {Element} root
 * @param {() => void} showAll
 */
export function listen(root, showAll) {
    root.addEventListener('click', event => {
        const target = /** @type {Element} */ (event.target);
        const button = target.closest?.('button');
        if (!button) { return; }
        const kind = button.getAttribute('class');
        if (kind === 'md-copy') {
            copy(button, button.closest('figure')?.querySelector('code')?.textContent ?? '');
        } else if (kind === 'md-csv') {
            const table = button.parentElement?.querySelector('table');
            if (table) { copy(button, toCSV(table)); }
        } else if (kind === 'md-wrap') {
            wrap(button);
        } else if (kind === 'md-show-all') {
            showAll();
        }
    });
}

function wrap(button) {
    const figure = button.closest('figure');
    const wrapped = figure.classList.toggle('md-wrapped');
    button.setAttribute('aria-pressed', String(wrapped));
}

async function copy(button, text) {
    let answer = 'Copied';
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        // Refused, or the page is not served over https: select by hand.
        answer = 'Not allowed';
    }
    const label = button.dataset.label ?? button.textContent;
    button.dataset.label = label;
    button.textContent = answer;
    setTimeout(() => { button.textContent = label; }, 2000);
}
