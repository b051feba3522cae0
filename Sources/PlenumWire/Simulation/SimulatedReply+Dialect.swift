public import PlenumCore

extension SimulatedReply {
    /// The answer as a provider of a dialect gives it: its thoughts with the state that such a provider wants back, its
    /// calls with ids of that provider's form.
    ///
    /// Anthropic signs thoughts where they end, OpenAI's Responses encrypt them, Gemini signs the first call of a turn, or
    /// the end of the text if there is none (wire notes 1.3, 1.2, 1.4). Chat Completions have no state.
    public func dressed(for dialect: Dialect) -> SimulatedReply {
        var dressed = self
        let thoughts = Reply(events).reasoningText
        switch dialect {
        case .openAIChat: break
        case .anthropicMessages: dressed.seal(thoughts, .anthropicSignature)
        case .openAIResponses: dressed.seal(thoughts, .openAIEncrypted)
        case .gemini: dressed.events = Self.signed(events, thoughts)
        }
        return dressed
    }

    private mutating func seal(_ thoughts: String, _ kind: OpaqueState.Kind) {
        let last = events.lastIndex { if case .reasoning = $0 { true } else { false } }
        guard let last else { return }
        events.insert(.reasoningState(OpaqueState(kind, SimulatedSeal.of(thoughts))), at: last + 1)
    }

    private static func signed(_ events: [ReplyEvent], _ thoughts: String) -> [ReplyEvent] {
        var state = thoughts.isEmpty ? nil : OpaqueState(.geminiSignature, SimulatedSeal.of(thoughts))
        var signed: [ReplyEvent] = []
        for event in events {
            switch event {
            case .toolCall(let index, let id, let name, _):
                signed.append(.toolCall(index: index, id: googles(id), name: name, opaque: state))
                state = nil
            case .finish:
                if let state { signed.append(.reasoningState(state)) }
                signed.append(event)
            default: signed.append(event)
            }
        }
        return signed
    }

    /// An id of eight lower-case letters and digits, as Google's are, from the number at the end of another.
    private static func googles(_ id: String) -> String {
        let digits = String(id.reversed().prefix { $0.isNumber }.reversed()).suffix(5)
        return "sim" + String(repeating: "0", count: 5 - digits.count) + digits
    }
}
