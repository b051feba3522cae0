import PlenumCore

/// Vectors that stand for texts, as OpenAI asks for and gives them: `POST /v1/embeddings`.
enum Embeddings {
    /// Reads the answer of a provider of this dialect: its bytes with the model's name as clients know it.
    static func reply(_ body: [UInt8], _ call: SideCall) throws(PlenumError) -> SideReply {
        var splices = ByteSplices()
        var usage: Usage?
        var hasData = false
        try readingUpstream { () throws(JSONError) in
            var reader = JSONReader(body)
            try reader.enterObject()
            while let key = try reader.nextKey() {
                switch key {
                case "data":
                    hasData = try reader.peek() == .array
                    try reader.skip()
                case "model": splices.replace(try reader.skip(), with: call.tag.description.jsonBytes)
                case "usage": usage = try tokens(&reader)
                default: try reader.skip()
                }
            }
            try reader.finish()
        }
        guard hasData else {
            throw PlenumError(.badUpstream, "The provider's answer has no \"data\"; try again.")
        }
        return SideReply(body: splices.applied(to: body), usage: usage)
    }

    private static func tokens(_ reader: inout JSONReader) throws(JSONError) -> Usage? {
        guard try reader.enterObjectIfAny() else { return nil }
        var usage: Usage?
        while let key = try reader.nextKey() {
            switch key {
            case "prompt_tokens": usage = try reader.tokensIfAny().map { Usage(inputUncached: $0, output: 0) }
            default: try reader.skip()
            }
        }
        return usage
    }

    /// The texts of a client's request.
    /// - Throws: `invalidRequest` if it has none.
    static func texts(_ body: [UInt8]) throws(PlenumError) -> [String] {
        let input = try JSONNode(body: body).required("input")
        if let text = input.value.string { return [text] }
        return try input.strings()
    }

    /// A vector as 32-bit numbers, the lowest byte first, in base64.
    static func packed(_ vector: JSONValue) -> String {
        var bytes: [UInt8] = []
        for number in vector.array ?? [] {
            let bits = Float(number.number?.double ?? 0).bitPattern
            for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        return Base64.encode(bytes)
    }

    /// Writes a list of vectors.
    static func write(_ vectors: [JSONValue], model: ModelID, tokens: Int?) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096)
        writer.beginObject()
        writer.member("object", "list")
        writer.key("data")
        writer.beginArray()
        for (index, vector) in vectors.enumerated() {
            writer.beginObject()
            writer.member("object", "embedding")
            writer.member("index", index)
            writer.member("embedding", vector)
            writer.endObject()
        }
        writer.endArray()
        writer.member("model", model.description)
        if let tokens {
            let count = JSONValue.number(JSONNumber(tokens))
            writer.member("usage", ["prompt_tokens": count, "total_tokens": count] as JSONValue)
        }
        writer.endObject()
        return writer.bytes
    }
}
