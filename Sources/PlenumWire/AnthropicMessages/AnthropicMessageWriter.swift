import PlenumCore

/// Writes the messages: user and assistant by turns, results first.
struct AnthropicMessageWriter {
    let names: ToolNames
    /// Whether the client speaks the dialect, so that its file ids are Anthropic's.
    let isOwn: Bool
    /// Types of pictures that Anthropic takes.
    private static let pictures: Set<String> = ["image/jpeg", "image/png", "image/gif", "image/webp"]

    func messages(_ sides: [Alternation.Side], _ written: inout RequestBody) throws(PlenumError) -> [JSONValue] {
        var messages: [JSONValue] = []
        for (index, side) in sides.enumerated() {
            var blocks: [JSONValue] = []
            for piece in side.pieces {
                guard var block = try block(piece.part, &written)?.object else { continue }
                for (name, value) in piece.extra?.members ?? [] { block[name] = value }
                blocks.append(.object(block))
            }
            if side.isModel, index == sides.count - 1 { Self.trimEnd(&blocks) }
            let role: JSONValue =
                switch side.speaker {
                case .user: "user"
                case .model: "assistant"
                case .system: "system"
                }
            messages.append(["role": role, "content": .array(blocks)])
        }
        return messages
    }

    /// White space at the end of an answer to be continued is refused.
    private static func trimEnd(_ blocks: inout [JSONValue]) {
        guard let last = blocks.last, last["type"] == "text", var text = last["text"]?.string else { return }
        while text.last?.isWhitespace == true { text.removeLast() }
        blocks.removeLast()
        guard !text.isEmpty else { return trimEnd(&blocks) }
        var block = last.object ?? JSONObject()
        block["text"] = .string(text)
        blocks.append(.object(block))
    }

    private func block(_ part: ContentPart, _ written: inout RequestBody) throws(PlenumError) -> JSONValue? {
        switch part {
        case .text(let text), .refusal(let text): return ["type": "text", "text": .string(text)]
        case .image(let media): return ["type": "image", "source": try picture(media)]
        case .document(let media): return try document(media)
        case .audio: throw .unportable("audio")
        case .reasoning(let reasoning):
            guard let state = reasoning.opaque else { return nil }
            if state.kind == .anthropicRedacted { return AnthropicShapes.redacted(state) }
            return ["type": "thinking", "thinking": .string(reasoning.text), "signature": .string(state.payload)]
        case .toolCall(let call):
            let input = call.argumentsObject(&written)
            return AnthropicShapes.call(id: CallIDs.anthropic(call.id), name: names(call.name), input: input)
        case .toolResult(let result): return try block(result, &written)
        case .opaque(let dialect, let block): return dialect == .anthropicMessages ? block : nil
        }
    }

    private func block(_ result: ToolResult, _ written: inout RequestBody) throws(PlenumError) -> JSONValue {
        var block = JSONObject([
            ("type", "tool_result"), ("tool_use_id", .string(CallIDs.anthropic(result.callID))),
        ])
        if result.parts.allSatisfy({ $0.text != nil }), result.parts.count <= 1 {
            block["content"] = .string(result.text)
        } else {
            var parts: [JSONValue] = []
            for part in result.parts where part.text?.isEmpty != true {
                if case .opaque(let dialect, _) = part, dialect != .anthropicMessages {
                    written.warn("messages.content", .dropped)
                }
                if let block = try self.block(part, &written) { parts.append(block) }
            }
            block["content"] = .array(parts)
        }
        block["is_error"] = result.isError.map { .bool($0) }
        return .object(block)
    }

    // MARK: Media

    private func picture(_ media: Media) throws(PlenumError) -> JSONValue {
        if let elsewhere = try elsewhere(media) { return elsewhere }
        if isOwn, let type = media.mimeType, case .base64(let data) = media.source {
            return ["type": "base64", "media_type": .string(type), "data": .string(data)]
        }
        let media = try media.normalised()
        guard let type = media.mimeType, Self.pictures.contains(type), case .base64(let data) = media.source else {
            throw .mediaRefused(media.mimeType, taken: "pictures as JPEG, PNG, GIF or WebP")
        }
        return ["type": "base64", "media_type": .string(type), "data": .string(data)]
    }

    private func document(_ media: Media) throws(PlenumError) -> JSONValue {
        var block = JSONObject([("type", "document")])
        if let elsewhere = try elsewhere(media) {
            block["source"] = elsewhere
        } else {
            let media = try media.normalised()
            if let text = media.documentText {
                block["source"] = ["type": "text", "media_type": "text/plain", "data": .string(text)]
            } else if case .base64(let data) = media.source, media.mimeType == "application/pdf" {
                block["source"] = ["type": "base64", "media_type": "application/pdf", "data": .string(data)]
            } else {
                throw .mediaRefused(media.mimeType, taken: "documents as PDF or text")
            }
        }
        block["title"] = media.filename.map { .string($0) }
        return .object(block)
    }

    /// The source of media that lies somewhere: at an address that anybody can read, or in the client's own store.
    private func elsewhere(_ media: Media) throws(PlenumError) -> JSONValue? {
        switch media.source {
        case .base64: return nil
        case .file(let id):
            guard isOwn else { throw .fileNotPortable }
            return ["type": "file", "file_id": .string(id)]
        case .url(let address):
            let start = address.prefix(64).lowercased()
            if start.hasPrefix("data:") {
                _ = try media.normalised()
                return nil
            }
            if start.hasPrefix("gs://") || start.hasPrefix("https://generativelanguage.googleapis.com/") {
                throw .fileNotPortable
            }
            guard start.hasPrefix("https://") else {
                throw .mediaRefused("an address of another kind", taken: "addresses that begin with https://")
            }
            return ["type": "url", "url": .string(address)]
        }
    }
}
