import PlenumCore

/// A client's body on its way to a provider of the same dialect: bytes, but for a few spans (wire notes 4.4).
enum Passthrough {
    /// The body with the provider's name of the model, without the gateway's own members and what the provider refuses.
    static func body(_ request: VerbatimRequest, model: String, quirks: Quirks) -> [UInt8] {
        var splices = ByteSplices()
        splice(request, model: model, quirks: quirks, &splices)
        return splices.applied(to: request.body)
    }

    /// Notes the changes to make.
    /// - Returns: the names of the client's members that are left out.
    @discardableResult
    static func splice(
        _ request: VerbatimRequest,
        model: String,
        quirks: Quirks,
        _ splices: inout ByteSplices
    ) -> [String] {
        if let span = request.modelSpan { splices.replace(span, with: model.jsonBytes) }
        for member in request.ownMembers { splices.removeMember(member) }
        let changes =
            !quirks.dropFields.isEmpty || !quirks.addFields.isEmpty || quirks.noStreamOptions || !quirks.nullFields
            || quirks.maxTokensField != nil || quirks.seedField != nil
        return changes ? adapt(request, quirks, &splices) : []
    }

    /// Leaves out, renames and adds top-level members as the provider wants them.
    private static func adapt(
        _ request: VerbatimRequest,
        _ quirks: Quirks,
        _ splices: inout ByteSplices
    ) -> [String] {
        var lost: [String] = []
        var names: Set<String> = []
        var reader = JSONReader(request.body)
        do {
            try reader.enterObject()
            while let key = try reader.nextKey() {
                let name = key.string
                names.insert(name)
                let quoted = key.range.lowerBound - 1..<key.range.upperBound + 1
                let start = reader
                let isNull = try reader.peek() == .null
                let value = try reader.skip()
                let span = quoted.lowerBound..<value.upperBound
                // What is the gateway's own is out already.
                if request.ownMembers.contains(where: { $0.overlaps(span) }) { continue }
                if quirks.dropFields.contains(name) {
                    splices.removeMember(span)
                    var again = start
                    // What says nothing is not missed.
                    if !isNull, try again.readValue() != false { lost.append(name) }
                } else if (quirks.noStreamOptions && name == "stream_options") || (isNull && !quirks.nullFields) {
                    splices.removeMember(span)
                } else if let field = Self.field(for: name, quirks), field != name {
                    splices.replace(quoted, with: field.jsonBytes)
                }
            }
        } catch { return lost }
        add(quirks.addFields.members.filter { !names.contains($0.key) }, request, &splices)
        return lost
    }

    /// The provider's name for a member that goes by several.
    private static func field(for name: String, _ quirks: Quirks) -> String? {
        switch name {
        case "max_tokens", "max_completion_tokens": quirks.maxTokensField
        case "seed": quirks.seedField
        default: nil
        }
    }

    /// Adds members at the beginning of a body, which has others.
    private static func add(
        _ members: [JSONObject.Member],
        _ request: VerbatimRequest,
        _ splices: inout ByteSplices
    ) {
        guard !members.isEmpty, let brace = request.body.firstIndex(of: UInt8(ascii: "{")) else { return }
        var bytes: [UInt8] = []
        for (name, value) in members {
            bytes += name.jsonBytes + [UInt8(ascii: ":")] + value.bytes + [UInt8(ascii: ",")]
        }
        splices.replace(brace + 1..<brace + 1, with: bytes)
    }
}
