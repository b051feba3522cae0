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

    /// What one side says before the other speaks again.
    struct Side {
        var isModel: Bool
        var pieces: [Piece]

        var calls: [ToolCall] { pieces.compactMap(\.part.toolCall) }
    }

    private(set) var sides: [Side] = []

    /// Arranges turns for a model that speaks a dialect.
    init(_ turns: [Turn], for dialect: Dialect, _ model: ModelID) {
        for turn in turns { add(turn, dialect, model) }
        for index in sides.indices where !sides[index].isModel {
            arrangeResults(at: index, calls: index > 0 ? sides[index - 1].calls : [])
        }
        if sides.first?.isModel == true {
            sides.insert(Side(isModel: false, pieces: [Piece(part: .text("."))]), at: 0)
        }
    }

    private mutating func add(_ turn: Turn, _ dialect: Dialect, _ model: ModelID) {
        var pieces: [Piece] = []
        for (index, part) in turn.parts.enumerated() where Self.means(part, dialect, model) {
            pieces.append(Piece(part: part, extra: TurnBuilder.extra(of: turn, part: index, dialect)))
        }
        switch turn.role {
        case .assistant:
            guard !pieces.isEmpty else { return }
            append(pieces, isModel: true)
        case .system:
            append([Piece(part: .text("[operator note] \(turn.text)"))], isModel: false)
        case .user, .tool:
            append(pieces.isEmpty ? [Piece(part: .text("."))] : pieces, isModel: false)
        }
    }

    private mutating func append(_ pieces: [Piece], isModel: Bool) {
        if sides.last?.isModel == isModel {
            sides[sides.count - 1].pieces += pieces
        } else {
            sides.append(Side(isModel: isModel, pieces: pieces))
        }
    }

    /// Whether a part says anything to a model: empty text and what belongs to others do not.
    private static func means(_ part: ContentPart, _ dialect: Dialect, _ model: ModelID) -> Bool {
        switch part {
        case .text(let text), .refusal(let text): text.contains { !$0.isWhitespace }
        case .opaque(let own, _): own == dialect
        case .reasoning(let reasoning): reasoning.opaque?.belongs(to: model, in: dialect) ?? false
        case .image, .audio, .document, .toolCall, .toolResult: true
        }
    }

    /// Puts the results of the calls before this side first, in the order of the calls.
    ///
    /// Of two results for one call the later counts; a call without one gets a result that says so; a result without a
    /// call is told as text.
    private mutating func arrangeResults(at index: Int, calls: [ToolCall]) {
        var results: [String: Piece] = [:]
        var rest: [Piece] = []
        let ids = Set(calls.map(\.id))
        for piece in sides[index].pieces {
            guard case .toolResult(let result) = piece.part else {
                rest.append(piece)
                continue
            }
            if ids.contains(result.callID) {
                results[result.callID] = piece
            } else {
                rest.append(Piece(part: .text("[tool result \(result.name ?? result.callID)] \(result.text)")))
            }
        }
        var arranged: [Piece] = []
        for call in calls {
            var piece =
                results[call.id]
                ?? Piece(part: .toolResult(ToolResult(callID: call.id, parts: [.text("(no result)")], isError: true)))
            if case .toolResult(var result) = piece.part {
                result.name = call.name
                piece.part = .toolResult(result)
            }
            arranged.append(piece)
        }
        sides[index].pieces = arranged + rest
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
}
