import PlenumCore

/// Writes replies of Chat Completions, streamed and whole (wire notes 1.1 and 2.11).
struct ChatReplyWriter: ReplyWriter {
    let identity: ReplyIdentity
    private var isStarted = false
    private var isEnded = false
    private var emptyCalls: [Int] = []
    private var finish: FinishReason?
    private var isFinishWritten = false
    private var usage: Usage?
    private var states = 0

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
        // As OpenRouter does: a chunk like any other, that has an error and so ends.
        var writer = head("chat.completion.chunk")
        writer.member("choices", [["index": 0, "delta": ["content": ""], "finish_reason": "error"]] as JSONValue)
        OpenAIErrors.write(error, isPartial: isPartial, &writer)
        writer.endObject()
        SSEWriter.append(writer.bytes, to: &out)
        return out + SSEWriter.done
    }

    private mutating func write(_ event: ReplyEvent, _ out: inout [UInt8]) {
        start(&out)
        switch event {
        case .start: break
        case .text(let text): chunk(&out) { $0.member("content", text) }
        case .refusal(let text): chunk(&out) { $0.member("refusal", text) }
        case .reasoning(let text): chunk(&out) { $0.member("reasoning_content", text) }
        case .reasoningState(let state): writeState(state, &out)
        case .toolCall(let index, let id, let name, let state): writeCall(index, id, name, state, &out)
        case .toolArguments(let index, let fragment):
            emptyCalls.removeAll { $0 == index }
            writeArguments(index, fragment, &out)
        case .opaque: break
        case .usage(let usage): self.usage = usage
        case .finish(let reason): writeFinish(reason, &out)
        case .end: end(&out)
        }
    }

    private mutating func start(_ out: inout [UInt8]) {
        guard !isStarted else { return }
        isStarted = true
        chunk(&out) {
            $0.member("role", "assistant")
            $0.member("content", "")
        }
    }

    private mutating func writeState(_ state: OpaqueState, _ out: inout [UInt8]) {
        let index = states
        states += 1
        chunk(&out) { ChatReasoning.writeDetails([(index, state)], &$0) }
    }

    private mutating func writeCall(
        _ index: Int,
        _ id: String,
        _ name: String,
        _ state: OpaqueState?,
        _ out: inout [UInt8]
    ) {
        emptyCalls.append(index)
        chunk(&out) { writer in
            writer.key("tool_calls")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.member("id", id)
            writer.member("type", "function")
            writer.key("function")
            writer.beginObject()
            writer.member("name", name)
            writer.member("arguments", "")
            writer.endObject()
            ChatReasoning.writeSignature(state, &writer)
            writer.endObject()
            writer.endArray()
        }
    }

    private func writeArguments(_ index: Int, _ fragment: String, _ out: inout [UInt8]) {
        chunk(&out) { writer in
            writer.key("tool_calls")
            writer.beginArray()
            writer.beginObject()
            writer.member("index", index)
            writer.key("function")
            writer.beginObject()
            writer.member("arguments", fragment)
            writer.endObject()
            writer.endObject()
            writer.endArray()
        }
    }

    private mutating func writeFinish(_ reason: FinishReason, _ out: inout [UInt8]) {
        guard finish == nil else { return }
        finish = reason
        isFinishWritten = true
        for index in emptyCalls { writeArguments(index, "{}", &out) }
        emptyCalls = []
        chunk(&out, finish: ChatFinish.word(reason)) { _ in }
    }

    private mutating func end(_ out: inout [UInt8]) {
        if !isFinishWritten { writeFinish(FinishReason(.endTurn), &out) }
        if identity.includeUsage, let usage {
            var writer = head("chat.completion.chunk")
            writer.key("choices")
            writer.beginArray()
            writer.endArray()
            writer.key("usage")
            ChatUsage.write(usage, &writer)
            writer.endObject()
            SSEWriter.append(writer.bytes, to: &out)
        }
        out += SSEWriter.done
        isEnded = true
    }

    private func chunk(_ out: inout [UInt8], finish: String? = nil, _ delta: (inout JSONWriter) -> Void) {
        var writer = head("chat.completion.chunk")
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", 0)
        writer.key("delta")
        writer.beginObject()
        delta(&writer)
        writer.endObject()
        writer.member("finish_reason", finish)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        SSEWriter.append(writer.bytes, to: &out)
    }

    private func head(_ object: String) -> JSONWriter {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("id", identity.id)
        writer.member("object", object)
        writer.member("created", Int(identity.created))
        writer.member("model", identity.model)
        return writer
    }
}

extension ChatReplyWriter {
    /// Writes `chat.completion`.
    static func whole(_ reply: Reply, _ identity: ReplyIdentity) -> [UInt8] {
        var writer = ChatReplyWriter(identity: identity).head("chat.completion")
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", 0)
        writer.key("message")
        writeMessage(reply, &writer)
        writer.member("logprobs", JSONValue?.none)
        writer.member("finish_reason", ChatFinish.word(reply.finish))
        writer.endObject()
        writer.endArray()
        if let usage = reply.usage {
            writer.key("usage")
            ChatUsage.write(usage, &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func writeMessage(_ reply: Reply, _ writer: inout JSONWriter) {
        var refusal: String?
        for case .refusal(let text) in reply.parts { refusal = (refusal ?? "") + text }
        let calls = reply.toolCalls
        writer.beginObject()
        writer.member("role", "assistant")
        writer.member("content", reply.text.isEmpty && !calls.isEmpty ? String?.none : reply.text)
        writer.member("refusal", refusal)
        let thoughts = reply.reasoningText
        if !thoughts.isEmpty { writer.member("reasoning_content", thoughts) }
        let states = reply.parts.compactMap(\.reasoning?.opaque)
        if !states.isEmpty { ChatReasoning.writeDetails(states.enumerated().map { ($0.offset, $0.element) }, &writer) }
        if !calls.isEmpty {
            writer.key("tool_calls")
            writer.beginArray()
            for call in calls { writeCall(call, &writer) }
            writer.endArray()
        }
        writer.endObject()
    }

    private static func writeCall(_ call: ToolCall, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", call.id)
        writer.member("type", "function")
        writer.key("function")
        writer.beginObject()
        writer.member("name", call.name)
        writer.member("arguments", call.arguments.isEmpty ? "{}" : call.arguments)
        writer.endObject()
        ChatReasoning.writeSignature(call.opaque, &writer)
        writer.endObject()
    }
}

/// State that belongs to thoughts, in the fields that OpenRouter and Gemini's compatible door made known.
enum ChatReasoning {
    /// Writes `reasoning_details`, the state closed so that only a Plenum opens it.
    static func writeDetails(_ states: [(index: Int, state: OpaqueState)], _ writer: inout JSONWriter) {
        writer.key("reasoning_details")
        writer.beginArray()
        for (index, state) in states {
            let isText = state.kind == .anthropicSignature || state.kind == .geminiSignature
            writer.beginObject()
            writer.member("type", isText ? "reasoning.text" : "reasoning.encrypted")
            writer.member("index", index)
            writer.member(isText ? "signature" : "data", OpaqueEnvelope.close(state))
            writer.endObject()
        }
        writer.endArray()
    }

    /// Writes a call's signature as Gemini's own compatible door does: `extra_content.google.thought_signature`.
    static func writeSignature(_ state: OpaqueState?, _ writer: inout JSONWriter) {
        guard let state, state.kind == .geminiSignature else { return }
        writer.member("extra_content", ["google": ["thought_signature": .string(state.payload)]] as JSONValue)
    }
}
