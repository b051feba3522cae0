import PlenumCore

/// Changes to a text that leave every other byte as it was.
struct ByteSplices {
    private struct Edit {
        var range: Range<Int>
        var bytes: [UInt8]
        var isMember: Bool
    }
    private var edits: [Edit] = []

    /// Puts bytes in the place of a span; an empty span inserts.
    mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
        edits.append(Edit(range: range, bytes: bytes, isMember: false))
    }

    /// Takes out a span.
    mutating func remove(_ range: Range<Int>) { replace(range, with: []) }

    /// Takes out a member of an object, from its key's quote to the end of its value, with one of its commas.
    mutating func removeMember(_ range: Range<Int>) {
        edits.append(Edit(range: range, bytes: [], isMember: true))
    }

    /// The text with the changes, up to an offset. Of changes that overlap the first counts.
    func applied(to text: [UInt8], upTo limit: Int? = nil) -> [UInt8] {
        let end = min(limit ?? text.count, text.count)
        guard !edits.isEmpty else { return end == text.count ? text : Array(text[..<end]) }
        var out: [UInt8] = []
        out.reserveCapacity(end + edits.reduce(0) { $0 + $1.bytes.count })
        var at = 0
        // What is put in stands before what is taken out at the same place.
        let ordered = edits.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for edit in ordered
        where edit.range.lowerBound >= at && edit.range.upperBound <= end {
            out += text[at..<edit.range.lowerBound]
            out += edit.bytes
            at = edit.range.upperBound
            if edit.isMember { at = Self.passComma(text, at, &out) }
        }
        if at < end { out += text[at..<end] }
        return out
    }

    /// Passes the comma after a member that was taken out; if it was the last, takes back the comma before it.
    private static func passComma(_ text: [UInt8], _ position: Int, _ out: inout [UInt8]) -> Int {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        var at = position
        while at < text.count, isSpace(text[at]) { at += 1 }
        if at < text.count, text[at] == UInt8(ascii: ",") { return at + 1 }
        while let last = out.last, isSpace(last) { out.removeLast() }
        if out.last == UInt8(ascii: ",") { out.removeLast() }
        return position
    }
}

extension String {
    /// The string as JSON, quotes included.
    var jsonBytes: [UInt8] {
        var writer = JSONWriter(reserving: utf8.count + 2)
        writer.string(self)
        return writer.bytes
    }
}
