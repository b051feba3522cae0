import PlenumCore
import PlenumWire
import Testing

@Suite("Hostile bytes never trap")
struct HostileTests {
    private static let bodies: [(dialect: Dialect, stream: [UInt8], whole: [UInt8], request: [UInt8])] = {
        WireFormats.all.map { format in
            var random = LawTests.Seeded(state: 7)
            var events: [ReplyEvent] = []
            while events.count < 9 { events = LawTests.events(format.dialect, &random) }
            let identity = ReplyIdentity(id: "i", created: 0, model: "m")
            var writer = format.makeReplyWriter(as: identity)
            let tag = ModelID(provider: "p", model: "m")
            let prompt = VerbatimRequest(dialect: .openAIChat, body: Array(GoldenTests.history.utf8), modelSpan: nil)
            let request = CompletionRequest(model: "m", tag: tag, stream: false, prompt: .verbatim(prompt))
            let body =
                format.dialect == .openAIChat
                ? Array(GoldenTests.history.utf8) : (try? format.writeRequest(request, quirks: Quirks()).body) ?? []
            return (format.dialect, writer.write(events), format.writeReply(Reply(events), as: identity), body)
        }
    }()

    /// Does with bytes all that can be done with bytes from outside.
    private func tryEverything(_ format: any WireFormat, _ bytes: [UInt8], size: Int) {
        let tag = ModelID(provider: "p", model: "m")
        let prompt = VerbatimRequest(dialect: format.dialect, body: bytes, modelSpan: nil)
        let request = CompletionRequest(model: "m", tag: tag, stream: true, prompt: .verbatim(prompt))
        _ = Reading.outcome(bytes, format.makeReplyReader(for: request), size: size)
        _ = try? format.readReply(bytes, request: request)
        _ = format.readError(status: 500, header: { _ in nil }, body: bytes, provider: "p")
        if let head = try? format.scanRequest(bytes) {
            let verbatim = CompletionRequest(
                model: "m",
                tag: tag,
                stream: true,
                prompt: .verbatim(head.verbatim(bytes))
            )
            if let sent = try? format.writeRequest(verbatim, quirks: Quirks()) {
                #expect((try? JSONValue(parsing: sent.body)) != nil, "what was JSON stays JSON")
            }
        }
        guard let door = try? format.readRequest(bytes) else { return }
        for other in WireFormats.all {
            let chat = CompletionRequest(model: "m", tag: tag, stream: true, prompt: .chat(door.chat))
            guard let sent = try? other.writeRequest(chat, quirks: Quirks()) else { continue }
            #expect((try? JSONValue(parsing: sent.body)) != nil, "what is written is JSON")
        }
    }

    @Test("cut off at every byte", arguments: WireFormats.all.map(\.dialect))
    func truncated(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        let body = try #require(Self.bodies.first { $0.dialect == dialect })
        for text in [body.stream, body.whole, body.request] {
            for end in 0..<text.count { tryEverything(format, Array(text[..<end]), size: 16) }
        }
        for end in 0..<body.stream.count - 1 {
            let reader = format.makeReplyReader(for: Reading.streamed)
            let outcome = Reading.outcome(Array(body.stream[..<end]), reader, size: .max)
            #expect(outcome.error != nil || outcome.events.last == .end, "a cut is an error or comes after the end")
        }
    }

    @Test("changed at random", arguments: WireFormats.all.map(\.dialect))
    func fuzz(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        let body = try #require(Self.bodies.first { $0.dialect == dialect })
        let words = [
            "null", "-1", "1e999", "9223372036854775807", "[]", "{}", "\"\"", "[[", "\n\n", "data:", "\\ud800",
        ]
        var random = LawTests.Seeded(state: 99)
        for _ in 0..<7000 {
            var text = [body.stream, body.whole, body.request].randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                let length = min(Int.random(in: 0...8, using: &random), text.count - at)
                let bytes =
                    Bool.random(using: &random)
                    ? Array(words.randomElement(using: &random)!.utf8) : [UInt8.random(in: 0...255, using: &random)]
                text.replaceSubrange(at..<at + length, with: bytes)
                if text.isEmpty { text = [0x7B] }
            }
            tryEverything(format, text, size: Int.random(in: 1...64, using: &random))
        }
    }

    @Test("nested without end, and numbers without measure", arguments: WireFormats.all.map(\.dialect))
    func nested(dialect: Dialect) throws {
        let format = try #require(WireFormats.format(for: dialect))
        for opening in [
            "[", "{\"a\":", "{\"messages\":[", "{\"choices\":[{\"delta\":", "{\"candidates\":[", "{\"input\":[",
            "{\"response\":",
        ] {
            let deep = Array(String(repeating: opening, count: 20_000).utf8)
            tryEverything(format, deep, size: 4096)
            tryEverything(format, Array("data: ".utf8) + deep + Array("\n\n".utf8), size: 4096)
        }
        let huge = "9223372036854775807"
        let names = ["prompt_tokens", "completion_tokens", "input_tokens", "output_tokens", "promptTokenCount"]
        let counts = names.map { "\"\($0)\":\(huge)" }.joined(separator: ",")
        let body =
            #"{"choices":[{}],"content":[],"output":[],"candidates":[{}],"usage":{\#(counts)},"usageMetadata":{\#(counts)}}"#
        let piece = try format.readReply(Array(body.utf8), request: Reading.streamed)
        #expect(Reply(piece.events).usage != nil)
        #expect(Reply(piece.events).usage?.total ?? 0 > 0)
    }
}
