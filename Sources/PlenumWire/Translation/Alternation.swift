import PlenumCore

/// A conversation as Anthropic and Gemini want it: user and model by turns, the results of calls in the order of the
/// calls and before anything else the user says (wire notes 2.2).
///
/// It is a pure function of the turns from the first on, so that a longer history begins with the same bytes.
struct Alternation {
    /// A part with the members that only the target dialect knows.
    struct Piece {
        var part: ContentPart
        var extra: JSONObject?
    }

    /// Whose words they are.
    enum Speaker {
        case user
        case model
        /// The operator, in mid-conversation.
        case system
    }

    /// What one side says before the other speaks again.
    struct Side {
        var speaker: Speaker
        var pieces: [Piece]

        var isModel: Bool { speaker == .model }
        var calls: [ToolCall] { pieces.compactMap(\.part.toolCall) }
    }

    /// What the target takes.
    struct Rules {
        var dialect: Dialect
        var model: ModelID
        /// Whether system text may stand in mid-conversation; it becomes the user's if not.
        var takesSystem = false
    }

    private(set) var sides: [Side] = []
    private let rules: Rules
    /// System text that waits for the end of the user's turn.
    private var waiting: [Piece] = []

    /// Arranges turns.
    init(_ turns: [Turn], _ rules: Rules, _ written: inout RequestBody) {
        self.rules = rules
        for turn in turns { add(turn, &written) }
        flushSystem(&written)
        for index in sides.indices where sides[index].speaker == .user {
            arrangeResults(at: index, calls: index > 0 ? sides[index - 1].calls : [], &written)
            guard sides[index].pieces.isEmpty else { continue }
            sides[index].pieces = [Piece(part: .text("."))]
            written.warn("messages", .added)
        }
        if let first = sides.first, first.speaker != .user {
            sides.insert(Side(speaker: .user, pieces: [Piece(part: .text("."))]), at: 0)
            written.warn("messages", .added)
        }
    }

    private mutating func add(_ turn: Turn, _ written: inout RequestBody) {
        let pieces = pieces(of: turn, &written)
        switch turn.role {
        case .assistant:
            guard !pieces.isEmpty else { return }
            flushSystem(&written)
            append(pieces, .model)
        case .system:
            guard !pieces.isEmpty else { return }
            if rules.takesSystem {
                waiting += pieces
            } else {
                append([Self.note(turn.text, pieces.last?.extra)], .user)
                written.warn("messages.system", .converted)
            }
        case .user, .tool:
            if !waiting.isEmpty { written.warn("messages.system", .moved) }
            append(pieces, .user)
        }
    }

    /// Puts system text behind the user's turn, where alone it may stand; without one it becomes the user's.
    private mutating func flushSystem(_ written: inout RequestBody) {
        guard !waiting.isEmpty else { return }
        if sides.last?.speaker == .user {
            append(waiting, .system)
        } else {
            let text = waiting.compactMap(\.part.text).joined(separator: "\n")
            append([Self.note(text, waiting.last?.extra)], .user)
            written.warn("messages.system", .converted)
        }
        waiting = []
    }

    /// System text as the user's, with the mark for the cache that may stand on it.
    private static func note(_ text: String, _ extra: JSONObject?) -> Piece {
        let mark = extra?["cache_control"].map { JSONObject([("cache_control", $0)]) }
        return Piece(part: .text("[operator note] \(text)"), extra: mark)
    }

    private mutating func append(_ pieces: [Piece], _ speaker: Speaker) {
        if sides.last?.speaker == speaker {
            sides[sides.count - 1].pieces += pieces
        } else {
            sides.append(Side(speaker: speaker, pieces: pieces))
        }
    }

    /// The parts of a turn that say anything to the model. Blank text is dropped, unless other text stands beside it:
    /// Anthropic takes it only there.
    private func pieces(of turn: Turn, _ written: inout RequestBody) -> [Piece] {
        let hasWords = turn.parts.contains { Self.words($0).map { !Self.isBlank($0) } ?? false }
        var pieces: [Piece] = []
        for (index, part) in turn.parts.enumerated() {
            switch part {
            case .text(let text), .refusal(let text):
                if text.isEmpty || (!hasWords && Self.isBlank(text)) { continue }
            case .opaque(let own, _) where own != rules.dialect:
                written.warn("messages.content", .dropped)
                continue
            case .reasoning(let reasoning):
                guard reasoning.opaque?.belongs(to: rules.model, in: rules.dialect) ?? false else { continue }
            case .opaque, .image, .audio, .document, .toolCall, .toolResult: break
            }
            pieces.append(Piece(part: part, extra: extra(of: turn, index)))
        }
        return pieces
    }

