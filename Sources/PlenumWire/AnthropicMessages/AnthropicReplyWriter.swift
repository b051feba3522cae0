import PlenumCore

/// Writes replies of Messages: blocks strictly one after another, `message_delta` held until the usage is known
/// (wire notes 2.11).
struct AnthropicReplyWriter: ReplyWriter {
    private enum Open: Hashable {
        case text
        case thinking
        case call(Int)
    }

    let identity: ReplyIdentity
    private var isStarted = false
    private var isEnded = false
    private var open: Open?
    private var blockCount = 0
    /// Whether the open call has arguments.
    private var hasArguments = false
    /// Calls that began while another was not complete.
    private var waiting: [(index: Int, id: String, name: String, arguments: String)] = []
    private var arguments = ""
    private var usage: Usage?
    private var finish: FinishReason?
    private var hasCalls = false

    init(identity: ReplyIdentity) { self.identity = identity }

    mutating func write(_ events: [ReplyEvent]) -> [UInt8] {
        var out: [UInt8] = []
        for event in events where !isEnded { write(event, &out) }
        return out
    }

    mutating func fail(_ error: PlenumError, isPartial: Bool) -> [UInt8] {
        guard !isEnded else { return [] }
        isEnded = true
        var out: [UInt8] = []
        SSEWriter.append(AnthropicErrors.body(error), name: "error", to: &out)
        return out
    }

    private mutating func write(_ event: ReplyEvent, _ out: inout [UInt8]) {
        if case .usage(let usage) = event { self.usage = usage }
        start(&out)
        switch event {
        case .start, .usage: break
        case .text(let text), .refusal(let text): delta(.text, "text_delta", "text", text, &out)
        case .reasoning(let text): delta(.thinking, "thinking_delta", "thinking", text, &out)
        case .reasoningState(let state): writeState(state, &out)
        case .toolCall(let index, let id, let name, _): beginCall(index, id, name, &out)
        case .toolArguments(let index, let fragment): addArguments(index, fragment, &out)
        case .opaque(.anthropicMessages, let block):
            close(&out)
            openBlock(block, &out)
            stopBlock(&out)
        case .opaque: break
        case .finish(let reason): finish = finish ?? reason
        case .end: end(&out)
        }
    }

    private mutating func start(_ out: inout [UInt8]) {
        guard !isStarted else { return }
        isStarted = true
        event("message_start", &out) { writer in
            writer.key("message")
            writer.beginObject()
            writer.member("id", identity.id)
            writer.member("type", "message")
            writer.member("role", "assistant")
            writer.member("model", identity.model)
            writer.key("content")
            writer.beginArray()
            writer.endArray()
            writer.member("stop_reason", String?.none)
            writer.member("stop_sequence", String?.none)
            writer.key("usage")
            var sofar = usage ?? Usage()
            sofar.output = max(sofar.output, 1)
            AnthropicUsage.write(sofar, &writer)
            writer.endObject()
        }
    }

    private mutating func delta(
        _ kind: Open,
        _ type: String,
        _ field: String,
        _ text: String,
        _ out: inout [UInt8]
    ) {
        guard !text.isEmpty else { return }
        if open != kind {
            close(&out)
            openBlock(AnthropicShapes.empty(thinking: kind == .thinking), &out)
            open = kind
        }
        writeDelta(type, field, text, &out)
    }

    private func writeDelta(_ type: String, _ field: String, _ text: String, _ out: inout [UInt8]) {
        event("content_block_delta", &out) { writer in
            writer.member("index", blockCount - 1)
            writer.key("delta")
            writer.beginObject()
            writer.member("type", type)
            writer.member(field, text)
            writer.endObject()
        }
    }

    private mutating func writeState(_ state: OpaqueState, _ out: inout [UInt8]) {
        if state.kind == .anthropicRedacted {
            close(&out)
            openBlock(AnthropicShapes.redacted(state), &out)
            return stopBlock(&out)
        }
        if open != .thinking {
            close(&out)
            openBlock(AnthropicShapes.empty(thinking: true), &out)
            open = .thinking
        }
        writeDelta("signature_delta", "signature", AnthropicShapes.signature(state), &out)
        close(&out)
    }

    // MARK: Calls

    private mutating func beginCall(_ index: Int, _ id: String, _ name: String, _ out: inout [UInt8]) {
        hasCalls = true
        if !waiting.isEmpty || isCallOpen {
            waiting.append((index, id, name, ""))
            return
        }
        close(&out)
        openBlock(AnthropicShapes.call(id: id, name: name, input: .object(JSONObject())), &out)
        open = .call(index)
        hasArguments = false
        arguments = ""
    }

    /// Whether arguments of the open call are still to come.
    private var isCallOpen: Bool {
        guard case .call? = open else { return false }
        return (try? JSONValue(parsing: arguments)) == nil
    }

