import PlenumCore

/// A conversation as the messages of Chat: each result right after the call that it answers (wire notes 2.1 and 2.2).
///
/// Results keep the order in which they came. Of two for one call the later counts; a call that goes without one while
/// others speak gets one that says so; a result without a call is told as text. It is a pure function of the turns from
/// the first on, so that a longer history begins with the same messages.
struct ChatHistory {
    /// A part with the members that only a dialect knows.
    struct Piece {
        var part: ContentPart
        /// Members of Chat's own.
        var extra: JSONObject?
        /// Whether the prompt up to here is to be kept, as any dialect says it.
        var mark: CacheMark?
    }

    /// A message.
    enum Entry {
        case system(SystemText)
        case user([Piece], name: String?, extra: JSONObject?)
        case assistant(Turn)
        case result(ToolResult, mark: CacheMark?, extra: JSONObject?)
    }

    private(set) var entries: [Entry] = []
    private(set) var warnings: [RequestWarning] = []
    /// The calls of the last assistant turn.
    private var calls: [ToolCall] = []
    private var results: [(result: ToolResult, mark: CacheMark?, extra: JSONObject?)] = []
    /// What is said after those calls, before the assistant speaks again.
    private var others: [Entry] = []

    init(_ chat: ChatRequest) {
        for text in chat.instructions where text.text.contains(where: { !$0.isWhitespace }) {
            entries.append(.system(text))
        }
        for turn in chat.turns { add(turn) }
        flush(isLast: true)
    }

    private mutating func add(_ turn: Turn) {
        switch turn.role {
        case .system: others.append(.system(Self.system(turn)))
        case .user, .tool: addUser(turn)
        case .assistant:
            flush(isLast: false)
            entries.append(.assistant(turn))
            calls = turn.parts.compactMap(\.toolCall)
        }
    }

    private static func system(_ turn: Turn) -> SystemText {
        guard var extra = turn.extra, extra.dialect == .openAIChat else {
            return CacheMark(in: turn).map { mark in
                let member: JSONObject.Member = ("cache_control", mark.control)
                return SystemText(turn.text, extra: DialectFields(.anthropicMessages, JSONObject([member])))
            } ?? SystemText(turn.text)
        }
        let role: SystemText.Role = extra.fields["role"] == "developer" ? .developer : .system
        extra.fields["role"] = nil
        return SystemText(turn.text, role: role, extra: DialectFields(.openAIChat, extra.fields))
    }

    private mutating func addUser(_ turn: Turn) {
        let extra = TurnBuilder.extra(of: turn, .openAIChat)
        var said: [Piece] = []
        var shown: [Piece] = []
        for (index, part) in turn.parts.enumerated() {
            guard case .toolResult(let result) = part else {
                said.append(Self.piece(part, of: turn, at: index))
                continue
            }
            let pictures = result.parts.filter(\.isShown)
            if !pictures.isEmpty {
                warnings.append(RequestWarning("messages.tool_result.parts", .moved))
                shown.append(Piece(part: .text("[shown by the tool call \(result.callID)]")))
                shown += pictures.map { Piece(part: $0) }
            }
            take(result, CacheMark(of: turn, part: index), extra: turn.role == .tool ? extra : nil, &said)
        }
        if !shown.isEmpty { others.append(.user(shown, name: nil, extra: nil)) }
        guard !said.isEmpty || (turn.role == .user && turn.parts.isEmpty) else { return }
        others.append(.user(said, name: turn.name, extra: turn.role == .user ? extra : nil))
    }

    private mutating func take(
        _ result: ToolResult,
        _ mark: CacheMark?,
        extra: JSONObject?,
        _ said: inout [Piece]
    ) {
        guard calls.contains(where: { $0.id == result.callID }) else {
            warnings.append(RequestWarning("messages.tool_result", .converted))
            let text = "[tool result \(result.name ?? result.callID)] \(result.text)"
            said.append(Piece(part: .text(text), mark: mark))
            return
        }
        if let earlier = results.firstIndex(where: { $0.result.callID == result.callID }) {
            warnings.append(RequestWarning("messages.tool_result", .dropped))
            results.remove(at: earlier)
        }
        results.append((result, mark, extra))
    }

    /// Ends what follows an assistant's turn.
    private mutating func flush(isLast: Bool) {
        for (result, mark, extra) in results { entries.append(.result(result, mark: mark, extra: extra)) }
        if !isLast || !others.isEmpty || !results.isEmpty {
            for call in calls where !results.contains(where: { $0.result.callID == call.id }) {
                warnings.append(RequestWarning("messages.tool_result", .added))
                let nothing = ToolResult(callID: call.id, parts: [.text("(no result)")])
                entries.append(.result(nothing, mark: nil, extra: nil))
            }
        }
        entries += others
        (calls, results, others) = ([], [], [])
    }

    /// A part of a turn, with its marks.
    static func piece(_ part: ContentPart, of turn: Turn, at index: Int) -> Piece {
        let own = TurnBuilder.extra(of: turn, part: index, .openAIChat)
        return Piece(part: part, extra: own, mark: CacheMark(of: turn, part: index))
    }
}

extension ChatHistory {
    /// The messages for a server whose templates know system text at the beginning alone, and then user and assistant by
    /// turns: system messages at the beginning become one, later ones go into the user's, and messages of the user that
    /// follow each other become one.
    func withSystemFirst() -> ChatHistory {
        var folded = self
        folded.entries = []
        var leading: [SystemText] = []
        for entry in entries {
            switch entry {
            case .system(let text) where folded.entries.isEmpty: leading.append(text)
            case .system(let text):
                folded.warnings.append(RequestWarning("system", .moved))
                folded.append(user: [Piece(part: .text("[operator note] \(text.text)"))], name: nil, extra: nil)
            case .user(let pieces, let name, let extra): folded.append(user: pieces, name: name, extra: extra)
            default: folded.entries.append(entry)
            }
        }
        if let first = leading.first {
            let text = leading.map(\.text).joined(separator: "\n\n")
            folded.entries.insert(.system(leading.count == 1 ? first : SystemText(text)), at: 0)
        }
        return folded
    }

    private mutating func append(user pieces: [Piece], name: String?, extra: JSONObject?) {
        guard case .user(let before, let earlier, let fields)? = entries.last else {
            return entries.append(.user(pieces, name: name, extra: extra))
        }
        entries[entries.count - 1] = .user(before + pieces, name: earlier ?? name, extra: fields ?? extra)
    }
}

extension ContentPart {
    /// Whether it is something that a text cannot say.
    fileprivate var isShown: Bool {
        switch self {
        case .image, .audio, .document: true
        case .text, .refusal, .reasoning, .toolCall, .toolResult, .opaque: false
        }
    }
}
