import PlenumCore

/// The names of tools as a dialect can spell them (wire notes 2.4).
///
/// A letter that is not allowed becomes `_`; a name that is too long, or would then be another tool's, ends in a hash of
/// the own name. So one name has always the same spelling, in definitions, choices and history.
struct ToolNames {
    /// What a dialect asks of a name. Both take 128 bytes.
    enum Rules {
        /// Letters, digits, `_` and `-`.
        case anthropic
        /// `.` and `:` besides, and a letter or `_` first.
        case gemini

        fileprivate func allows(_ byte: UInt8, first: Bool) -> Bool {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A, 0x5F: true
            case 0x30...0x39, 0x2D: self == .anthropic || !first
            case 0x2E, 0x3A: self == .gemini && !first
            default: false
            }
        }
    }

    private static let longest = 128
    private var spellings: [String: String] = [:]

    /// Looks for names that must change, and notes them.
    init(_ chat: ChatRequest, _ rules: Rules, _ written: inout RequestBody) {
        var names: [String] = []
        for tool in chat.tools where tool.isFunction { names.append(tool.name) }
        for turn in chat.turns {
            for part in turn.parts {
                if let call = part.toolCall { names.append(call.name) }
            }
        }
        var taken = Set(names.filter { Self.isLegal($0, rules) })
        for name in names where !Self.isLegal(name, rules) && spellings[name] == nil {
            var spelling = Self.spell(name, rules)
            if spelling.utf8.count > Self.longest || taken.contains(spelling) {
                spelling = "\(spelling.prefix(Self.longest - 9))_\(Self.hash(name))"
            }
            taken.insert(spelling)
            spellings[name] = spelling
            written.rename(name, to: spelling)
        }
    }

    /// The spelling of a name.
    func callAsFunction(_ name: String) -> String { spellings[name] ?? name }

    private static func isLegal(_ name: String, _ rules: Rules) -> Bool {
        guard (1...longest).contains(name.utf8.count) else { return false }
        return name.utf8.enumerated().allSatisfy { rules.allows($0.element, first: $0.offset == 0) }
    }

    /// The name in letters of ASCII that are allowed.
    private static func spell(_ name: String, _ rules: Rules) -> String {
        var bytes: [UInt8] = []
        for character in name {
            let byte = character.asciiValue ?? 0
            if bytes.isEmpty, !rules.allows(byte, first: true), rules.allows(byte, first: false) { bytes.append(0x5F) }
            bytes.append(rules.allows(byte, first: bytes.isEmpty) ? byte : 0x5F)
        }
        return bytes.isEmpty ? "tool" : String(decoding: bytes, as: UTF8.self)
    }

    /// FNV-1a of 32 bits in eight hexadecimal digits. Nothing secret hangs on it: it need only be the same every time.
    static func hash(_ name: String) -> String {
        var hash: UInt32 = 0x811C_9DC5
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension Tool {
    /// Whether it goes to other dialects as a function: hosted tools do not.
    var isFunction: Bool { verbatim == nil || freeText != nil }

    /// The form of the free text that it takes, also where only its definition in OpenAI's dialects says so.
    var freeText: Freeform? {
        if let freeform { return freeform }
        guard let own = verbatim, own.json["type"]?.string == "custom" else { return nil }
        let format = own.json["custom"]?["format"] ?? own.json["format"]
        let grammar = format?["grammar"] ?? format
        guard let definition = grammar?["definition"]?.string else { return .text }
        return .grammar(syntax: grammar?["syntax"]?.string ?? "lark", definition: definition)
    }

    /// The description of a tool that takes free text, for dialects in which it becomes a function of one string.
    var freeTextDescription: String? {
        let request: String
        switch freeText {
        case nil: return description
        case .text?: request = "Give the whole text in `input`."
        case .grammar(let syntax, let definition)?:
            request = "Give the whole text in `input`. It must be of this \(syntax) grammar:\n\(definition)"
        }
        return [description, request].compactMap { $0 }.joined(separator: "\n\n")
    }
}
