import PlenumCore

/// Reads replies of Messages, whole and streamed (wire notes 1.3; traffic notes 9 to 17).
struct AnthropicReplyFold: ReplyFold {
    private let tag: [UInt8]
    private let provider: String
    /// Whether the answer comes as the arguments of ``AnthropicOutputTool``.
    private let answersByTool: Bool
    private var blocks: [Int: AnthropicBlock] = [:]
    private var callCount = 0
    private var usage = AnthropicUsage()
    private var toldUsage: Usage?
    private var isFinished = false
    private var isEnded = false
    private var isStarted = false

    init(_ request: CompletionRequest) {
        tag = request.tag.description.jsonBytes
        provider = request.tag.provider
        answersByTool = AnthropicOutputTool.isUsed(request)
    }

    mutating func take(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        if isEnded || input.span.isEmpty { return }
        let event = try readingUpstream { () throws(JSONError) in try AnthropicEvent(input) }
        if event.kind == .error || input.isNamedError { throw error(input) }
        do {
            try apply(event, input, &output)
        } catch {
            throw .unreadable(error)
        }
    }

    mutating func finish(stray: [UInt8], into output: inout FoldOutput) throws(PlenumError) {
        if isEnded { return }
        if let report = ErrorReport(body: stray) { throw UpstreamErrors.inReply(report, provider: provider) }
        throw .cutOff
    }

    private func error(_ input: FoldInput) -> PlenumError {
        UpstreamErrors.inReply(ErrorReport(body: Array(input.bytes[input.span])), provider: provider)
    }

    private mutating func apply(
        _ event: AnthropicEvent,
        _ input: FoldInput,
        _ output: inout FoldOutput
    ) throws(JSONError) {
        switch event.kind {
        case .messageStart:
            guard let span = event.message else { return }
            try readMessage(input, span, &output)
            tellUsage(&output.events)
        case .blockStart:
            guard let span = event.block else { return }
            var reader = JSONReader(input.bytes, from: span.lowerBound)
            try open(try reader.readValue(), at: event.index, &output.events)
        case .blockDelta:
            guard let span = event.delta, let block = blocks.removeValue(forKey: event.index) else { return }
            var grown = block
            var reader = JSONReader(input.bytes, from: span.lowerBound)
            try grown.read(&reader, &output.events)
            blocks[event.index] = grown
        case .blockStop: blocks.removeValue(forKey: event.index)?.close(&output.events)
        case .messageDelta:
            var stop = JSONValue.null
            if let span = event.delta {
                var reader = JSONReader(input.bytes, from: span.lowerBound)
                stop = try reader.readValue()
            }
            try readUsage(input, event.usage)
            finish(stop, &output.events)
        case .messageStop: end(&output.events)
        case .error, .other: break
        }
    }

    /// Takes a whole reply.
    mutating func takeWhole(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        let body = try readingUpstream { () throws(JSONError) in
            let event = try AnthropicEvent(input)
            var reader = input.reader
            try reader.skip()
            try reader.finish()
            return event
        }
        if body.kind == .error { throw error(input) }
        guard let content = body.content else {
            throw PlenumError(.badUpstream, "The provider's answer has no content; try again.")
        }
        do throws(JSONError) {
            let stop = try readMessage(input, input.span, &output)
            var reader = JSONReader(input.bytes, from: content.lowerBound)
            guard let listed = try reader.readValue().array else {
                throw JSONError("a list of content blocks was expected", at: content.lowerBound)
            }
            for (index, block) in listed.enumerated() {
                try open(block, at: index, &output.events)
                blocks.removeValue(forKey: index)?.close(&output.events)
            }
            finish(stop, &output.events)
            end(&output.events)
        } catch {
            throw .unreadable(error)
        }
    }

    /// Reads the members of a message but its content; gives those that tell why it stopped.
    @discardableResult
    private mutating func readMessage(
        _ input: FoldInput,
        _ span: Range<Int>,
        _ output: inout FoldOutput
    ) throws(JSONError) -> JSONValue {
        var reader = JSONReader(input.bytes, from: span.lowerBound)
        var id: String?
        var model: String?
        var stop = JSONObject()
        guard try reader.enterObjectIfAny() else { return .null }
        while let key = try reader.nextKey() {
            switch key {
            case "id": id = try reader.stringIfAny()
            case "model":
                var again = reader
                let span = try reader.skip()
                model = try again.stringIfAny()
                if input.isVerbatim { output.splices.replace(span, with: tag) }
            case "stop_reason": stop["stop_reason"] = try reader.readValue()
            case "stop_sequence": stop["stop_sequence"] = try reader.readValue()
            case "stop_details": stop["stop_details"] = try reader.readValue()
            case "usage": try usage.read(&reader)
            default: try reader.skip()
            }
        }
        if !isStarted {
            isStarted = true
            output.events.append(.start(id: id, model: model))
        }
        return .object(stop)
    }

