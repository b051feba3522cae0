import PlenumCore

/// Reads replies of Chat Completions, whole and streamed (wire notes 1.1, 2.8 and 2.11).
struct ChatReplyFold: ReplyFold {
    private let tag: [UInt8]
    private let provider: String
    private let hidesUsage: Bool
    private var id: String?
    private var calls = ChatToolCalls()
    private var usage: Usage?
    private var isStarted = false
    private var isFinished = false
    private var isEnded = false

    init(_ request: CompletionRequest) {
        tag = request.tag.description.jsonBytes
        provider = request.tag.provider
        hidesUsage = request.stream && request.verbatim(in: .openAIChat)?.wantsUsage == false
    }

    mutating func take(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        if input.span.isEmpty { return }
        if input.isDone { return end(&output.events) }
        let chunk = try readingUpstream { () throws(JSONError) in
            var reader = input.reader
            let chunk = try ChatChunk(&reader, skipsNames: isStarted)
            try input.check(reader)
            return chunk
        }
        if input.isNamedError || chunk.errorSpan != nil { throw error(input) }
        if isEnded { return }
        if input.isVerbatim { splice(chunk, input, &output.splices) }
        apply(chunk, &output.events)
    }

    /// Takes a whole reply.
    mutating func takeWhole(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        let chunk = try readingUpstream { () throws(JSONError) in
            var reader = input.reader
            let chunk = try ChatChunk(&reader, skipsNames: false)
            try reader.finish()
            return chunk
        }
        if chunk.errorSpan != nil { throw error(input) }
        guard chunk.hasChoices else {
            throw PlenumError(.badUpstream, "The provider's answer has no choices; try again.")
        }
        if input.isVerbatim, let span = chunk.modelSpan { output.splices.replace(span, with: tag) }
        apply(chunk, &output.events)
        end(&output.events)
    }

    mutating func finish(stray: [UInt8], into output: inout FoldOutput) throws(PlenumError) {
        if isEnded { return }
        if let report = ErrorReport(body: stray) { throw UpstreamErrors.inReply(report, provider: provider) }
        guard isFinished else { throw .cutOff }
        end(&output.events)
    }

    private func error(_ input: FoldInput) -> PlenumError {
        UpstreamErrors.inReply(ErrorReport(body: Array(input.bytes[input.span])), provider: provider)
    }

    private mutating func splice(_ chunk: ChatChunk, _ input: FoldInput, _ splices: inout ByteSplices) {
        if hidesUsage, !chunk.hasChoices, chunk.usage != nil, let raw = input.raw { return splices.remove(raw) }
        if let span = chunk.modelSpan { splices.replace(span, with: tag) }
    }

    private mutating func apply(_ chunk: ChatChunk, _ events: inout [ReplyEvent]) {
        start(chunk, &events)
        let delta = chunk.delta
        if let thought = delta.reasoning, !thought.isEmpty { events.append(.reasoning(thought)) }
        for state in delta.states { events.append(.reasoningState(state)) }
        events += delta.pieces
        if let text = delta.text, !text.isEmpty { events.append(.text(text)) }
        if let refusal = delta.refusal, !refusal.isEmpty { events.append(.refusal(refusal)) }
        for call in delta.calls { calls.take(call, replyID: id, into: &events) }
        if let reason = chunk.finishReason, !reason.isEmpty, !isFinished {
            isFinished = true
            events.append(.finish(ChatFinish.read(reason, hasCalls: !calls.isEmpty)))
        }
        if let counted = chunk.usage, counted != usage {
            usage = counted
            events.append(.usage(counted))
        }
    }

    /// Tells the beginning once something names or says anything; Azure's first chunk does neither.
    private mutating func start(_ chunk: ChatChunk, _ events: inout [ReplyEvent]) {
        guard !isStarted else { return }
        let model = chunk.model.flatMap { $0.isEmpty ? nil : $0 }
        id = chunk.id.flatMap { $0.isEmpty ? nil : $0 }
        guard id != nil || model != nil || chunk.hasChoices else { return }
        isStarted = true
        events.append(.start(id: id, model: model))
    }

    private mutating func end(_ events: inout [ReplyEvent]) {
        guard !isEnded else { return }
        isEnded = true
        if !isFinished { events.append(.finish(FinishReason(calls.isEmpty ? .endTurn : .toolUse))) }
        events.append(.end)
    }
}

/// Finish reasons (wire notes 2.8).
enum ChatFinish {
    /// Reads `finish_reason`. A forced call ends with `stop`; a call cut off by the limit stays cut off.
    static func read(_ word: String, hasCalls: Bool) -> FinishReason {
        let meaning: FinishReason.Meaning =
            switch word {
            case "stop", "eos": hasCalls ? .toolUse : .endTurn
            case "tool_calls", "function_call": .toolUse
            case "length", "max_tokens", "model_length": .maxTokens
            case "content_filter": .contentFilter
            default: .unknown
            }
        return FinishReason(meaning, native: word)
    }

    /// Writes `finish_reason`.
    static func word(_ reason: FinishReason?) -> String {
        switch reason?.meaning {
        case .toolUse?: "tool_calls"
        case .maxTokens?, .contextExceeded?: "length"
        case .refusal?, .contentFilter?: "content_filter"
        case .endTurn?, .stopSequence?, .pause?, .malformedCall?, .unknown?, nil: "stop"
        }
    }
}
