import PlenumCore

/// Writes replies of Responses, streamed and whole (wire notes 1.2 and 2.11).
///
/// Official clients hold a stream to its grammar: an item is added before anything is said of it, its id is the same in
/// every event, positions have no gaps, and there is exactly one last event, which has all items once more.
struct ResponsesReplyWriter: ReplyWriter {
    let identity: ReplyIdentity
    private var items: ResponsesWrittenItems
    private var echo: JSONObject
    private var sequence = 0
    private var isStarted = false
    private var isEnded = false
    private var usage: Usage?
    private var finish: FinishReason?
    private var last: [UInt8] = []

    init(identity: ReplyIdentity) {
        self.identity = identity
        items = ResponsesWrittenItems(replyID: identity.id, freeformTools: identity.request.freeformTools)
        echo = ResponsesEcho.members(identity.request.members)
    }

    mutating func write(_ events: [ReplyEvent]) -> [UInt8] {
        var out: [UInt8] = []
        for event in events where !isEnded { write(event, &out) }
        return out
    }

    mutating func fail(_ error: PlenumError, isPartial: Bool) -> [UInt8] {
        guard !isEnded else { return [] }
        var out: [UInt8] = []
        start(&out)
        end("response.failed", response(status: "failed", error: error, isPartial: isPartial), &out)
        return out
    }

    private mutating func write(_ event: ReplyEvent, _ out: inout [UInt8]) {
        start(&out)
        switch event {
        case .start: break
        case .text(let text): items.say(text, as: .text)
        case .refusal(let text): items.say(text, as: .refusal)
        case .reasoning(let text): items.think(text)
        case .reasoningState(let state): items.close(thoughts: state)
        case .toolCall(let index, let id, let name, let state):
            items.beginCall(index, id: id, name: name, state: state)
        case .toolArguments(let index, let fragment): items.addArguments(index, fragment)
        case .opaque(.openAIResponses, let item): items.add(item)
        case .opaque: break
        case .usage(let usage): self.usage = usage
        case .finish(let reason): finish = finish ?? reason
        case .end: end(&out)
        }
        flush(&out)
    }

    private mutating func start(_ out: inout [UInt8]) {
        guard !isStarted else { return }
        isStarted = true
        let response = response(status: "in_progress")
        send("response.created", [("response", .raw(response))], &out)
        send("response.in_progress", [("response", .raw(response))], &out)
    }

    private mutating func flush(_ out: inout [UInt8]) {
        for event in items.takeEvents() { send(event.type, event.members, &out) }
    }

    private mutating func end(_ out: inout [UInt8]) {
        items.closeAll()
        flush(&out)
        if finish?.meaning == .malformedCall {
            let error = PlenumError(.badUpstream, "The model asked for a call that cannot be read; try again.")
            return end("response.failed", response(status: "failed", error: error, isPartial: true), &out)
        }
        if ResponsesFinish.reason(finish) == nil {
            end("response.completed", response(status: "completed"), &out)
        } else {
            end("response.incomplete", response(status: "incomplete"), &out)
        }
    }

    private mutating func end(_ type: StaticString, _ response: [UInt8], _ out: inout [UInt8]) {
        last = response
        send(type, [("response", .raw(response))], &out)
        isEnded = true
    }

    private mutating func send(
        _ type: StaticString,
        _ members: [(name: String, value: ResponsesWrittenItems.Value)],
        _ out: inout [UInt8]
    ) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", type.description)
        writer.member("sequence_number", sequence)
        sequence += 1
        for (name, value) in members {
            writer.key(name)
            switch value {
            case .raw(let bytes): writer.raw(bytes)
            case .json(let tree): writer.value(tree)
            case .text(let text): writer.string(text)
            case .int(let number): writer.int(number)
            }
        }
        writer.endObject()
        SSEWriter.append(writer.bytes, name: type, to: &out)
    }

    /// Writes the object `response` as it stands.
    private func response(status: String, error: PlenumError? = nil, isPartial: Bool? = nil) -> [UInt8] {
        var writer = JSONWriter(reserving: 1024)
        writer.beginObject()
        writer.member("id", identity.id)
        writer.member("object", "response")
        writer.member("created_at", Int(identity.created))
        writer.member("status", status)
        if let error {
            OpenAIErrors.write(error, isPartial: isPartial, needsCode: true, &writer)
        } else {
            writer.member("error", JSONValue?.none)
        }
        let reason = status == "incomplete" ? ResponsesFinish.reason(finish) : nil
        writer.member("incomplete_details", reason.map { ["reason": .string($0)] as JSONValue })
        writer.member("model", identity.model)
        writer.key("output")
        writer.beginArray()
        for item in items.done { writer.value(item) }
        writer.endArray()
        writer.key("usage")
        if status == "in_progress" || (status == "failed" && usage == nil) {
            writer.null()
        } else {
            OpenAIUsage.responses.write(usage ?? Usage(), &writer)
        }
        writer.members(of: echo)
        writer.endObject()
        return writer.bytes
    }
}

extension ResponsesReplyWriter {
    /// Writes `response`, with the same items and ids as a stream of the same reply.
    static func whole(_ reply: Reply, _ identity: ReplyIdentity) -> [UInt8] {
        var writer = ResponsesReplyWriter(identity: identity)
        var calls = 0
        for part in reply.parts { _ = writer.write(events(of: part, &calls)) }
        _ = writer.write(reply.usage.map { [.usage($0)] } ?? [])
        _ = writer.write([.finish(reply.finish ?? FinishReason(.endTurn)), .end])
        return writer.last
    }

    private static func events(of part: ContentPart, _ calls: inout Int) -> [ReplyEvent] {
        switch part {
        case .text(let text): return [.text(text)]
        case .refusal(let text): return [.refusal(text)]
        case .reasoning(let reasoning):
            let thoughts: [ReplyEvent] = reasoning.text.isEmpty ? [] : [.reasoning(reasoning.text)]
            return thoughts + (reasoning.opaque.map { [.reasoningState($0)] } ?? [])
        case .toolCall(let call):
            calls += 1
            return [
                .toolCall(index: calls - 1, id: call.id, name: call.name, opaque: call.opaque),
                .toolArguments(index: calls - 1, fragment: call.arguments),
            ]
        case .opaque(let dialect, let item): return [.opaque(dialect, item)]
        case .image, .audio, .document, .toolResult: return []
        }
    }
}
