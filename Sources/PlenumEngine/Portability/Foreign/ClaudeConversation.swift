import PlenumCore

/// Reads a conversation of Claude's `conversations.json`: a list of messages, which may name the one that each follows.
enum ClaudeConversation {
    /// Reads a conversation; messages that say nothing that can be read are left out.
    /// - Throws: `invalidRequest` for what is no such conversation.
    static func read(_ json: JSONValue) throws(PlenumError) -> ForeignConversation {
        guard let list = json["chat_messages"]?.array else { throw .unportable("chat_messages") }
        guard let id = json["uuid"]?.string, !id.isEmpty else { throw .unportable("uuid") }
        var conversation = ForeignConversation(id: id)
        conversation.title = json["name"]?.string
        conversation.createdAt = Timestamp(foreign: json["created_at"])
        conversation.updatedAt = Timestamp(foreign: json["updated_at"])
        let model = json["model"]?.string
        let ids = list.enumerated().map { index, message in message["uuid"]?.string ?? "#\(index)" }
        var indices: [String: Int] = [:]
        for (index, id) in ids.enumerated() where indices[id] == nil { indices[id] = index }
        // Files without parents are plain lists: each message follows the one before.
        let isTree = list.contains { $0["parent_message_uuid"]?.string != nil }
        conversation.nodes = list.enumerated().map { index, message in
            let isFirst = indices[ids[index]] == index
            let parent = message["parent_message_uuid"]?.string.flatMap { indices[$0] }
            return ForeignNode(
                id: ids[index],
                parent: isTree ? parent : index > 0 ? index - 1 : nil,
                createdAt: Timestamp(foreign: message["created_at"]),
                content: isFirst ? ClaudeMessage.read(message, model: model) : .leftOut
            )
        }
        conversation.leaf = json["current_leaf_message_uuid"]?.string.flatMap { indices[$0] }
        return conversation
    }
}

/// Reads a message of Claude's export.
enum ClaudeMessage {
    static func read(_ json: JSONValue, model: String?) -> ForeignNode.Content {
        let role: Turn.Role
        switch json["sender"]?.string {
        case "human": role = .user
        case "assistant": role = .assistant
        default: return json.object == nil ? .nothing : .leftOut
        }
        var parts = (json["content"]?.array ?? []).compactMap(part)
        let hasWords = parts.contains { $0.text != nil }
        if !hasWords, let text = json["text"]?.string, text.isSaying { parts.append(.text(text)) }
        parts += (json["attachments"]?.array ?? []).compactMap(attachment)
        parts += (json["files"]?.array ?? []).compactMap { file in
            file["file_name"]?.string.map { .text("[attachment: \($0)]") }
        }
        guard !parts.isEmpty else { return .leftOut }
        var message = ForeignMessage(role: role, parts: parts)
        if role == .assistant { message.model = (json["model"]?.string ?? model).flatMap { $0.isEmpty ? nil : $0 } }
        return .message(message)
    }

    private static func part(_ json: JSONValue) -> ContentPart? {
        switch json["type"]?.string {
        case "text": json["text"]?.string.flatMap { $0.isSaying ? .text($0) : nil }
        case "thinking": json["thinking"]?.string.flatMap { $0.isSaying ? .reasoning(Reasoning($0)) : nil }
        case "tool_use": call(json)
        default: nil
        }
    }

    /// What a model wrote with a tool, such as an artifact, as text: a call without its tool would be refused by any provider.
    private static func call(_ json: JSONValue) -> ContentPart? {
        guard let input = json["input"], input.object?.isEmpty == false else { return nil }
        let heading = [json["name"]?.string, input["title"]?.string].compactMap(\.self).joined(separator: ": ")
        let written = [input["content"], input["code"], input["file_text"]].lazy.compactMap { $0?.string }.first
        let language = input["language"]?.string ?? ""
        let code =
            written.map { CodeFence.around($0, language: language) } ?? CodeFence.around(input.text, language: "json")
        return .text("[\(heading)]\n\n\(code)")
    }

    private static func attachment(_ json: JSONValue) -> ContentPart? {
        let name = json["file_name"]?.string ?? ""
        guard let text = json["extracted_content"]?.string, text.isSaying else {
            return name.isEmpty ? nil : .text("[attachment: \(name)]")
        }
        return .text("[attachment: \(name)]\n\n\(CodeFence.around(text))")
    }
}
