import PlenumCore

/// A message in the export: what the API's item has, and what makes it exact.
extension Message {
    /// Writes the message.
    func export(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id.description)
        writer.member("type", "message")
        writer.member("parent", parent?.description)
        writer.member("role", role.rawValue)
        writer.key("content")
        writer.beginArray()
        for part in parts { writer.value(part.json(in: role)) }
        writer.endArray()
        writer.member("status", status.rawValue)
        for member in ExportedMember.all { writer.member(member.name, member.write(self)) }
        writer.time("created_at", createdAt)
        writer.time("ended_at", endedAt)
        writer.endObject()
    }

    /// Reads a message.
    /// - Parameters:
    ///   - json: an item of the file.
    ///   - conversation: the conversation that it belongs to.
    /// - Throws: `invalidRequest` that names the member at fault.
    init(exported json: JSONValue, in conversation: ConversationID) throws(PlenumError) {
        guard let id = json["id"]?.string.flatMap(MessageID.init) else { throw .unportable("id") }
        guard let role = json["role"]?.string.flatMap(Turn.Role.init) else { throw .unportable("role") }
        guard let status = json["status"]?.string.flatMap(Status.init) else { throw .unportable("status") }
        guard let content = json["content"]?.array else { throw .unportable("content") }
        var parts: [ContentPart] = []
        for (index, element) in content.enumerated() {
            guard let part = ContentPart(json: element) else { throw .unportable("content[\(index)]") }
            parts.append(part)
        }
        guard let createdAt = json.time("created_at") else { throw .unportable("created_at_ms") }
        self.init(
            id: id,
            conversation: conversation,
            role: role,
            parts: parts,
            status: status,
            createdAt: createdAt
        )
        parent = json["parent"]?.string.flatMap(MessageID.init)
        for member in ExportedMember.all {
            guard member.read(json[member.name] ?? .null, &self) else { throw .unportable(member.name) }
        }
        endedAt = json.time("ended_at")
        if !status.isTerminal { interrupt() }
    }

    /// Ends what was still being written when the file was: nobody goes on with it here.
    private mutating func interrupt() {
        status = .interrupted
        endedAt = endedAt ?? createdAt
        error =
            error ?? RecordedError(PlenumError(.interrupted, "This was still being written when it was exported."))
    }
}

extension PlenumError {
    /// What is said of a member of a file that cannot be taken over.
    static func unportable(_ path: String) -> PlenumError {
        PlenumError(.invalidRequest, "\"\(path)\" is missing, or is not what it should be.", parameter: path)
    }

    /// The same error of something inside.
    func inside(_ path: String) -> PlenumError { .unportable("\(path).\(parameter ?? "?")") }
}

extension JSONWriter {
    /// Writes a moment in seconds, as the API does, and exactly.
    mutating func time(_ name: String, _ time: Timestamp?) {
        member(name, time.map { Int($0.seconds) })
        member("\(name)_ms", time.map { Int($0.milliseconds) })
    }
}

extension JSONValue {
    /// Reads a moment, exactly if the file has it so; `nil` for none and for one that no file may name.
    func time(_ name: String) -> Timestamp? {
        if let exact = self["\(name)_ms"]?.number?.int { return Timestamp(portable: exact) }
        return Timestamp(
            portable: self[name]?.number?.int.flatMap {
                0...Timestamp.portable.upperBound / 1000 ~= $0 ? $0 * 1000 : nil
            }
        )
    }
}