    /// The members of the target's own dialect; of another the mark for the cache alone.
    private func extra(of turn: Turn, _ index: Int) -> JSONObject? {
        guard let source = turn.extra?.dialect, source != rules.dialect else {
            return TurnBuilder.extra(of: turn, part: index, rules.dialect)
        }
        guard rules.dialect == .anthropicMessages else { return nil }
        let mark = turn.role == .system ? CacheMark(in: turn) : CacheMark(of: turn, part: index)
        return mark.map { JSONObject([("cache_control", $0.control)]) }
    }

    private static func words(_ part: ContentPart) -> String? {
        switch part {
        case .text(let text), .refusal(let text): text
        default: nil
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

    // MARK: Results

    /// Puts the results of the calls before this side first, in the order of the calls.
    ///
    /// Of two results for one call the later counts; a call without one gets a result that says so; a result without a
    /// call is told as text.
    private mutating func arrangeResults(at index: Int, calls: [ToolCall], _ written: inout RequestBody) {
        var results: [String: Piece] = [:]
        var rest: [Piece] = []
        let ids = Set(calls.map(\.id))
        for piece in sides[index].pieces {
            guard case .toolResult(let result) = piece.part else {
                rest.append(piece)
                continue
            }
            if ids.contains(result.callID) {
                if results.updateValue(piece, forKey: result.callID) != nil {
                    written.warn("messages.tool_result", .dropped)
                }
            } else {
                rest += Self.told(result)
                written.warn("messages.tool_result", .converted)
            }
        }
        var arranged: [Piece] = []
        var answered: Set<String> = []
        for call in calls where answered.insert(call.id).inserted {
            if results[call.id] == nil { written.warn("messages.tool_result", .added) }
            var piece = results[call.id] ?? Self.nothing(call.id)
            if case .toolResult(var result) = piece.part {
                result.name = call.name
                piece.part = .toolResult(result)
            }
            arranged.append(piece)
        }
        sides[index].pieces = arranged + rest
    }

    private static func nothing(_ id: String) -> Piece {
        Piece(part: .toolResult(ToolResult(callID: id, parts: [.text("(no result)")], isError: true)))
    }

    /// A result without its call, as the user's words and pictures.
    private static func told(_ result: ToolResult) -> [Piece] {
        let words = Piece(part: .text("[tool result \(result.name ?? result.callID)] \(result.text)"))
        return [words]
            + result.parts.compactMap { part in
                switch part {
                case .image, .audio, .document: Piece(part: part)
                default: nil
                }
            }
    }
}

extension OpaqueState {
    /// Whether a model that speaks a dialect may have this: its own, and what a client brought as that dialect writes it.
    func belongs(to model: ModelID, in dialect: Dialect) -> Bool {
        kind.dialect == dialect && (origin == nil || origin == model)
    }
}

extension OpaqueState.Kind {
    /// The dialect that gave this state and may have it back.
    var dialect: Dialect {
        switch self {
        case .anthropicSignature, .anthropicRedacted: .anthropicMessages
        case .geminiSignature: .gemini
        case .openAIEncrypted: .openAIResponses
        case .openRouterDetails: .openAIChat
        }
    }
}

extension ToolCall {
    /// The arguments as an object, for dialects that have no text here (wire notes 2.4).
    var argumentsObject: JSONValue {
        guard arguments.contains(where: { !$0.isWhitespace }) else { return .object(JSONObject()) }
        switch try? JSONValue(parsing: arguments) {
        case .object(let object)?: return .object(object)
        case let value?: return ["value": value]
        case nil: return ["INVALID_JSON": .string(arguments)]
        }
    }

    /// The same for a request, with a warning if they were no object.
    func argumentsObject(_ written: inout RequestBody) -> JSONValue {
        if arguments.contains(where: { !$0.isWhitespace }), (try? JSONValue(parsing: arguments))?.object == nil {
            written.warn("messages.tool_calls.arguments", .converted)
        }
        return argumentsObject
    }
}

extension ChatRequest {
    /// Whether a client of a dialect wrote this, as far as the request itself shows.
    func isOwn(_ dialect: Dialect, _ fields: ClientFields) -> Bool {
        fields.dialect == dialect || extra?.dialect == dialect || turns.contains { $0.extra?.dialect == dialect }
    }
}
