/** The rows of a table. */

/**
 * @param {string} line
 * @returns {string[]} the cells' texts, trimmed
 */
export function splitRow(line) {
    const text = line.trim();
    const cells = [];
    let cell = '';
    for (let index = text[0] === '|' ? 1 : 0; index < text.length; index++) {
        if (text[index] === '\\' && text[index + 1] === '|') {
            // The bar is the cell's, the backslash the table's, even inside code.
            cell += '|';
            index++;
        } else if (text[index] === '\\' && index + 1 < text.length) {
            cell += text[index] + text[++index];
        } else if (text[index] === '|') {
            cells.push(cell.trim());
            cell = '';
        } else {
            cell += text[index];
        }
    }
    if (cell.trim() !== '' || cells.length === 0) { cells.push(cell.trim()); }
    return cells;
}

/**
 * @param {string} line
 * @returns {Array<'left' | 'center' | 'right' | ''> | null} the columns' alignments, if this is a delimiter row
 */
export function delimiterRow(line) {
    // Looked at character by character first: the expression below could be slow on a long line of dashes.
    if (!/^[-:| \t]+$/.test(line) || !line.includes('-')) { return null; }
    const alignments = [];
    for (const cell of splitRow(line)) {
        if (!/^:?-+:?$/.test(cell)) { return null; }
        const [left, right] = [cell[0] === ':', cell[cell.length - 1] === ':'];
        alignments.push(left && right ? 'center' : left ? 'left' : right ? 'right' : '');
    }
    return alignments;
}
