import PlenumCore

/// Parts of messages as Chat writes them (wire notes 2.3, column C).
enum ChatPart {
    /// A part; `nil` for one that has no place in a message or means nothing here.
    static func json(of part: ContentPart, _ warnings: inout [RequestWarning]) throws(PlenumError) -> JSONValue? {
        switch part {
        case .text(let text): return ["type": "text", "text": .string(text)]
        case .refusal(let text): return ["type": "refusal", "refusal": .string(text)]
        case .image(let media): return try image(media)
        case .audio(let media): return try audio(media)
        case .document(let media): return try document(media, &warnings)
        case .opaque(.openAIChat, let block): return block
        case .opaque(_, let block):
            warnings.append(RequestWarning("messages.\(block["type"]?.string ?? "block")", .dropped))
            return nil
        case .reasoning, .toolCall, .toolResult: return nil
        }
    }

    private static func image(_ media: Media) throws(PlenumError) -> JSONValue {
        guard let address = media.dataURL else { throw .unportable("an image by file id") }
        var image = JSONObject([("url", .string(address))])
        image["detail"] = media.detail.map { .string($0) }
        return ["type": "image_url", "image_url": .object(image)]
    }

    private static func audio(_ media: Media) throws(PlenumError) -> JSONValue {
        guard case .base64(let data) = media.source else { throw .unportable("audio by address") }
        let format: String
        switch media.mimeType?.lowercased() {
        case "audio/mpeg", "audio/mp3": format = "mp3"
        case nil, "audio/wav", "audio/x-wav", "audio/wave": format = "wav"
        case let other?: throw .unportable(other)
        }
        return ["type": "input_audio", "input_audio": ["data": .string(data), "format": .string(format)]]
    }

    private static func document(
        _ media: Media,
        _ warnings: inout [RequestWarning]
    ) throws(PlenumError) -> JSONValue {
        var file = JSONObject()
        switch media.source {
        case .file(let id):
            file["file_id"] = .string(id)
            file["filename"] = media.filename.map { .string($0) }
        case .url: throw .unportable("a document by address")
        case .base64(let data):
            if media.mimeType?.hasPrefix("text/") == true, let text = text(data) {
                warnings.append(RequestWarning("messages.document", .converted))
                let title = media.filename.map { "\($0)\n\n" } ?? ""
                return ["type": "text", "text": .string(title + text)]
            }
            file["filename"] = .string(media.filename ?? "document.pdf")
            file["file_data"] = media.dataURL.map { .string($0) }
        }
        return ["type": "file", "file": .object(file)]
    }

    private static func text(_ base64: String) -> String? {
        Base64.decode(base64).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
