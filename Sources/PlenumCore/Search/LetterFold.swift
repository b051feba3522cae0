/// How letters are made equal for search: lower case, without accents.
///
/// The accents come from the names that Unicode gives its letters: "LATIN SMALL LETTER E WITH ACUTE" is an
/// "LATIN SMALL LETTER E". So the rule covers Latin, Greek and Cyrillic without a table of a thousand rows.
enum LetterFold {
    /// What a scalar is to a word.
    enum Kind {
        /// A letter or digit, or a mark that belongs to the letter before it.
        case letter
        /// A letter of a script that writes words without spaces: a word of its own.
        case alone
        /// An accent or an invisible sign: neither part of a word nor its end.
        case nothing
        /// What stands between words.
        case gap
    }

    static func kind(_ scalar: Unicode.Scalar) -> Kind {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: return .letter
        case 0..<0x80: return .gap
        // Hiragana and katakana, wide and narrow.
        case 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9D:
            return .alone
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            return properties.isIdeographic ? .alone : .letter
        case .decimalNumber, .otherNumber: return .letter
        case .nonspacingMark, .spacingMark, .enclosingMark: return isAccent(properties) ? .nothing : .letter
        case .format: return .nothing
        default: return .gap
        }
    }

    /// Accents, points and tones; the vowels of Indic scripts have other classes and stay.
    private static func isAccent(_ properties: Unicode.Scalar.Properties) -> Bool {
        let combining = properties.canonicalCombiningClass.rawValue
        return combining == 8 || combining >= 10
    }

    /// Writes a letter as words have it.
    static func write(_ scalar: Unicode.Scalar, to word: inout String) {
        switch scalar.value {
        case 0x41...0x5A: word.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value + 0x20)))
        case 0..<0x80: word.unicodeScalars.append(scalar)
        // The wide forms of ASCII, which East Asian keyboards write.
        case 0xFF10...0xFF5A:
            write(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)), to: &word)
        default:
            for lower in scalar.properties.lowercaseMapping.unicodeScalars where kind(lower) != .nothing {
                if let plain = plain[lower] { word += plain } else { word.unicodeScalars.append(lower) }
            }
        }
    }

    /// What stands for letters that have an accent, or that other keyboards write in another way.
    private static let plain: [Unicode.Scalar: String] = {
        var plain: [Unicode.Scalar: String] = [
            "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ſ": "s", "ς": "σ", "ё": "е", "й": "и", "ї": "і", "ў": "у",
        ]
        var named: [String: Unicode.Scalar] = [:]
        let accented = [0x61...0x7A, 0xDF...0x24F, 0x370...0x52F, 0x1E00...0x1FFF] as [ClosedRange<UInt32>]
        let letters = accented.joined().compactMap { Unicode.Scalar($0) }.filter(\.properties.isLowercase)
        for letter in letters { if let name = letter.properties.name { named[name] = letter } }
        for (name, letter) in named where plain[letter] == nil {
            guard let base = beforeWith(name).flatMap({ named[$0] }) else { continue }
            plain[letter] = plain[base] ?? String(base)
        }
        return plain
    }()

    /// The part of a name before " WITH "; `nil` if it has none.
    private static func beforeWith(_ name: String) -> String? {
        let words = name.split(separator: " ")
        guard let with = words.firstIndex(of: "WITH") else { return nil }
        return words[..<with].joined(separator: " ")
    }
}
