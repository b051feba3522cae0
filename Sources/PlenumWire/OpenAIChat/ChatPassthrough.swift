import PlenumCore

/// A client's body on its way to a provider of the same dialect: bytes, but for a few spans (wire notes 4.4).
enum ChatPassthrough {
    static func body(_ request: VerbatimRequest, model: String, stream: Bool, quirks: Quirks) -> [UInt8] {
        var splices = ByteSplices()
        if let span = request.modelSpan { splices.replace(span, with: model.jsonBytes) }
        for member in request.ownMembers { splices.removeMember(member) }
        if stream { askForUsage(request, quirks, &splices) }
        if !quirks.dropFields.isEmpty || quirks.maxTokensField != nil { adapt(request.body, quirks, &splices) }
        return splices.applied(to: request.body)
    }

    /// Sees to it that the stream tells its usage: without it there is no cost.
    private static func askForUsage(_ request: VerbatimRequest, _ quirks: Quirks, _ splices: inout ByteSplices) {
        let wish = Array(#"{"include_usage":true}"#.utf8)
        guard let span = request.streamOptionsSpan else {
            guard !quirks.noStreamOptions, let brace = request.body.firstIndex(of: UInt8(ascii: "{")) else { return }
            splices.replace(brace + 1..<brace + 1, with: Array(#""stream_options":"#.utf8) + wish + [0x2C])
            return
        }
        if quirks.noStreamOptions || request.wantsUsage { return }
        var reader = JSONReader(request.body, from: span.lowerBound)
        guard (try? reader.peek()) == .object else { return splices.replace(span, with: wish) }
        let inside = span.lowerBound + 1
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
        splices.replace(inside..<inside, with: Array(#""include_usage":true"#.utf8) + (isEmpty ? [] : [0x2C]))
    }

    /// Leaves out and renames what the provider does not know.
    private static func adapt(_ body: [UInt8], _ quirks: Quirks, _ splices: inout ByteSplices) {
        var dropped = quirks.dropFields
        if quirks.noStreamOptions { dropped.insert("stream_options") }
        var reader = JSONReader(body)
        do {
            try reader.enterObject()
            while let key = try reader.nextKey() {
                let name = key.string
                let quoted = key.range.lowerBound - 1..<key.range.upperBound + 1
                let value = try reader.skip()
                if dropped.contains(name) {
                    splices.removeMember(quoted.lowerBound..<value.upperBound)
                } else if let field = quirks.maxTokensField, field != name,
                    name == "max_tokens" || name == "max_completion_tokens"
                {
                    splices.replace(quoted, with: field.jsonBytes)
                }
            }
        } catch { return }
    }
}
