import PlenumCore
import PlenumWire

/// A stored message as OpenAI's Responses show it.
enum ResponseView {
    static func of(_ message: Message, as identity: ReplyIdentity, in format: any WireFormat) -> JSONValue {
        var reply = Reply()
        reply.parts = message.parts
        reply.finish = message.finish
        reply.usage = message.usage
        let bytes = format.writeReply(reply, as: identity)
        guard var object = (try? JSONValue(parsing: bytes))?.object else { return .null }
        if let status = status(message) { object["status"] = .string(status) }
        if let error = message.error, message.status == .failed {
            object["error"] = ["code": "server_error", "message": .string(error.message)]
        }
        return .object(object)
    }

    /// The status of a response that did not come to an end of its own.
    private static func status(_ message: Message) -> String? {
        switch message.status {
        case .queued: "queued"
        case .inProgress: "in_progress"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .interrupted: "incomplete"
        case .completed, .incomplete: nil
        }
    }
}
