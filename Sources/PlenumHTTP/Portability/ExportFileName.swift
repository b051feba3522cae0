import PlenumCore

/// The name that a browser gives to a file it downloads.
struct ExportFileName {
    /// The most characters of a title in a name.
    private static let limit = 60

    private let title: String
    private let ending: String

    /// Makes a name.
    /// - Parameters:
    ///   - title: what stands in it, as far as any system takes that.
    ///   - spare: what stands there if nothing is left of the title.
    ///   - ending: what it ends with, without the point.
    init(_ title: String?, spare: String, ending: String) {
        let words = Self.words(title ?? "") { $0.isLetter || $0.isNumber }
        self.title = words.isEmpty ? spare : words
        self.ending = ending
    }

    /// The value of `Content-Disposition`: the name in ASCII for old clients, and in full for all others (RFC 6266).
    var disposition: String {
        let ascii = Self.words(title) { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        let plain = "plenum-\(ascii.isEmpty ? "export" : ascii).\(ending)"
        let full = "plenum-\(title).\(ending)"
        guard full != plain else { return "attachment; filename=\"\(plain)\"" }
        return "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(Self.percentEncoded(full))"
    }

    /// Runs of characters that are allowed, with a dash for all that stands between.
    private static func words(_ text: String, where isAllowed: (Character) -> Bool) -> String {
        text.prefix(4 * limit).split { !isAllowed($0) }.joined(separator: "-").prefix(limit).description
    }

    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let sign = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80 && (Character(sign).isLetter || Character(sign).isNumber || "-._".contains(Character(sign)))
            return isPlain ? String(sign) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
