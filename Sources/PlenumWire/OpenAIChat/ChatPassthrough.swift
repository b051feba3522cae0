import PlenumCore

/// What passing a body through to Chat Completions asks for beside ``Passthrough``: the stream's usage.
enum ChatPassthrough {
    static func body(_ request: VerbatimRequest, model: String, stream: Bool, quirks: Quirks) -> RequestBody {
        var splices = ByteSplices()
        var body = RequestBody()
        for name in Passthrough.splice(request, model: model, quirks: quirks, &splices) { body.warn(name, .dropped) }
        if request.modelSpan == nil { name(model, request, &splices) }
        if stream, !quirks.noStreamOptions { askForUsage(request, &splices) }
        body.bytes = splices.applied(to: request.body)
        return body
    }

    /// Whether a body would fail with a provider unless it is read and written anew: splices reach top-level members
    /// alone. One without members is read too, which refuses it: nothing can be put before nothing.
    static func mustRewrite(_ request: VerbatimRequest, _ completion: CompletionRequest, _ quirks: Quirks) -> Bool {
        if isEmpty(request.body) { return true }
        // OpenRouter's clients say in its own words how much to think.
        if request.hasReasoning, quirks.reasoningControl != .object { return true }
        guard quirks.reachDeep, let body = try? JSONValue(parsing: request.body) else { return false }
        return ChatBodyCheck(quirks: quirks, isStreamed: completion.stream).fails(body)
    }

    private static func isEmpty(_ body: [UInt8]) -> Bool {
        var reader = JSONReader(body)
        do {
            try reader.enterObject()
            return try reader.nextKey() == nil
        } catch { return false }
    }

    /// Names the model in a body that has only a list of models, which is the gateway's own.
    private static func name(_ model: String, _ request: VerbatimRequest, _ splices: inout ByteSplices) {
        guard let brace = request.body.firstIndex(of: UInt8(ascii: "{")) else { return }
        splices.replace(brace + 1..<brace + 1, with: Array(#""model":"#.utf8) + model.jsonBytes + [0x2C])
    }

    /// Sees to it that the stream tells its usage: without it there is no cost.
    private static func askForUsage(_ request: VerbatimRequest, _ splices: inout ByteSplices) {
        let wish = Array(#"{"include_usage":true}"#.utf8)
        guard let span = request.streamOptionsSpan else {
            guard let brace = request.body.firstIndex(of: UInt8(ascii: "{")) else { return }
            splices.replace(brace + 1..<brace + 1, with: Array(#""stream_options":"#.utf8) + wish + [0x2C])
            return
        }
        if request.wantsUsage { return }
        var reader = JSONReader(request.body, from: span.lowerBound)
        guard (try? reader.peek()) == .object else { return splices.replace(span, with: wish) }
        var isEmpty = true
        do {
            try reader.enterObject()
            while let key = try reader.nextKey() {
                isEmpty = false
                let isWish = "include_usage" ~= key
                let value = try reader.skip()
                if isWish { return splices.replace(value, with: Array("true".utf8)) }
            }
        } catch { return }
        let inside = span.lowerBound + 1
        splices.replace(inside..<inside, with: Array(#""include_usage":true"#.utf8) + (isEmpty ? [] : [0x2C]))
    }
}
