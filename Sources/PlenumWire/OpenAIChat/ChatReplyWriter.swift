import PlenumCore

/// Writes replies of Chat Completions, streamed and whole (wire notes 1.1 and 2.11).
struct ChatReplyWriter: ReplyWriter {
    let identity: ReplyIdentity
    private let flavor: OpenAIChatFormat.Flavor
    private var isStarted = false
    private var isEnded = false
    private var calls: ChatCallWriter
    private var finish: FinishReason?
    private var isFinishWritten = false
    private var usage: Usage?
    private var states = 0

    init(identity: ReplyIdentity, _ flavor: OpenAIChatFormat.Flavor) {
        self.identity = identity
        self.flavor = flavor
        calls = ChatCallWriter(freeformTools: identity.request.freeformTools)
    }

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
        let number = flavor == .openRouter ? DoorErrors.status(error, .openAIChat) : nil
        OpenAIErrors.write(error, isPartial: isPartial, number: number, &writer)
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
        case .reasoning(let text): chunk(&out) { $0.member(flavor.thoughts, text) }
        case .reasoningState(let state): writeState(state, &out)
        case .toolCall(let index, let id, let name, let state): write(calls.begin(index, id, name, state), &out)
        case .toolArguments(let index, let fragment):
            if let piece = calls.go(on: index, fragment) { write(piece, &out) }
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

    private func write(_ call: JSONValue, _ out: inout [UInt8]) {
        chunk(&out) { $0.member("tool_calls", [call]) }
    }

    private mutating func writeFinish(_ reason: FinishReason, _ out: inout [UInt8]) {
        guard finish == nil else { return }
        finish = reason
        isFinishWritten = true
        for piece in calls.finish() { write(piece, &out) }
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
            OpenAIUsage.chat.write(usage, &writer)
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
    static func whole(
        _ reply: Reply,
        _ identity: ReplyIdentity,
        _ flavor: OpenAIChatFormat.Flavor
    ) -> [UInt8] {
        var writer = ChatReplyWriter(identity: identity, flavor).head("chat.completion")
        writer.key("choices")
        writer.beginArray()
        writer.beginObject()
        writer.member("index", 0)
        writer.key("message")
        writeMessage(reply, ChatCallWriter(freeformTools: identity.request.freeformTools), flavor, &writer)
        writer.member("logprobs", JSONValue?.none)
        writer.member("finish_reason", ChatFinish.word(reply.finish))
        writer.endObject()
        writer.endArray()
        if let usage = reply.usage {
            writer.key("usage")
            OpenAIUsage.chat.write(usage, &writer)
        }
        // OpenRouter's client asks for it, if only for null.
        writer.member("system_fingerprint", JSONValue?.none)
        writer.endObject()
        return writer.bytes
    }

    private static func writeMessage(
        _ reply: Reply,
        _ callWriter: ChatCallWriter,
        _ flavor: OpenAIChatFormat.Flavor,
        _ writer: inout JSONWriter
    ) {
        var refusal: String?
        for case .refusal(let text) in reply.parts { refusal = (refusal ?? "") + text }
        let calls = reply.toolCalls
        writer.beginObject()
        writer.member("role", "assistant")
        writer.member("content", reply.text.isEmpty && !calls.isEmpty ? String?.none : reply.text)
        writer.member("refusal", refusal)
        let thoughts = reply.reasoningText
        if !thoughts.isEmpty { writer.member(flavor.thoughts, thoughts) }
        let states = reply.parts.compactMap(\.reasoning?.opaque)
        if !states.isEmpty { ChatReasoning.writeDetails(states.enumerated().map { ($0.offset, $0.element) }, &writer) }
        if !calls.isEmpty { writer.member("tool_calls", .array(calls.map(callWriter.whole))) }
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

    /// A call's signature as Gemini's own compatible door has it: `extra_content.google.thought_signature`.
    static func signature(_ state: OpaqueState?) -> JSONValue? {
        guard let state, state.kind == .geminiSignature else { return nil }
        return ["google": ["thought_signature": .string(state.payload)]]
    }
}

extension OpenAIChatFormat.Flavor {
    /// The member in which a model's thoughts stand.
    fileprivate var thoughts: String { self == .openRouter ? "reasoning" : "reasoning_content" }
}
