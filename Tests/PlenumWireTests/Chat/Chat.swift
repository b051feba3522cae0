import Foundation
import PlenumCore
import PlenumWire
import Testing

/// Writing and reading Chat in few words.
enum Chat {
    /// A request as it is sent.
    struct Sent {
        let body: JSONValue
        let text: String
        let warnings: [String]
        let toolNames: [String: String]

        var messages: [JSONValue] { body["messages"]?.array ?? [] }
        var roles: [String] { messages.compactMap { $0["role"]?.string } }
    }

    static let tag = ModelID(provider: "p", model: "m")

    /// Reads a client's body and writes it anew.
    static func send(
        _ body: String,
        from dialect: Dialect = .openAIChat,
        quirks: Quirks = Quirks(),
        capabilities: JSONObject = JSONObject()
    ) throws -> Sent {
        let format = try #require(WireFormats.format(for: dialect))
        let chat = try format.readRequest(Array(body.utf8)).chat
        let stream = (try? JSONValue(parsing: body))?["stream"] == true
        return try send(chat, quirks: quirks, capabilities: capabilities, stream: stream)
    }

    /// Writes a request.
    static func send(
        _ chat: ChatRequest,
        quirks: Quirks = Quirks(),
        capabilities: JSONObject = JSONObject(),
        stream: Bool = false,
        tag: ModelID = tag
    ) throws -> Sent {
        var request = CompletionRequest(model: tag.model, tag: tag, stream: stream, prompt: .chat(chat))
        request.capabilities = ModelCapabilities(capabilities)
        return try sent(request, quirks)
    }

    /// Passes a client's body on as a door does.
    static func pass(_ body: String, quirks: Quirks) throws -> Sent {
        let bytes = Array(body.utf8)
        let head = try OpenAIChatFormat().scanRequest(bytes)
        let prompt = CompletionRequest.Prompt.verbatim(head.verbatim(bytes))
        return try sent(CompletionRequest(model: "m", tag: tag, stream: head.stream, prompt: prompt), quirks)
    }

    private static func sent(_ request: CompletionRequest, _ quirks: Quirks) throws -> Sent {
        let wire = try OpenAIChatFormat().writeRequest(request, quirks: quirks)
        return Sent(
            body: try JSONValue(parsing: wire.body),
            text: String(decoding: wire.body, as: UTF8.self),
            warnings: wire.warnings.map(\.description),
            toolNames: wire.toolNames
        )
    }

    /// Reads a stream of chunks, each the text of its `data`, whatever the pieces are in which they come.
    static func read(_ chunks: [String], done: Bool = true) -> Reading.Outcome {
        let stream = chunks.map { "data: \($0)\n\n" }.joined() + (done ? "data: [DONE]\n\n" : "")
        return read(raw: stream)
    }

    static func read(raw stream: String) -> Reading.Outcome {
        let outcomes = [1, 3, Int.max].map {
            Reading.outcome(Array(stream.utf8), OpenAIChatFormat().makeReplyReader(for: Reading.streamed), size: $0)
        }
        #expect(outcomes[0] == outcomes[2] && outcomes[1] == outcomes[2], "pieces change what is read")
        return outcomes[2]
    }

    /// The chunks that a writer makes of events.
    static func chunks(_ events: [ReplyEvent], freeform: Set<String> = []) throws -> [JSONValue] {
        var echo = RequestEcho()
        echo.freeformTools = freeform
        let identity = ReplyIdentity(id: "i", created: 0, model: "m", request: echo)
        var writer = OpenAIChatFormat().makeReplyWriter(as: identity)
        let text = String(decoding: writer.write(events), as: UTF8.self)
        return try text.split(separator: "\n").compactMap { line in
            line.hasPrefix("data: {") ? try JSONValue(parsing: String(line.dropFirst(6))) : nil
        }
    }
}

/// The quirks of the file that ships.
enum Vendors {
    static func quirks(_ id: String) throws -> Quirks {
        let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = try JSONValue(parsing: Array(Data(contentsOf: root.appendingPathComponent("providers.json"))))
        let entry = try #require(file["providers"]?.array?.first { $0["id"]?.string == id })
        return try Quirks(json: entry["quirks"]?.object ?? JSONObject())
    }
}
