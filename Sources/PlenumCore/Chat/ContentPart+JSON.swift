/// Parts as the API's items and the database write them: OpenAI Responses' shapes where it has one.
extension ContentPart {
    /// Writes the part. Text is `input_text` or `output_text` by whose turn it is.
    public func json(in role: Turn.Role) -> JSONValue {
        switch self {
        case .text(let text):
            ["type": .string(role == .assistant ? "output_text" : "input_text"), "text": .string(text)]
        case .refusal(let text): ["type": "refusal", "refusal": .string(text)]
        case .image(let media): media.json(type: "input_image", url: "image_url", inline: "image_url")
        case .audio(let media): media.json(type: "input_audio", url: "audio_url", inline: "audio_url")
        case .document(let media): media.json(type: "input_file", url: "file_url", inline: "file_data")
        case .reasoning(let reasoning): Self.reasoningJSON(reasoning)
        case .toolCall(let call): Self.callJSON(call)
        case .toolResult(let result): Self.resultJSON(result)
        case .opaque(let dialect, let block):
            ["type": "opaque", "dialect": .string(dialect.rawValue), "block": block]
        }
    }

    private static func reasoningJSON(_ reasoning: Reasoning) -> JSONValue {
        var object = JSONObject([("type", "reasoning"), ("text", .string(reasoning.text))])
        object["state"] = reasoning.opaque?.json
        return .object(object)
    }

    private static func callJSON(_ call: ToolCall) -> JSONValue {
        var object = JSONObject([
            ("type", "function_call"), ("call_id", .string(call.id)), ("name", .string(call.name)),
            ("arguments", .string(call.arguments)),
        ])
        if call.isFreeform { object["freeform"] = true }
        object["state"] = call.opaque?.json
        return .object(object)
    }

    private static func resultJSON(_ result: ToolResult) -> JSONValue {
        var object = JSONObject([("type", "function_call_output"), ("call_id", .string(result.callID))])
        object["name"] = result.name.map { .string($0) }
        object["output"] = .array(result.parts.map { $0.json(in: .tool) })
        object["is_error"] = result.isError.map { .bool($0) }
        return .object(object)
    }

    /// Reads a part.
    /// - Returns: `nil` if the type is not known or a member that it needs is missing.
    public init?(json: JSONValue) {
        switch json["type"]?.string {
        case "input_text", "output_text", "text":
            guard let text = json["text"]?.string else { return nil }
            self = .text(text)
        case "refusal":
            guard let text = json["refusal"]?.string else { return nil }
            self = .refusal(text)
        case "input_image", "image_url":
            guard let media = Media(json: json, keys: ["image_url"]) else { return nil }
            self = .image(media)
        case "input_audio":
            guard let media = Media(json: json, keys: ["audio_url"]) else { return nil }
            self = .audio(media)
        case "input_file":
            guard let media = Media(json: json, keys: ["file_data", "file_url"]) else { return nil }
            self = .document(media)
        case "reasoning":
            self = .reasoning(Reasoning(json["text"]?.string ?? "", opaque: OpaqueState(json: json["state"])))
        case "function_call":
            guard let id = json["call_id"]?.string, let name = json["name"]?.string else { return nil }
            let arguments = json["arguments"]?.string ?? ""
            var call = ToolCall(id: id, name: name, arguments: arguments, opaque: OpaqueState(json: json["state"]))
            call.isFreeform = json["freeform"]?.bool ?? false
            self = .toolCall(call)
        case "function_call_output":
            guard let result = ToolResult(json: json) else { return nil }
            self = .toolResult(result)
        case "opaque":
            guard let dialect = json["dialect"]?.string.flatMap(Dialect.init), let block = json["block"] else {
                return nil
            }
            self = .opaque(dialect, block)
        default: return nil
        }
    }
}

extension ToolResult {
    fileprivate init?(json: JSONValue) {
        guard let id = json["call_id"]?.string else { return nil }
        let parts: [ContentPart]
        switch json["output"] {
        case .string(let text)?: parts = [.text(text)]
        case .array(let elements)?: parts = elements.compactMap { ContentPart(json: $0) }
        default: parts = []
        }
        self.init(callID: id, name: json["name"]?.string, parts: parts, isError: json["is_error"]?.bool)
    }
}

extension OpaqueState {
    fileprivate var json: JSONValue {
        var object = JSONObject([("kind", .string(kind.rawValue)), ("payload", .string(payload))])
        object["origin"] = origin.map { .string($0.description) }
        return .object(object)
    }

    fileprivate init?(json: JSONValue?) {
        guard let kind = json?["kind"]?.string.flatMap(Kind.init), let payload = json?["payload"]?.string else {
            return nil
        }
        self.init(kind, payload, origin: json?["origin"]?.string.flatMap(ModelID.init))
    }
}

extension Media {
    fileprivate func json(type: String, url: String, inline: String) -> JSONValue {
        var object = JSONObject([("type", .string(type))])
        switch source {
        case .base64: object[inline] = dataURL.map { .string($0) }
        case .url(let address):
            object[url] = .string(address)
            object["mime_type"] = mimeType.map { .string($0) }
        case .file(let id):
            object["file_id"] = .string(id)
            object["mime_type"] = mimeType.map { .string($0) }
        }
        object["filename"] = filename.map { .string($0) }
        object["detail"] = detail.map { .string($0) }
        return .object(object)
    }

    fileprivate init?(json: JSONValue, keys: [String]) {
        let address = keys.lazy.compactMap { key in json[key]?.string ?? json[key]?["url"]?.string }.first
        if let address {
            self.init(address: address)
            if mimeType == nil { mimeType = json["mime_type"]?.string }
        } else if let id = json["file_id"]?.string {
            self.init(.file(id), mimeType: json["mime_type"]?.string)
        } else {
            return nil
        }
        filename = json["filename"]?.string
        detail = json["detail"]?.string ?? json["image_url"]?["detail"]?.string
    }
}
