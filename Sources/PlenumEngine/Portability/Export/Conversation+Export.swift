import PlenumCore

/// A conversation in the export, without its messages.
extension Conversation {
    /// Writes the conversation.
    func export(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("object", "conversation")
        writer.member("title", title)
        writer.member("model", model)
        writer.member("leaf", leaf?.description)
        writer.member("pinned", isPinned)
        writer.member("archived", isArchived)
        writer.key("metadata")
        writer.object(metadata)
        writer.time("created_at", createdAt)
        writer.time("updated_at", updatedAt)
        writer.endObject()
    }

    /// Reads a conversation, without a leaf: that comes with its messages.
    /// - Throws: `invalidRequest` that names the member at fault.
    init(exported json: JSONValue) throws(PlenumError) {
        guard let id = json["id"]?.string.flatMap(ConversationID.init) else { throw .unportable("id") }
        guard let createdAt = json.time("created_at") else { throw .unportable("created_at_ms") }
        self.init(id: id, createdAt: createdAt, updatedAt: json.time("updated_at"))
        title = try json.text("title")
        model = try json.text("model")
        isPinned = json["pinned"]?.bool ?? false
        isArchived = json["archived"]?.bool ?? false
        guard let metadata = (json["metadata"] ?? [:]).object else { throw .unportable("metadata") }
        self.metadata = metadata
    }
}

extension JSONValue {
    /// A text or `null`; absent counts as `null`.
    fileprivate func text(_ name: String) throws(PlenumError) -> String? {
        guard let value = self[name], !value.isNull else { return nil }
        guard let text = value.string else { throw .unportable(name) }
        return text
    }
}
