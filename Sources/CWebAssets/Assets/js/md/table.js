/** Tables: elements, and a table as comma-separated values. */
import { make } from './elements.js';
import { splitRow } from './rows.js';

/** Cells that short rows may be filled up with. A wide header over many short rows would otherwise cost millions. */
const mostFilled = 10_000;

/**
 * @param {Document} document
 * @param {{alignments: string[], header: string}} block
 * @param {(cell: Element, text: string) => void} fill
 */
export function tableElements(document, block, fill) {
    const region = make(document, 'div', { class: 'md-table', tabindex: '0', role: 'region', 'aria-label': 'Table' });
    const table = make(document, 'table');
    const head = make(document, 'thead');
    const row = make(document, 'tr');
    splitRow(block.header).forEach((text, index) => {
        row.appendChild(cell(document, 'th', block.alignments[index], text, fill));
    });
    head.appendChild(row);
    table.appendChild(head);
    region.appendChild(table);
    region.appendChild(make(document, 'button', { type: 'button', class: 'md-csv' }, 'Copy as CSV'));
    return { region, table };
}

/**
 * @param {Document} document
 * @param {{alignments: string[], filled?: number}} block
 * @param {string} text the row as written
 * @param {(cell: Element, text: string) => void} fill
 */
export function rowElement(document, block, text, fill) {
    const row = make(document, 'tr');
    const cells = splitRow(text);
    for (let index = 0; index < block.alignments.length; index++) {
        if (index >= cells.length) {
            block.filled = (block.filled ?? 0) + 1;
            if (block.filled > mostFilled) { break; }
        }
        row.appendChild(cell(document, 'td', block.alignments[index], cells[index] ?? '', fill));
    }
    return row;
}

function cell(document, name, alignment, text, fill) {
    const attributes = { dir: 'auto' };
    if (alignment) { attributes.class = 'md-' + alignment; }
    if (name === 'th') { attributes.scope = 'col'; }
    const element = make(document, name, attributes);
    fill(element, text);
    return element;
}

/**
 * @param {Element} table
 * @returns {string} lines that end with CR LF, as RFC 4180 asks
 */
export function toCSV(table) {
    const rows = [...table.querySelectorAll('tr')];
    return rows.map(row => [...row.children].map(cell => quote(cell.textContent ?? '')).join(',') + '\r\n').join('');
}

function quote(text) {
    // A spreadsheet would run a cell that begins like this as a formula; the apostrophe keeps it text.
    const safe = /^[=+@\t\r]|^-(?![\d.,\s]*$)/.test(text) ? "'" + text : text;
    return /[",\r\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
}
