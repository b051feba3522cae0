import PlenumCore

/// OpenAI's embeddings as Google's `batchEmbedContents`.
enum GeminiEmbeddings {
    /// Writes a request of one content a text.
    static func request(_ call: SideCall) throws(PlenumError) -> [UInt8] {
        let root = try JSONNode(body: call.body.body)
        if let format = root.optional("encoding_format"), !["float", "base64"].contains(try format.string()) {
            throw format.complaint("float or base64 was expected")
        }
        let dimensions = try root.optional("dimensions")?.int()
        var requests: [JSONValue] = []
        for text in try Embeddings.texts(call.body.body) {
            var request = JSONObject([
                ("model", .string("models/\(call.model)")), ("content", ["parts": [["text": .string(text)]]]),
            ])
            request["outputDimensionality"] = dimensions.map { .number(JSONNumber($0)) }
            requests.append(.object(request))
        }
        let body: JSONValue = ["requests": .array(requests)]
        return body.bytes
    }

    /// Reads the vectors, and writes them as OpenAI does.
    static func reply(_ body: [UInt8], _ call: SideCall) throws(PlenumError) -> SideReply {
        let tree = try readingUpstream { () throws(JSONError) in try JSONValue(parsing: body) }
        guard let embeddings = tree["embeddings"]?.array else {
            throw PlenumError(.badUpstream, "The provider's answer has no \"embeddings\"; try again.")
        }
        let tokens = tree["usageMetadata"]?["promptTokenCount"]?.int.map(TokenCount.bounded)
        // What openai-python asks for unless it is told otherwise.
        let isPacked = try JSONNode(body: call.body.body).optional("encoding_format")?.value == "base64"
        let vectors = embeddings.map { embedding -> JSONValue in
            let values = embedding["values"] ?? .array([])
            return isPacked ? .string(Embeddings.packed(values)) : values
        }
        return SideReply(
            body: Embeddings.write(vectors, model: call.tag, tokens: tokens),
            usage: tokens.map { Usage(inputUncached: $0, output: 0) }
        )
    }
}