    private mutating func addArguments(_ index: Int, _ fragment: String, _ out: inout [UInt8]) {
        if open == .call(index) {
            guard !fragment.isEmpty else { return }
            hasArguments = true
            arguments += fragment
            writeDelta("input_json_delta", "partial_json", fragment, &out)
        } else if let position = waiting.firstIndex(where: { $0.index == index }) {
            waiting[position].arguments += fragment
        }
    }

    private mutating func flushWaiting(_ out: inout [UInt8]) {
        let calls = waiting
        waiting = []
        for call in calls {
            close(&out)
            openBlock(AnthropicShapes.call(id: call.id, name: call.name, input: .object(JSONObject())), &out)
            open = .call(call.index)
            hasArguments = false
            addArguments(call.index, call.arguments, &out)
        }
    }

    // MARK: Blocks

    private mutating func openBlock(_ block: JSONValue, _ out: inout [UInt8]) {
        let index = blockCount
        blockCount += 1
        event("content_block_start", &out) { writer in
            writer.member("index", index)
            writer.member("content_block", block)
        }
    }

    private mutating func stopBlock(_ out: inout [UInt8]) {
        event("content_block_stop", &out) { $0.member("index", blockCount - 1) }
        open = nil
    }

    private mutating func close(_ out: inout [UInt8]) {
        guard let open else { return }
        if case .call = open, !hasArguments { writeDelta("input_json_delta", "partial_json", "", &out) }
        stopBlock(&out)
    }

    private mutating func end(_ out: inout [UInt8]) {
        flushWaiting(&out)
        close(&out)
        event("message_delta", &out) { writer in
            writer.key("delta")
            writer.beginObject()
            AnthropicFinish.write(finish, hasCalls: hasCalls, &writer)
            writer.endObject()
            writer.key("usage")
            AnthropicUsage.write(usage ?? Usage(), &writer)
        }
        event("message_stop", &out) { _ in }
        isEnded = true
    }

    private func event(_ type: StaticString, _ out: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", type.description)
        members(&writer)
        writer.endObject()
        SSEWriter.append(writer.bytes, name: type, to: &out)
    }
}

extension AnthropicReplyWriter {
    /// Writes a `message`.
    static func whole(_ reply: Reply, _ identity: ReplyIdentity) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("id", identity.id)
        writer.member("type", "message")
        writer.member("role", "assistant")
        writer.member("model", identity.model)
        writer.key("content")
        writer.beginArray()
        for part in reply.parts {
            for block in AnthropicShapes.blocks(ofReply: part) { writer.value(block) }
        }
        writer.endArray()
        AnthropicFinish.write(reply.finish, hasCalls: !reply.toolCalls.isEmpty, &writer)
        writer.key("usage")
        AnthropicUsage.write(reply.usage ?? Usage(), &writer)
        writer.endObject()
        return writer.bytes
    }
}

/// The shapes of content blocks.
enum AnthropicShapes {
    static func empty(thinking: Bool) -> JSONValue {
        thinking ? ["type": "thinking", "thinking": "", "signature": ""] : ["type": "text", "text": ""]
    }

    static func redacted(_ state: OpaqueState) -> JSONValue {
        ["type": "redacted_thinking", "data": .string(state.payload)]
    }

    static func call(id: String, name: String, input: JSONValue) -> JSONValue {
        ["type": "tool_use", "id": .string(id), "name": .string(name), "input": input]
    }

    /// A signature as it is, or another dialect's state closed into one.
    static func signature(_ state: OpaqueState) -> String {
        state.kind == .anthropicSignature ? state.payload : OpaqueEnvelope.close(state)
    }

    /// The blocks of one part of a reply.
    static func blocks(ofReply part: ContentPart) -> [JSONValue] {
        switch part {
        case .text(let text), .refusal(let text): return [["type": "text", "text": .string(text)]]
        case .reasoning(let reasoning):
            guard let state = reasoning.opaque else {
                return [["type": "thinking", "thinking": .string(reasoning.text), "signature": ""]]
            }
            guard state.kind == .anthropicRedacted else {
                return [
                    [
                        "type": "thinking", "thinking": .string(reasoning.text),
                        "signature": .string(signature(state)),
                    ]
                ]
            }
            let thoughts: [JSONValue] =
                reasoning.text.isEmpty
                ? [] : [["type": "thinking", "thinking": .string(reasoning.text), "signature": ""]]
            return thoughts + [redacted(state)]
        case .toolCall(let call): return [self.call(id: call.id, name: call.name, input: call.argumentsObject)]
        case .opaque(.anthropicMessages, let block): return [block]
        case .opaque, .image, .audio, .document, .toolResult: return []
        }
    }
}
