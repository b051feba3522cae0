import PlenumCore

/// The names of tools as a provider takes them (wire notes 2.4).
///
/// A letter that is not allowed becomes `_`; a name that is too long, or would then be another tool's, ends in a hash of
/// the own name. So one name has always the same spelling, in definitions, choices and history.
struct ToolNames: Sendable {
    /// What a provider takes: letters, digits, `_` and `-`, and what is said here.
    struct Rule: Sendable {
        /// The greatest length in bytes.
        let longest: Int
        /// Other marks that may stand in a name, though not first.
        var marks: Set<UInt8> = []
        /// Whether a letter or `_` must be first.
        var beginsWithLetter = false

        /// Chat and Responses.
        static let openAI = Rule(longest: 64)
        static let anthropic = Rule(longest: 128)
        static let gemini = Rule(
            longest: 128,
            marks: [UInt8(ascii: "."), UInt8(ascii: ":")],
            beginsWithLetter: true
        )

        fileprivate func allows(_ byte: UInt8, first isFirst: Bool) -> Bool {
            if isFirst, beginsWithLetter { return byte.isLetter || byte == UInt8(ascii: "_") }
            return byte.isNameByte || (!isFirst && marks.contains(byte))
        }

        fileprivate func isLegal(_ name: String) -> Bool {
            (1...longest).contains(name.utf8.count)
                && name.utf8.enumerated().allSatisfy { allows($0.element, first: $0.offset == 0) }
        }

        /// The name in letters that are allowed, one for one.
        fileprivate func plain(_ name: String) -> String {
            var bytes: [UInt8] = []
            for scalar in name.unicodeScalars {
                let byte = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : 0
                if bytes.isEmpty, !allows(byte, first: true), allows(byte, first: false) {
                    bytes.append(UInt8(ascii: "_"))
                }
                bytes.append(allows(byte, first: bytes.isEmpty) ? byte : UInt8(ascii: "_"))
            }
            return bytes.isEmpty ? "tool" : String(decoding: bytes, as: UTF8.self)
        }
    }

    private var spellings: [String: String] = [:]

    /// Takes every name as it is.
    init() {}

    /// Looks through the tools that go to a dialect, and through the calls, for names that must change, and notes them.
    /// What the dialect defines itself is sent as it is.
    init(_ chat: ChatRequest, _ rule: Rule, to dialect: Dialect, _ written: inout RequestBody) {
        let tools = chat.tools.filter { $0.isFunction && $0.verbatim?.dialect != dialect }
        let names = tools.map(\.name) + chat.turns.flatMap(\.parts).compactMap(\.toolCall?.name)
        var taken = Set(names.filter(rule.isLegal))
        for name in names where !rule.isLegal(name) && spellings[name] == nil {
            var spelling = rule.plain(name)
            if spelling.utf8.count > rule.longest || taken.contains(spelling) {
                // The hash has eight digits.
                spelling = "\(spelling.prefix(rule.longest - 9))_\(StableHash.digits(name))"
            }
            taken.insert(spelling)
            spellings[name] = spelling
            written.rename(name, to: spelling)
        }
    }

    /// The spelling of a name.
    func callAsFunction(_ name: String) -> String { spellings[name] ?? name }
}
