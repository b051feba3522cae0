public import PlenumCore

/// What a simulated provider answers beside completions.
public enum SimulatedSideCalls {
    /// The most numbers of a vector.
    private static let mostDimensions = 4096

    /// How many tokens a prompt has, as no estimate would say: a thousand more than its bytes' fourth part, so that it can
    /// be told who counted.
    public static func tokens(_ chat: ChatRequest, in dialect: Dialect) -> JSONValue {
        let text = chat.instructions.map(\.text).joined() + chat.turns.map(\.text).joined()
        let count = JSONValue.number(JSONNumber(1000 + max(1, text.utf8.count / 4)))
        return switch dialect {
        case .gemini: ["totalTokens": count]
        case .openAIResponses: ["object": "response.input_tokens", "input_tokens": count]
        case .anthropicMessages, .openAIChat: ["input_tokens": count]
        }
    }

    /// Vectors for the texts of `POST /v1/embeddings`, always the same for the same text.
    public static func embeddings(_ body: [UInt8]) throws(PlenumError) -> JSONValue {
        let root = try JSONNode(body: body)
        let texts = try Embeddings.texts(body)
        let dimensions = try dimensions(root.optional("dimensions"))
        let isBase64 = root.value["encoding_format"] == "base64"
        let data = texts.enumerated().map { index, text -> JSONValue in
            let vector = vector(text, dimensions)
            let embedding = isBase64 ? JSONValue.string(base64(vector)) : .array(vector.map(number))
            return ["object": "embedding", "index": .number(JSONNumber(index)), "embedding": embedding]
        }
        let tokens = JSONValue.number(JSONNumber(texts.reduce(0) { $0 + max(1, $1.utf8.count / 4) }))
        return [
            "object": "list", "data": .array(data), "model": root.value["model"] ?? .null,
            "usage": ["prompt_tokens": tokens, "total_tokens": tokens],
        ]
    }

    /// Vectors for the texts of Gemini's `:batchEmbedContents`.
    public static func batchEmbeddings(_ body: [UInt8]) throws(PlenumError) -> JSONValue {
        let root = try JSONNode(body: body)
        var embeddings: [JSONValue] = []
        var tokens = 0
        for request in try root.required("requests").elements() {
            var text = ""
            for part in try request.required("content").required("parts").elements() {
                text += try part.required("text").string()
            }
            let dimensions = try dimensions(request.optional(["outputDimensionality", "output_dimensionality"]))
            embeddings.append(["values": .array(vector(text, dimensions).map(number))])
            tokens += max(1, text.utf8.count / 4)
        }
        return [
            "embeddings": .array(embeddings), "usageMetadata": ["promptTokenCount": .number(JSONNumber(tokens))],
        ]
    }

    private static func dimensions(_ node: JSONNode?) throws(PlenumError) -> Int {
        guard let node else { return 8 }
        guard try (1...mostDimensions).contains(node.int()) else {
            throw node.complaint("a number from 1 to \(mostDimensions) was expected")
        }
        return try node.int()
    }

    /// Numbers from -1 to 1 that a `Float` holds exactly, however they are written.
    private static func vector(_ text: String, _ count: Int) -> [Float] {
        var state = StableHash.long(text)
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(Int(state >> 53) - 1024) / 1024
        }
    }

    private static func number(_ value: Float) -> JSONValue { JSONNumber(Double(value)).map { .number($0) } ?? 0 }

    /// The numbers as 32 bits each, the lowest byte first: what OpenAI's client asks for.
    private static func base64(_ vector: [Float]) -> String {
        let bytes = vector.flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
        }
        return Base64.encode(bytes)
    }
}
