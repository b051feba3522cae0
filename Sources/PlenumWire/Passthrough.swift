import PlenumCore

/// A client's body on its way to a provider of the same dialect: bytes, but for a few spans (wire notes 4.4).
enum Passthrough {
    /// The body with the provider's name of the model, without the gateway's own members and what the provider refuses.
    static func body(_ request: VerbatimRequest, model: String, quirks: Quirks) -> [UInt8] {
        var splices = ByteSplices()
        splice(request, model: model, quirks: quirks, &splices)
        return splices.applied(to: request.body)
    }

    static func splice(
        _ request: VerbatimRequest,
        model: String,
        quirks: Quirks,
        _ splices: inout ByteSplices
    ) {
        if let span = request.modelSpan { splices.replace(span, with: model.jsonBytes) }
        for member in request.ownMembers { splices.removeMember(member) }
        if !quirks.dropFields.isEmpty || quirks.maxTokensField != nil || quirks.noStreamOptions {
            adapt(request.body, quirks, &splices)
        }
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