    private mutating func open(
        _ block: JSONValue,
        at index: Int,
        _ events: inout [ReplyEvent]
    ) throws(JSONError) {
        let opened = AnthropicBlock(block, callIndex: callCount, answersByTool: answersByTool, &events)
        if case .call = opened { callCount += 1 }
        blocks[index] = opened
    }

    private mutating func readUsage(_ input: FoldInput, _ span: Range<Int>?) throws(JSONError) {
        guard let span else { return }
        var reader = JSONReader(input.bytes, from: span.lowerBound)
        try usage.read(&reader)
    }

    private mutating func tellUsage(_ events: inout [ReplyEvent]) {
        guard usage.isCounted, usage.value != toldUsage else { return }
        toldUsage = usage.value
        events.append(.usage(usage.value))
    }

    private mutating func finish(_ stop: JSONValue, _ events: inout [ReplyEvent]) {
        tellUsage(&events)
        guard let word = stop["stop_reason"]?.string, !isFinished else { return }
        isFinished = true
        var reason = AnthropicFinish.read(word)
        // The tool by which the model answers is nobody's call.
        if answersByTool, reason.meaning == .toolUse, callCount == 0 { reason.meaning = .endTurn }
        reason.detail = stop["stop_sequence"]?.string ?? stop["stop_details"]?["explanation"]?.string
        events.append(.finish(reason))
    }

    private mutating func end(_ events: inout [ReplyEvent]) {
        for index in blocks.keys.sorted() { blocks.removeValue(forKey: index)?.close(&events) }
        if !isFinished { events.append(.finish(FinishReason(callCount > 0 ? .toolUse : .endTurn))) }
        isFinished = true
        isEnded = true
        events.append(.end)
    }
}

/// One event of the stream: its kind, and where its parts stand.
struct AnthropicEvent {
    /// The types of event that matter.
    enum Kind: Sendable {
        case messageStart, blockStart, blockDelta, blockStop, messageDelta, messageStop, error, other
    }

    var kind = Kind.other
    var index = 0
    var message: Range<Int>?
    var block: Range<Int>?
    var delta: Range<Int>?
    var usage: Range<Int>?
    var content: Range<Int>?

    /// Reads the top level of an event, or of a whole message.
    init(_ input: FoldInput) throws(JSONError) {
        var reader = input.reader
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "type": kind = Self.kind(input.bytes[try reader.skip()])
            case "index": index = try reader.intIfAny() ?? 0
            case "message": message = try reader.skip()
            case "content_block": block = try reader.skip()
            case "delta": delta = try reader.skip()
            case "usage": usage = try reader.skip()
            case "content": content = try reader.skip()
            default: try reader.skip()
            }
        }
        try input.check(reader)
    }

    private static func kind(_ quoted: ArraySlice<UInt8>) -> Kind {
        func isWord(_ word: StaticString) -> Bool {
            guard quoted.count == word.utf8CodeUnitCount + 2 else { return false }
            return word.withUTF8Buffer { quoted.dropFirst().dropLast().elementsEqual($0) }
        }
        if isWord("content_block_delta") { return .blockDelta }
        if isWord("content_block_start") { return .blockStart }
        if isWord("content_block_stop") { return .blockStop }
        if isWord("message_start") { return .messageStart }
        if isWord("message_delta") { return .messageDelta }
        if isWord("message_stop") { return .messageStop }
        if isWord("error") { return .error }
        return .other
    }
}

/// Stop reasons (wire notes 2.8).
enum AnthropicFinish {
    static func read(_ word: String) -> FinishReason {
        let meaning: FinishReason.Meaning =
            switch word {
            case "end_turn": .endTurn
            case "max_tokens": .maxTokens
            case "stop_sequence": .stopSequence
            case "tool_use": .toolUse
            case "pause_turn": .pause
            case "refusal": .refusal
            case "model_context_window_exceeded": .contextExceeded
            default: .unknown
            }
        return FinishReason(meaning, native: word)
    }

    /// The word for a reason. Without one, calls are waited for if there are any.
    static func word(_ reason: FinishReason?, hasCalls: Bool) -> String {
        guard let reason else { return hasCalls ? "tool_use" : "end_turn" }
        return switch reason.meaning {
        case .toolUse: "tool_use"
        case .maxTokens: "max_tokens"
        case .stopSequence: "stop_sequence"
        case .contextExceeded: "model_context_window_exceeded"
        case .refusal, .contentFilter: "refusal"
        case .pause: "pause_turn"
        case .endTurn, .malformedCall, .unknown: "end_turn"
        }
    }

    /// Writes `stop_reason` and what belongs to it.
    static func write(_ reason: FinishReason?, hasCalls: Bool, _ writer: inout JSONWriter) {
        let word = word(reason, hasCalls: hasCalls)
        writer.member("stop_reason", word)
        writer.member("stop_sequence", word == "stop_sequence" ? reason?.detail : nil)
        guard word == "refusal", let detail = reason?.detail else { return }
        writer.member(
            "stop_details",
            ["type": "refusal", "category": .null, "explanation": .string(detail)] as JSONValue
        )
    }
}
