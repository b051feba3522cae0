import PlenumCore

/// Reads replies of Chat Completions, whole and streamed (wire notes 1.1, 2.8 and 2.11).
struct ChatReplyFold: ReplyFold {
    private let tag: [UInt8]
    private let provider: String
    private let hidesUsage: Bool
    private let renamesThoughts: Bool
    private var id: String?
    private var calls = ChatToolCalls()
    private var details = ChatReasoningDetails()
    private var usage: Usage?
    private var isStarted = false
    private var isFinished = false
    private var isEnded = false

    init(_ request: CompletionRequest) {
        tag = request.tag.description.jsonBytes
        provider = request.tag.provider
        renamesThoughts = request.verbatim(in: .openAIChat)?.isOpenRouters ?? false
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
        if let failure = ChatFinish.failure(chunk.finishReason, provider: provider), !isFinished { throw failure }
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
        if let failure = ChatFinish.failure(chunk.finishReason, provider: provider) { throw failure }
        guard chunk.hasChoices else {
            throw PlenumError(.badUpstream, "The provider's answer has no choices; try again.")
        }
        if input.isVerbatim { rename(chunk, &output.splices) }
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
        rename(chunk, &splices)
    }

    /// Puts the client's names in the place of the provider's: that of the model, and that of its thoughts.
    private func rename(_ chunk: ChatChunk, _ splices: inout ByteSplices) {
        if let span = chunk.modelSpan { splices.replace(span, with: tag) }
        if renamesThoughts, let span = chunk.delta.thoughtsKey { splices.replace(span, with: Array("reasoning".utf8)) }
    }

    private mutating func apply(_ chunk: ChatChunk, _ events: inout [ReplyEvent]) {
        start(chunk, &events)
        let delta = chunk.delta
        think(delta, &events)
        if delta.saysMore { tellDetails(&events) }
        events += delta.pieces
        if let text = delta.text, !text.isEmpty { events.append(.text(text)) }
        if let refusal = delta.refusal, !refusal.isEmpty { events.append(.refusal(refusal)) }
        for call in delta.calls { calls.take(call, replyID: id, into: &events) }
        if let reason = chunk.finishReason, !reason.isEmpty, !isFinished {
            isFinished = true
            close(&events)
            var finish = ChatFinish.read(reason, hasCalls: !calls.isEmpty)
            // vLLM says tool_calls even where the limit cut the arguments off.
            if reason == "tool_calls", calls.isCutOff { finish.meaning = .maxTokens }
            if finish.meaning == .endTurn, chunk.stopText?.isEmpty == false { finish.meaning = .stopSequence }
            events.append(.finish(finish))
        }
        if let counted = chunk.usage, counted != usage {
            usage = counted
            events.append(.usage(counted))
        }
    }

    /// Tells thoughts. Where they stand in details alone, those are read.
    private mutating func think(_ delta: ChatDelta, _ events: inout [ReplyEvent]) {
        let told = delta.reasoning ?? delta.details.compactMap(ChatReasoningDetails.text).joined(separator: "\n\n")
        if !told.isEmpty { events.append(.reasoning(told)) }
        for state in delta.states { events.append(.reasoningState(state)) }
        for detail in delta.details { details.take(detail) }
    }

    /// Tells the details so far: they belong to the thoughts that end here.
    private mutating func tellDetails(_ events: inout [ReplyEvent]) {
        guard let state = details.state else { return }
        details = ChatReasoningDetails()
        events.append(.reasoningState(state))
    }

    /// Ends what only its own end completes.
    private mutating func close(_ events: inout [ReplyEvent]) {
        tellDetails(&events)
        calls.finish(into: &events)
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
        close(&events)
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
            case "stop", "eos", "eos_token", "end_turn": hasCalls ? .toolUse : .endTurn
            case "stop_sequence": .stopSequence
            case "tool_calls", "function_call", "tool_use": .toolUse
            case "length", "max_tokens", "model_length": .maxTokens
            case "content_filter", "safety": .contentFilter
            case "tool_use_failed": .malformedCall
            default: .unknown
            }
        return FinishReason(meaning, native: word)
    }

    /// The error that a finish reason tells of: DeepSeek's `insufficient_system_resource`, and `error` of Mistral and
    /// OpenRouter; `nil` for any other.
    static func failure(_ word: String?, provider: String) -> PlenumError? {
        switch word {
        case "error": UpstreamErrors.inReply(nil, provider: provider)
        case "insufficient_system_resource":
            PlenumError(.overloaded, "[\(provider)] The provider ran out of resources in the middle; try again.")
        default: nil
        }
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
