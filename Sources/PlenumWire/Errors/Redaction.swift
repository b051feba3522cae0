import PlenumCore

/// Takes keys out of a text that a client will see.
enum Redaction {
    /// What the keys of providers begin with.
    private static let prefixes = ["sk-", "AIza", "gsk_", "xai-", "pplx-", "key=", "Bearer "].map { Array($0.utf8) }

    /// The text with keys replaced and cut to a number of bytes.
    static func clean(_ text: String, limit: Int = 500) -> String {
        let source = Array(text.utf8.prefix(limit * 8))
        var out: [UInt8] = []
        var at = 0
        while at < source.count, out.count < limit {
            guard at == 0 || !source[at - 1].isOfName,
                let prefix = prefixes.first(where: { source[at...].starts(with: $0) })
            else {
                out.append(source[at] < 0x20 ? 0x20 : source[at])
                at += 1
                continue
            }
            out += prefix
            at += prefix.count
            let start = at
            while at < source.count, source[at].isOfName || source[at] == UInt8(ascii: "*") { at += 1 }
            if at > start { out += "[redacted]".utf8 }
        }
        // A character may have been cut in the middle.
        while let last = out.last, at < source.count || out.count >= limit, last >= 0x80 { out.removeLast() }
        return String(decoding: out.prefix(limit), as: UTF8.self)
    }
}
