import PlenumCore

/// Reads `GenerateContentResponse`s, one or a stream of them (wire notes 1.4; traffic notes 33 to 40).
struct GeminiReplyFold: ReplyFold {
    private let tag: [UInt8]
    private let provider: String
    private var id: String?
    private var callCount = 0
    private var partialCall: GeminiPartialCall?
    private var usage: Usage?
    private var isStarted = false
    private var isFinished = false
    private var isEnded = false

    init(_ request: CompletionRequest) {
        tag = request.tag.description.jsonBytes
        provider = request.tag.provider
    }

    mutating func take(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        if input.span.isEmpty { return }
        let chunk = try readingUpstream { () throws(JSONError) in try GeminiChunk(input) }
        if let error = chunk.error { throw failure(error) }
        if input.isVerbatim, let span = chunk.modelSpan { output.splices.replace(span, with: tag) }
        apply(chunk, &output.events)
    }

    /// Takes a whole reply.
    mutating func takeWhole(_ input: FoldInput, into output: inout FoldOutput) throws(PlenumError) {
        let chunk = try readingUpstream { () throws(JSONError) in
            var reader = input.reader
            try reader.skip()
            try reader.finish()
            return try GeminiChunk(input)
        }
        if let error = chunk.error { throw failure(error) }
        guard !chunk.candidate.isNull || chunk.blockReason != nil || !chunk.usage.isNull else {
            throw PlenumError(.badUpstream, "The provider's answer has no candidates; try again.")
        }
        if input.isVerbatim, let span = chunk.modelSpan { output.splices.replace(span, with: tag) }
        apply(chunk, &output.events)
        if !isFinished { finish(FinishReason(callCount > 0 ? .toolUse : .endTurn), &output.events) }
        end(&output.events)
    }

    mutating func finish(stray: [UInt8], into output: inout FoldOutput) throws(PlenumError) {
        if isEnded { return }
        if let report = ErrorReport(body: stray) { throw UpstreamErrors.inReply(report, provider: provider) }
        guard isFinished else { throw .cutOff }
        end(&output.events)
    }

    private func failure(_ error: JSONValue) -> PlenumError {
        UpstreamErrors.inReply(ErrorReport(["error": error]), provider: provider)
    }

    private mutating func apply(_ chunk: GeminiChunk, _ events: inout [ReplyEvent]) {
        if !isStarted {
            isStarted = true
            id = chunk.id
            events.append(.start(id: chunk.id, model: chunk.model))
        }
        for part in chunk.candidate["content"]?["parts"]?.array ?? [] { read(part, &events) }
        if let counted = GeminiUsage.read(chunk.usage), counted != usage {
            usage = counted
            events.append(.usage(counted))
        }
        if let word = chunk.candidate["finishReason"],
            let reason = GeminiFinish.read(word, hasCalls: callCount > 0)
        {
            finish(reason, &events)
        } else if let word = chunk.blockReason {
            var reason = FinishReason(.contentFilter, native: word)
            reason.detail = chunk.blockMessage ?? "The prompt was blocked."
            finish(reason, &events)
        }
    }

    private mutating func finish(_ reason: FinishReason, _ events: inout [ReplyEvent]) {
        guard !isFinished else { return }
        isFinished = true
        events.append(.finish(reason))
    }

    private mutating func end(_ events: inout [ReplyEvent]) {
        guard !isEnded else { return }
        isEnded = true
        events.append(.end)
    }

    private mutating func read(_ part: JSONValue, _ events: inout [ReplyEvent]) {
        let signature = part["thoughtSignature"]?.string.map(GeminiSignature.read)
        if let call = part["functionCall"] { return read(call, signature, &events) }
        if let text = part["text"]?.string {
            let isThought = part["thought"]?.bool == true
            if !text.isEmpty { events.append(isThought ? .reasoning(text) : .text(text)) }
            if let signature { events.append(.reasoningState(signature)) }
            return
        }
        if let object = part.object, !object.isEmpty { events.append(.opaque(.gemini, part)) }
    }

