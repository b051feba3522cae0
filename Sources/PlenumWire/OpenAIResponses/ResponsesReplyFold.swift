import PlenumCore

/// Reads replies of Responses, whole and streamed (wire notes 1.2, 2.8 and 2.11; traffic notes 26 to 31).
struct ResponsesReplyFold: ReplyFold {
    private let tag: [UInt8]
    private let provider: String
    private let replyID: [UInt8]?
    private var items = ResponsesOutputItems()
    private var isStarted = false
    private var isEnded = false

    init(_ request: CompletionRequest) {
        tag = request.tag.description.jsonBytes
        provider = request.tag.provider
        replyID = request.verbatim(in: .openAIResponses)?.replyID?.jsonBytes
    }

    mutating func take(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        // Some that imitate OpenAI end with the word of Chat; it says nothing here.
        if isEnded || input.span.isEmpty || input.isDone { return }
        let event = try readingUpstream { () throws(JSONError) in try ResponsesEvent(input) }
        if event.kind == .error || input.isNamedError { throw eventError(input) }
        if event.error != nil, !event.hasType { throw eventError(input) }
        if let span = event.response {
            let isLast = [.completed, .incomplete, .failed, .cancelled].contains(event.kind)
            let body = try readingUpstream { () throws(JSONError) in
                var reader = JSONReader(input.bytes, from: span.lowerBound)
                guard try reader.peek() == .object else { throw JSONError("an object was expected", at: 0) }
                return try ResponsesBody(&reader, wantsOutput: isLast)
            }
            splice(body, input, &output.splices)
            start(body, &output.events)
            if isLast { try end(body, event.kind, &output.events) }
        } else {
            try readingUpstream { () throws(JSONError) in try apply(event, input, &output.events) }
        }
    }

    /// Takes a whole reply.
    mutating func takeWhole(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        let body = try readingUpstream { () throws(JSONError) in
            var reader = input.reader
            let body = try ResponsesBody(&reader, wantsOutput: true)
            try reader.finish()
            return body
        }
        if body.error == nil, body.output == nil {
            throw PlenumError(.badUpstream, "The provider's answer has no output; try again.")
        }
        splice(body, input, &output.splices)
        start(body, &output.events)
        switch body.status {
        case "failed"?: try end(body, .failed, &output.events)
        case "cancelled"?: try end(body, .cancelled, &output.events)
        case "queued"?, "in_progress"?:
            throw PlenumError(.badUpstream, "The provider's answer is not finished; try again.")
        default: try end(body, body.error == nil ? .completed : .failed, &output.events)
        }
    }

    mutating func finish(stray: [UInt8], into output: inout FoldOutput) throws(PlenumError) {
        if isEnded { return }
        if let report = ErrorReport(body: stray) { throw UpstreamErrors.inReply(report, provider: provider) }
        throw .cutOff
    }

    // MARK: Steps

    private func splice(_ body: ResponsesBody, _ input: FoldInput, _ splices: inout ByteSplices) {
        guard input.isVerbatim else { return }
        if let span = body.modelSpan { splices.replace(span, with: tag) }
        if let span = body.idSpan, let replyID { splices.replace(span, with: replyID) }
    }

    private mutating func start(_ body: ResponsesBody?, _ events: inout [ReplyEvent]) {
        guard !isStarted else { return }
        isStarted = true
        events.append(.start(id: body?.id, model: body?.model))
    }

    private mutating func apply(
        _ event: ResponsesEvent,
        _ input: FoldInput,
        _ events: inout [ReplyEvent]
    ) throws(JSONError) {
        if event.kind == .other || event.kind == .begins { return }
        start(nil, &events)
        if let span = event.item {
            var reader = JSONReader(input.bytes, from: span.lowerBound)
            let item = try reader.readValue()
            if event.kind == .itemAdded { items.begin(item, at: event.index, &events) }
            if event.kind == .itemDone { items.end(item, at: event.index, &events) }
        } else if let span = event.text {
            var reader = JSONReader(input.bytes, from: span.lowerBound)
            guard let text = try reader.stringIfAny(), !text.isEmpty else { return }
            items.take(text, of: event, &events)
        }
    }

    /// Ends the reply: what only its last event holds is told now.
    private mutating func end(
        _ body: ResponsesBody,
        _ kind: ResponsesEvent.Kind,
        _ events: inout [ReplyEvent]
    ) throws(PlenumError) {
        if kind == .failed { throw error(body.error) }
        if kind == .cancelled {
            throw PlenumError(.upstreamInterrupted, "[\(provider)] The provider's answer was cancelled; try again.")
        }
        items.complete(body.output ?? [], &events)
        if let usage = body.usage { events.append(.usage(usage)) }
        var body = body
        if kind == .incomplete { body.status = "incomplete" }
        events.append(.finish(ResponsesFinish.read(body, hasCalls: items.hasCalls, hasRefusal: items.hasRefusal)))
        events.append(.end)
        isEnded = true
    }

    // MARK: Errors

    /// The error of an event, which has it flat or in a member of its own.
    private func eventError(_ input: FoldInput) -> PlenumError {
        let tree = try? JSONValue(parsing: Array(input.bytes[input.span]))
        if let nested = tree?["error"], !nested.isNull { return error(nested) }
        if let nested = tree?["response"]?["error"], !nested.isNull { return error(nested) }
        var flat = tree?.object
        // The type of the event is none of the error.
        flat?["type"] = nil
        return error(flat.map { .object($0) })
    }

    private func error(_ tree: JSONValue?) -> PlenumError {
        let report = tree.flatMap { ErrorReport(["error": $0]) }
        return UpstreamErrors.inReply(report, provider: provider)
    }
}
