// The one file that is wanted out of an archive: what providers hand out is a ZIP with conversations.json in it.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12, 4.3.16

const WANTED = /(^|\/)conversations\.json$/;

/** A file that can be imported: itself, or what an archive holds. @param {File} file @returns {Promise<Blob>} */
export async function conversationsFile(file) {
    const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
    const isArchive = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
    return isArchive ? unzip(file) : file;
}

/** @param {File} file */
async function unzip(file) {
    const entry = await findEntry(file);
    if (!entry) throw new Error("There is no conversations.json in this archive.");
    const head = view(await file.slice(entry.offset, entry.offset + 30).arrayBuffer());
    const start = entry.offset + 30 + head.getUint16(26, true) + head.getUint16(28, true);
    const packed = file.slice(start, start + entry.size);
    if (entry.method === 0) return packed;
    if (entry.method !== 8) throw new Error("This archive is packed in a way that browsers cannot read. Unpack conversations.json and import that.");
    return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
}

const view = (/** @type {ArrayBuffer} */ buffer) => new DataView(buffer);

/** Looks into the archive's directory. @param {File} file @returns {Promise<{offset: number, size: number, method: number}|null>} */
async function findEntry(file) {
    const tailStart = Math.max(0, file.size - 65_557);
    const tail = view(await file.slice(tailStart).arrayBuffer());
    let end = tail.byteLength - 22;
    while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end -= 1;
    if (end < 0) throw new Error("This archive is damaged.");
    const [size, start] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
    if (start === 0xffffffff) throw new Error("This archive is too large for the browser. Unpack conversations.json and import that.");
    const directory = view(await file.slice(start, start + size).arrayBuffer());
    const text = new TextDecoder();
    for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === 0x02014b50; ) {
        const [name, extra, note] = [28, 30, 32].map((place) => directory.getUint16(at + place, true));
        if (WANTED.test(text.decode(new Uint8Array(directory.buffer, at + 46, name)))) {
            return { method: directory.getUint16(at + 10, true), size: directory.getUint32(at + 20, true), offset: directory.getUint32(at + 42, true) };
        }
        at += 46 + name + extra + note;
    }
    return null;
}
