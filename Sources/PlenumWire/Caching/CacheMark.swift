import PlenumCore

/// A place up to which the prompt is to be kept by the provider (wire notes 2.6): `cache_control` of 5 minutes or 1 hour
/// at Anthropic and at OpenRouter, `prompt_cache_breakpoint` of 30 minutes or 12 hours at OpenAI.
struct CacheMark: Hashable {
    /// The members that are marks.
    static let names: Set<String> = ["cache_control", "prompt_cache_breakpoint"]

    /// Whether it is to be kept for the longer of the two times.
    var isLong: Bool
    /// Whether the client said it as OpenAI does.
    var isBreakpoint = false

    init(isLong: Bool) { self.isLong = isLong }

    /// Reads a mark among the members of a part or of a message, or else the last among the parts in it; `nil` if there
    /// is none.
    init?(_ fields: JSONObject) {
        if let mark = fields["prompt_cache_breakpoint"], mark.object != nil {
            isLong = mark["ttl"] == "12h"
            isBreakpoint = true
            return
        }
        if let mark = fields["cache_control"], mark.object != nil {
            isLong = mark["ttl"] == "1h"
            return
        }
        let parts = (fields["content"]?.array ?? []) + (fields["output"]?.array ?? [])
        for case .object(let part) in parts.reversed() where Self.names.contains(where: { part[$0] != nil }) {
            guard let mark = CacheMark(part) else { continue }
            self = mark
            return
        }
        return nil
    }

    /// Finds the mark on a part of a turn, whatever the dialect in which it was said.
    init?(of turn: Turn, part index: Int) {
        guard let dialect = turn.extra?.dialect, let fields = TurnBuilder.extra(of: turn, part: index, dialect),
            let mark = CacheMark(fields)
        else { return nil }
        self = mark
    }

    /// Finds the last mark in a turn.
    init?(in turn: Turn) {
        let marks = turn.parts.indices.compactMap { CacheMark(of: turn, part: $0) }
        guard let mark = marks.last ?? turn.extra.flatMap({ CacheMark($0.fields) }) else { return nil }
        self = mark
    }

    /// The value of `cache_control`.
    var control: JSONValue {
        isLong ? ["type": "ephemeral", "ttl": "1h"] : ["type": "ephemeral"]
    }

    /// The value of `prompt_cache_breakpoint`.
    var breakpoint: JSONValue {
        ["mode": "explicit", "ttl": isLong ? "12h" : "30m"]
    }

    /// The member as a provider that speaks one of OpenAI's dialects takes it; `nil` if it takes none. Losing a mark
    /// changes no answer and is not told.
    func member(_ quirks: Quirks, _ capabilities: ModelCapabilities) -> JSONObject.Member? {
        switch quirks.cacheMarks {
        case .none: return nil
        case .control: return ("cache_control", control)
        case .breakpoint:
            guard isBreakpoint || capabilities[.cacheBreakpoints] == true else { return nil }
            return ("prompt_cache_breakpoint", breakpoint)
        }
    }
}

extension SystemText {
    /// The mark that the client put on it. Of several parts in one message each may have one.
    var cacheMark: CacheMark? { extra.flatMap { CacheMark($0.fields) } }
}
