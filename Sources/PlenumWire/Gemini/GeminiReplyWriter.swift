import PlenumCore

/// Writes `GenerateContentResponse`s: a call in one part, the finish and the usage in the last chunk, and nothing but
/// `data:` lines, since google-genai breaks on others (wire notes 2.11).
struct GeminiReplyWriter: ReplyWriter {
    let identity: ReplyIdentity
    private var calls: [(index: Int, call: ToolCall)] = []
    /// Whether a call was written.
    private var hasCalls = false
    private var finish: FinishReason?
    private var usage: Usage?
    private var isEnded = false
    private var hasContent = false

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
        let status = DoorErrors.status(error, .gemini)
        SSEWriter.append(GeminiErrors.body(error, status: status), to: &out)
        return out
    }

    private mutating func write(_ event: ReplyEvent, _ out: inout [UInt8]) {
        switch event {
        case .toolArguments(let index, let fragment):
            guard let position = calls.lastIndex(where: { $0.index == index }) else { return }
            calls[position].call.arguments += fragment
            return
        case .usage(let usage):
            self.usage = usage
            return
        case .start: return
        case .toolCall(let index, let id, let name, let state):
            calls.append((index, ToolCall(id: id, name: name, arguments: "", opaque: state)))
            return
        default: flushCalls(&out)
        }
        switch event {
        case .text(let text), .refusal(let text): chunk([GeminiShapes.text(text)], &out)
        case .reasoning(let text): chunk([GeminiShapes.thought(text)], &out)
        case .reasoningState(let state): chunk([GeminiShapes.state(state)], &out)
        case .opaque(.gemini, let part): chunk([part], &out)
        case .finish(let reason): finish = finish ?? reason
        case .end:
            isEnded = true
            if let word = GeminiFinish.blockReason(finish, hasContent: hasContent) {
                SSEWriter.append(GeminiShapes.blocked(word, finish?.detail, usage: usage, identity).bytes, to: &out)
            } else {
                chunk([], isLast: true, &out)
            }
        case .opaque, .start, .toolCall, .toolArguments, .usage: break
        }
    }

    private mutating func flushCalls(_ out: inout [UInt8]) {
        guard !calls.isEmpty else { return }
        let parts = calls.map { waiting in
            defer { hasCalls = true }
            return GeminiShapes.call(
                waiting.call,
                id: waiting.call.id,
                signature: GeminiShapes.skip(isFirst: !hasCalls)
            )
        }
        calls = []
        chunk(parts, &out)
    }

    private mutating func chunk(_ parts: [JSONValue], isLast: Bool = false, _ out: inout [UInt8]) {
        hasContent = true
        let response = GeminiShapes.response(
            parts,
            finish: isLast ? GeminiFinish.word(finish) : nil,
            usage: isLast ? usage : nil,
            identity
        )
        SSEWriter.append(response.bytes, to: &out)
    }

    /// Writes one whole response.
    static func whole(_ reply: Reply, _ identity: ReplyIdentity) -> [UInt8] {
        let first = reply.parts.firstIndex { $0.toolCall != nil }
        let parts = reply.parts.enumerated().flatMap { index, part in
            GeminiShapes.parts(ofReply: part, isFirstCall: index == first)
        }
        if let word = GeminiFinish.blockReason(reply.finish, hasContent: !parts.isEmpty) {
            return GeminiShapes.blocked(word, reply.finish?.detail, usage: reply.usage, identity).bytes
        }
        let finish = GeminiFinish.word(reply.finish)
        return GeminiShapes.response(parts, finish: finish, usage: reply.usage, identity).bytes
    }
}

/// The shapes of responses and their parts.
enum GeminiShapes {
    static func response(
        _ parts: [JSONValue],
        finish: String?,
        usage: Usage?,
        _ identity: ReplyIdentity
    ) -> JSONValue {
        var candidate = JSONObject([("content", ["parts": .array(parts), "role": "model"])])
        candidate["finishReason"] = finish.map { .string($0) }
        candidate["index"] = 0
        var response = JSONObject([("candidates", [.object(candidate)])])
        response["usageMetadata"] = usage.map { GeminiUsage.json($0) }
        response["modelVersion"] = .string(identity.model)
        response["responseId"] = .string(identity.id)
        return .object(response)
    }

    /// The response to a prompt that was blocked: no candidate at all.
    static func blocked(
        _ word: String,
        _ message: String?,
        usage: Usage?,
        _ identity: ReplyIdentity
    ) -> JSONValue {
        var feedback = JSONObject([("blockReason", .string(word))])
        feedback["blockReasonMessage"] = message.map { .string($0) }
        var response = JSONObject([("promptFeedback", .object(feedback))])
        response["usageMetadata"] = usage.map { GeminiUsage.json($0) }
        response["modelVersion"] = .string(identity.model)
        response["responseId"] = .string(identity.id)
        return .object(response)
    }

    static func text(_ text: String) -> JSONValue { ["text": .string(text)] }

    static func thought(_ text: String) -> JSONValue { ["text": .string(text), "thought": true] }

    static func state(_ state: OpaqueState) -> JSONValue {
        ["text": "", "thoughtSignature": .string(GeminiSignature.write(state))]
    }

    /// A call; without an id if the model gave none.
    static func call(_ call: ToolCall, id: String?, signature: String? = nil) -> JSONValue {
        var function = JSONObject([("name", .string(call.name)), ("args", call.argumentsObject)])
        function["id"] = id.map { .string($0) }
        var part = JSONObject([("functionCall", .object(function))])
        let own = call.opaque.map { GeminiSignature.write($0) }
        part["thoughtSignature"] = (own ?? signature).map { .string($0) }
        return .object(part)
    }

    /// What the first call of a turn has in the place of a signature: who goes on with Google's own models must bring one, and
    /// other models give none.
    static func skip(isFirst: Bool) -> String? { isFirst ? Base64.encode(Array(String.skipsSignature.utf8)) : nil }

    /// The parts of one part of a reply.
    static func parts(ofReply part: ContentPart, isFirstCall: Bool) -> [JSONValue] {
        switch part {
        case .text(let text), .refusal(let text): [self.text(text)]
        case .reasoning(let reasoning):
            (reasoning.text.isEmpty ? [] : [thought(reasoning.text)]) + (reasoning.opaque.map { [state($0)] } ?? [])
        case .toolCall(let call): [self.call(call, id: call.id, signature: skip(isFirst: isFirstCall))]
        case .opaque(.gemini, let block): [block]
        case .opaque, .image, .audio, .document, .toolResult: []
        }
    }
}
