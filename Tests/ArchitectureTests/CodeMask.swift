/// Puts spaces in place of comments and of the insides of strings, so that rules look at code alone.
///
/// Lines keep their numbers. Interpolated code stays code; regular expression literals are not known.
struct CodeMask {
    private let text: [UInt8]
    private var out: [UInt8]
    private var at = 0

    /// Masks a text.
    static func masked(_ text: String) -> String {
        var mask = CodeMask(text: Array(text.utf8), out: [])
        mask.code(inside: false)
        return String(decoding: mask.out, as: UTF8.self)
    }

    private func byte(_ offset: Int = 0) -> UInt8 { at + offset < text.count ? text[at + offset] : 0 }

    private func isNext(_ word: StaticString) -> Bool {
        (0..<word.utf8CodeUnitCount).allSatisfy { byte($0) == word.utf8Start[$0] }
    }

    private mutating func keep(_ count: Int = 1) {
        for _ in 0..<count where at < text.count {
            out.append(text[at])
            at += 1
        }
    }

    private mutating func drop(_ count: Int = 1) {
        for _ in 0..<count where at < text.count {
            out.append(text[at] == UInt8(ascii: "\n") ? text[at] : UInt8(ascii: " "))
            at += 1
        }
    }

    /// Walks code to the end of the text, or to the parenthesis that ends an interpolation.
    private mutating func code(inside interpolation: Bool) {
        var depth = 0
        while at < text.count {
            switch byte() {
            case UInt8(ascii: "/") where isNext("//"): lineComment()
            case UInt8(ascii: "/") where isNext("/*"): blockComment()
            case UInt8(ascii: "\""), UInt8(ascii: "#"): stringOrHash()
            case UInt8(ascii: "("):
                depth += 1
                keep()
            case UInt8(ascii: ")"):
                depth -= 1
                if interpolation, depth < 0 { return }
                keep()
            default: keep()
            }
        }
    }

    private mutating func lineComment() {
        while at < text.count, byte() != UInt8(ascii: "\n") { drop() }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if isNext("/*") {
                depth += 1
                drop(2)
            } else if isNext("*/") {
                depth -= 1
                drop(2)
            } else {
                drop()
            }
        } while depth > 0 && at < text.count
    }

    private mutating func stringOrHash() {
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        guard byte(hashes) == UInt8(ascii: "\"") else { return keep(max(hashes, 1)) }
        keep(hashes)
        let quotes = isNext("\"\"\"") ? 3 : 1
        keep(quotes)
        string(quotes, hashes)
    }

    private mutating func string(_ quotes: Int, _ hashes: Int) {
        while at < text.count {
            let isEnd =
                (0..<quotes).allSatisfy { byte($0) == UInt8(ascii: "\"") }
                && (0..<hashes).allSatisfy { byte(quotes + $0) == UInt8(ascii: "#") }
            if isEnd { return keep(quotes + hashes) }
            if quotes == 1, byte() == UInt8(ascii: "\n") { return }
            guard byte() == UInt8(ascii: "\\"), (0..<hashes).allSatisfy({ byte(1 + $0) == UInt8(ascii: "#") }) else {
                drop()
                continue
            }
            drop(1 + hashes)
            guard byte() == UInt8(ascii: "(") else {
                drop()
                continue
            }
            keep()
            code(inside: true)
            keep()
        }
    }
}
