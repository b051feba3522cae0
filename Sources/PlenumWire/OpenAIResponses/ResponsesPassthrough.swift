import PlenumCore

/// What passing a body through to Responses asks for beside ``Passthrough``: that the provider keeps nothing.
enum ResponsesPassthrough {
    static func body(_ request: VerbatimRequest, model: String, quirks: Quirks) -> [UInt8] {
        var splices = ByteSplices()
        Passthrough.splice(request, model: model, quirks: quirks, &splices)
        var added: [(name: String, value: [UInt8])] = []
        // A body that has only a list of models, which is the gateway's own, is given the name of one.
        if request.modelSpan == nil { added.append(("model", model.jsonBytes)) }
        if let span = request.storeSpan {
            splices.replace(span, with: Array("false".utf8))
        } else if !quirks.dropFields.contains("store") {
            added.append(("store", Array("false".utf8)))
        }
        insert(added, request.body, &splices)
        return splices.applied(to: request.body)
    }

    /// Puts members at the beginning of the object.
    private static func insert(
        _ members: [(name: String, value: [UInt8])],
        _ body: [UInt8],
        _ splices: inout ByteSplices
    ) {
        guard !members.isEmpty, let brace = body.firstIndex(of: UInt8(ascii: "{")) else { return }
        let inside = brace + 1
        let next = body[inside...].first { ![0x20, 0x0A, 0x0D, 0x09].contains($0) }
        var bytes: [UInt8] = []
        for (name, value) in members {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += name.jsonBytes + [UInt8(ascii: ":")] + value
        }
        if next != UInt8(ascii: "}") { bytes.append(UInt8(ascii: ",")) }
        splices.replace(inside..<inside, with: bytes)
    }
}
