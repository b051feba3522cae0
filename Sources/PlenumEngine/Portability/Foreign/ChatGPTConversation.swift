import PlenumCore

/// Reads a conversation of ChatGPT's `conversations.json`: a tree of nodes by their ids in `mapping`.
enum ChatGPTConversation {
    /// Reads a conversation; nodes that say nothing that can be read are left out.
    /// - Throws: `invalidRequest` for what is no such conversation.
    static func read(_ json: JSONValue) throws(PlenumError) -> ForeignConversation {
        guard let mapping = json["mapping"]?.object else { throw .unportable("mapping") }
        guard
            let id = [json["conversation_id"], json["id"]].lazy.compactMap({ $0?.string }).first(where: { !$0.isEmpty })
        else { throw .unportable("conversation_id") }
        var conversation = ForeignConversation(id: id)
        conversation.title = json["title"]?.string
        conversation.createdAt = Timestamp(foreign: json["create_time"])
        conversation.updatedAt = Timestamp(foreign: json["update_time"])
        var indices: [String: Int] = [:]
        for (index, member) in mapping.members.enumerated() { indices[member.key] = index }
        let parents = parents(mapping, indices)
        conversation.nodes = mapping.members.enumerated().map { index, member in
            let message = member.value["message"] ?? .null
            return ForeignNode(
                id: member.key,
                parent: parents[index],
                createdAt: Timestamp(foreign: message["create_time"]),
                content: ChatGPTMessage.read(message)
            )
        }
        conversation.leaf = json["current_node"]?.string.flatMap { indices[$0] }
        return conversation
    }

    /// The parent of each node, as it says itself, or else as its parent says.
    private static func parents(_ mapping: JSONObject, _ indices: [String: Int]) -> [Int?] {
        var parents = mapping.members.map { member in member.value["parent"]?.string.flatMap { indices[$0] } }
        for (index, member) in mapping.members.enumerated() {
            for child in member.value["children"]?.array ?? [] {
                guard let child = child.string.flatMap({ indices[$0] }), parents[child] == nil, child != index else {
                    continue
                }
                parents[child] = index
            }
        }
        return parents
    }
}

/// Reads a message of ChatGPT's export.
enum ChatGPTMessage {
    static func read(_ json: JSONValue) -> ForeignNode.Content {
        guard json.object != nil else { return .nothing }
        let metadata = json["metadata"] ?? .null
        let role = json["author"]?["role"]?.string.flatMap(Turn.Role.init)
        guard let role, role == .user || role == .assistant,
            metadata["is_visually_hidden_from_conversation"]?.bool != true, json["weight"]?.number?.double != 0
        else { return .leftOut }
        let content = json["content"] ?? .null
        if content["content_type"]?.string == "thoughts" {
            let text = thoughts(content)
            return text.isEmpty ? .leftOut : .thoughts(text)
        }
        let parts = parts(content) + (role == .user ? attachments(metadata) : [])
        guard !parts.isEmpty else { return .leftOut }
        var message = ForeignMessage(role: role, parts: parts)
        if role == .assistant {
            message.model = metadata["model_slug"]?.string.flatMap { $0.isEmpty ? nil : $0 }
            end(&message, json["status"]?.string, metadata["finish_details"]?["type"]?.string)
        }
        return .message(message)
    }

    private static func end(_ message: inout ForeignMessage, _ status: String?, _ finish: String?) {
        switch finish {
        case "stop": message.finish = FinishReason(.endTurn, native: finish)
        case "max_tokens":
            message.finish = FinishReason(.maxTokens, native: finish)
            message.status = .incomplete
        case "interrupted": message.status = .cancelled
        default: if status == "in_progress" { message.status = .interrupted }
        }
    }

    private static func thoughts(_ content: JSONValue) -> String {
        (content["thoughts"]?.array ?? []).compactMap { thought in
            let lines = [thought["summary"]?.string, thought["content"]?.string].compactMap(\.self)
            return lines.isEmpty ? nil : lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func parts(_ content: JSONValue) -> [ContentPart] {
        switch content["content_type"]?.string {
        case "code":
            guard let code = content["text"]?.string, code.isSaying else { return [] }
            let language = content["language"]?.string ?? ""
            return [.text(CodeFence.around(code, language: language == "unknown" ? "" : language))]
        // What the program itself tells the model, or people about the model.
        case "user_editable_context", "model_editable_context", "reasoning_recap": return []
        default:
            let texts = content["parts"]?.array?.compactMap(text) ?? [content["text"]?.string].compactMap(\.self)
            let said = texts.filter(\.isSaying)
            return said.isEmpty ? [] : [.text(said.joined(separator: "\n\n"))]
        }
    }

    /// A part as text. Pictures and sounds are not in the file: their place is marked.
    private static func text(_ part: JSONValue) -> String? {
        if let text = part.string { return text }
        switch part["content_type"]?.string {
        case "image_asset_pointer": return "[image: \(part["asset_pointer"]?.string ?? "not in the export")]"
        case "audio_asset_pointer", "real_time_user_audio_video_asset_pointer": return nil
        default: return part["text"]?.string
        }
    }

    /// The names of files that came with a question; pictures among them are marked in the text already.
    private static func attachments(_ metadata: JSONValue) -> [ContentPart] {
        (metadata["attachments"]?.array ?? []).compactMap { file in
            let type = [file["mime_type"], file["mimeType"]].lazy.compactMap { $0?.string }.first ?? ""
            guard let name = file["name"]?.string, !type.hasPrefix("image/") else { return nil }
            return .text("[attachment: \(name)]")
        }
    }
}

extension String {
    /// Whether there is anything in it but blanks.
    var isSaying: Bool { contains { !$0.isWhitespace } }
}