    private mutating func read(_ call: JSONValue, _ state: OpaqueState?, _ events: inout [ReplyEvent]) {
        if var partial = partialCall {
            let isOpen = partial.take(call)
            partialCall = isOpen ? partial : nil
            if !isOpen { events.append(.toolArguments(index: partial.index, fragment: partial.arguments.text)) }
            return
        }
        guard let name = call["name"]?.string else { return }
        let index = callCount
        callCount += 1
        let given = call["id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        events.append(
            .toolCall(index: index, id: given ?? CallIDs.made(for: id, index), name: name, opaque: state)
        )
        if call["willContinue"]?.bool == true || call["partialArgs"] != nil {
            var partial = GeminiPartialCall(index: index)
            if partial.take(call) {
                partialCall = partial
                return
            }
            events.append(.toolArguments(index: index, fragment: partial.arguments.text))
            return
        }
        events.append(.toolArguments(index: index, fragment: call["args"].flatMap(Self.text) ?? "{}"))
    }

    private static func text(_ arguments: JSONValue) -> String? { arguments.isNull ? nil : arguments.text }
}

/// One `GenerateContentResponse`.
struct GeminiChunk {
    var id: String?
    var model: String?
    var modelSpan: Range<Int>?
    var candidate = JSONValue.null
    var usage = JSONValue.null
    var error: JSONValue?
    var blockReason: String?
    var blockMessage: String?

    init(_ input: FoldInput) throws(JSONError) {
        var reader = input.reader
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "candidates": candidate = Self.first(try reader.readValue())
            case "usageMetadata": usage = try reader.readValue()
            case "responseId": id = try reader.stringIfAny()
            case "modelVersion":
                var again = reader
                modelSpan = try reader.skip()
                model = try again.stringIfAny()
            case "promptFeedback":
                let feedback = try reader.readValue()
                blockMessage = feedback["blockReasonMessage"]?.string
                let isBlocked = feedback["blockReasonMessage"] != nil
                blockReason = feedback["blockReason"]?.string ?? (isBlocked ? "BLOCK_REASON_UNSPECIFIED" : nil)
            case "error": error = try reader.readValue()
            default: try reader.skip()
            }
        }
        try input.check(reader)
    }

    /// The candidate of index 0, which may leave its index out.
    private static func first(_ candidates: JSONValue) -> JSONValue {
        candidates.array?.first { ($0["index"]?.int ?? 0) == 0 } ?? .null
    }
}

/// A thought's signature on the wire: Google's own, or another dialect's state closed into base64.
enum GeminiSignature {
    static func read(_ text: String) -> OpaqueState {
        if let bytes = Base64.decode(text), let state = OpaqueEnvelope.open(String(decoding: bytes, as: UTF8.self)) {
            return state
        }
        return OpaqueState(.geminiSignature, text)
    }

    static func write(_ state: OpaqueState) -> String {
        state.kind == .geminiSignature ? state.payload : Base64.encode(Array(OpaqueEnvelope.close(state).utf8))
    }
}

/// A call whose arguments come by paths, as Vertex streams them (traffic note 37).
struct GeminiPartialCall: Sendable {
    let index: Int
    private var members = JSONObject()

    init(index: Int) { self.index = index }

    var arguments: JSONValue { .object(members) }

    /// Takes a piece; `false` if it was the last.
    mutating func take(_ call: JSONValue) -> Bool {
        for piece in call["partialArgs"]?.array ?? [] {
            guard let path = piece["jsonPath"]?.string else { continue }
            let keys = path.split(whereSeparator: { "$.[]'\"".contains($0) }).map(String.init)
            guard let leaf = Self.leaf(piece) else { continue }
            members = Self.set(leaf, at: keys[...], in: .object(members)).object ?? members
        }
        return call["willContinue"]?.bool == true
    }

    private static func leaf(_ piece: JSONValue) -> JSONValue? {
        piece["stringValue"] ?? piece["numberValue"] ?? piece["boolValue"] ?? (piece["nullValue"] != nil ? .null : nil)
    }

    /// Sets a value, or goes on with the string that is there.
    private static func set(_ leaf: JSONValue, at keys: ArraySlice<String>, in value: JSONValue) -> JSONValue {
        guard let key = keys.first, keys.count < 32 else {
            if case .string(let begun) = value, case .string(let more) = leaf { return .string(begun + more) }
            return leaf
        }
        // Elements come in order: a place far behind the last one would only take memory.
        if let position = Int(key), (0...(value.array?.count ?? 0)).contains(position), value.object?.isEmpty != false {
            var elements = value.array ?? []
            if position == elements.count { elements.append(.null) }
            elements[position] = set(leaf, at: keys.dropFirst(), in: elements[position])
            return .array(elements)
        }
        var object = value.object ?? JSONObject()
        object[key] = set(leaf, at: keys.dropFirst(), in: object[key] ?? .null)
        return .object(object)
    }
}
