public import PlenumCore

/// Rules for what simulated models answer, so that a test can script a whole debate. The first rule that fits a call
/// counts; where none does, the model answers as it always would.
public struct SimulationRules: Sendable, Hashable {
    /// A rule.
    public struct Rule: Sendable, Hashable {
        /// The model's name, or a pattern with `*` for any text and `?` for one character; any model if `nil`.
        public var model: String?
        /// Texts that all stand in the prompt.
        public var contains: [String]
        /// Which answer of its conversation this is, from 1: one more than the answers that the prompt has; any if `nil`.
        public var turn: Int?
        /// The answers, one call after another; the last one is repeated. As always if there is none.
        public var answers: [String]
        /// Milliseconds between two words; as the model's name says if `nil`.
        public var gap: Int?
        /// What goes wrong, in the parts of a model's name; what that name says if `nil`.
        public var fault: SimulationScript?

        /// Makes a rule.
        public init(
            model: String? = nil,
            contains: [String] = [],
            turn: Int? = nil,
            answers: [String] = [],
            gap: Int? = nil,
            fault: SimulationScript? = nil
        ) {
            self.model = model
            self.contains = contains
            self.turn = turn
            self.answers = answers
            self.gap = gap
            self.fault = fault
        }
    }

    /// The rules, in order.
    public var rules: [Rule]

    /// Makes a script.
    public init(_ rules: [Rule] = []) { self.rules = rules }

    /// The position of the first rule that fits a call.
    func firstMatch(model: String, _ chat: ChatRequest) -> Int? {
        guard !rules.isEmpty else { return nil }
        let prompt = (chat.instructions.map(\.text) + chat.turns.map(\.text)).joined(separator: "\n")
        let turn = chat.turns.count { $0.role == .assistant } + 1
        return rules.firstIndex { rule in
            (rule.model.map { Glob.matches($0, model) } ?? true) && (rule.turn ?? turn) == turn
                && rule.contains.allSatisfy(prompt.contains)
        }
    }
}

extension SimulationRules {
    /// Reads a file: `{"rules": [{"model", "contains", "turn", "answer", "words_gap_ms", "fault"}]}`.
    /// - Parameter bytes: its bytes.
    /// - Throws: `invalidRequest` that says where the mistake is and what should stand there.
    public init(parsing bytes: [UInt8]) throws(PlenumError) {
        let tree: JSONValue
        do {
            tree = try JSONValue(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw PlenumError(.invalidRequest, "The script is not JSON: \(error.reason) in line \(line).")
        }
        let file = try FileNode(tree, at: "script").object(["rules"])
        rules = []
        for node in try file.required("rules").array() { rules.append(try Rule(node)) }
    }
}

extension SimulationRules.Rule {
    fileprivate init(_ node: FileNode) throws(PlenumError) {
        let entry = try node.object(["model", "contains", "turn", "answer", "words_gap_ms", "fault"])
        self.init(
            model: try entry["model"]?.string(),
            contains: try Self.texts(entry["contains"]),
            turn: try entry["turn"]?.count(),
            answers: try Self.texts(entry["answer"])
        )
        if let node = entry["words_gap_ms"] {
            guard let number = node.value.int, (0...600_000).contains(number) else {
                throw node.complaint("must be a number of milliseconds")
            }
            gap = number
        }
        if let node = entry["fault"] {
            let script = SimulationScript(model: try node.string())
            guard script.fault != nil else {
                throw node.complaint("must be a fault as a model's name has it, such as \"status500-fail2\"")
            }
            fault = script
        }
    }

    /// A text or a list of texts.
    private static func texts(_ node: FileNode?) throws(PlenumError) -> [String] {
        guard let node else { return [] }
        if let text = node.value.string { return [text] }
        let texts = node.value.array?.compactMap(\.string)
        guard let texts, !texts.isEmpty, texts.count == node.value.array?.count else {
            throw node.complaint("must be a text or a list of texts")
        }
        return texts
    }
}

/// Patterns of names.
enum Glob {
    /// Whether a name fits a pattern: `*` stands for any text, `?` for one character.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let (pattern, name) = (Array(pattern), Array(name))
        var (p, n) = (0, 0)
        // Where the last star stands, and how far it reaches: it takes one character more each time that the rest fails.
        var star: (pattern: Int, name: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == "?" || pattern[p] == name[n] {
                (p, n) = (p + 1, n + 1)
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (p, n) = (last.pattern + 1, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }
}
