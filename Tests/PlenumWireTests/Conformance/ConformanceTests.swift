import PlenumCore
import PlenumWire
import Testing

@Suite(
    "Recordings of real providers",
    .enabled(if: Recordings.arePresent, "there are no recordings beside the project")
)
struct ConformanceTests {
    static let topics: Set<String> = [
        "text", "multi-turn", "tool-call", "parallel-tools", "tool-result", "reasoning", "max-tokens", "stop-sequence",
        "cache-usage", "image-input",
    ]

    @Test("are read as their own trees say, at every size of chunk")
    func readsAsTheTreesSay() throws {
        let recordings = try Recordings.load().filter { recording in
            recording.isOriginal && (Self.topics.contains(recording.topic) || recording.topic.hasPrefix("error-"))
        }
        try #require(!recordings.isEmpty)
        var passed = 0
        for recording in recordings {
            let format = try #require(WireFormats.format(for: recording.dialect))
            let fault = recording.status >= 400 ? try refusal(recording, format) : try answer(recording, format)
            if let fault { Issue.record("\(recording.file): \(fault)") } else { passed += 1 }
        }
        print("conformance: \(passed) of \(recordings.count) recordings")
    }

    @Test("of any other kind are read alike at every size of chunk, or refused with an error")
    func readsTheRest() throws {
        let recordings = try Recordings.load().filter { recording in
            recording.status < 400 && !(recording.isOriginal && Self.topics.contains(recording.topic))
        }
        var read = 0
        for recording in recordings {
            let format = try #require(WireFormats.format(for: recording.dialect))
            let outcomes = [1, 7, 64, Int.max].map { Reading.outcome(recording, format, size: $0) }
            for outcome in outcomes.dropFirst() where outcome != outcomes[0] {
                Issue.record("\(recording.file): chunks change what is read")
            }
            if outcomes[0].error == nil { read += 1 } else { print("refused \(recording.file): \(outcomes[0].error!)") }
        }
        print("conformance: \(recordings.count) others the same at every chunk size, \(read) of them read to their end")
    }

    @Test("pass through byte for byte, but for the model's name")
    func passesThrough() throws {
        for recording in try Recordings.load()
        where recording.isOriginal && recording.status < 400 && Self.topics.contains(recording.topic) {
            let format = try #require(WireFormats.format(for: recording.dialect))
            let request = Reading.request(recording, verbatim: true)
            if recording.body.first == UInt8(ascii: "["), recording.isStreamed { continue }
            let expected = try Reading.renamed(recording)
            for size in [1, 7, 64, Int.max] {
                var bytes: [UInt8] = []
                if recording.isStreamed {
                    for piece in try Reading.pieces(recording.body, format.makeReplyReader(for: request), size: size) {
                        bytes += try #require(piece.verbatim)
                    }
                } else {
                    bytes = try #require(try format.readReply(recording.body, request: request).verbatim)
                }
                #expect(bytes == expected, "\(recording.file) at \(size)")
            }
        }
    }

    @Test("survive a dialect's own writer and reader")
    func surviveTheirOwnDialect() throws {
        for recording in try Recordings.load()
        where recording.isOriginal && recording.status < 400 && Self.topics.contains(recording.topic) {
            let format = try #require(WireFormats.format(for: recording.dialect))
            let outcome = Reading.outcome(recording, format, size: .max)
            let reply = Reply(outcome.events)
            let identity = ReplyIdentity(id: reply.id ?? "x", created: 1, model: reply.model ?? "m")
            var writer = format.makeReplyWriter(as: identity)
            let streamed = writer.write(outcome.events)
            let request = Reading.request(recording, verbatim: false)
            let again = try Reading.pieces(streamed, format.makeReplyReader(for: request), size: 64).flatMap(\.events)
            #expect(Expectation(Reply(again)) == Expectation(reply), "\(recording.file) streamed")
            let whole = try format.readReply(format.writeReply(reply, as: identity), request: request)
            #expect(Expectation(Reply(whole.events)).text == Expectation(reply).text, "\(recording.file) whole")
        }
    }

    /// What is wrong with the reading of an answer; `nil` if nothing is.
    private func answer(_ recording: Recording, _ format: any WireFormat) throws -> String? {
        guard let expected = try Expectation(recording) else { return "the recording has no frames" }
        let outcomes = [1, 7, 64, Int.max].map { Reading.outcome(recording, format, size: $0) }
        if let error = outcomes[0].error { return "refused: \(error)" }
        for outcome in outcomes.dropFirst() where outcome != outcomes[0] { return "chunks change what is read" }
        let reply = Reply(outcomes[0].events)
        guard reply.isEnded else { return "no end" }
        var found = Expectation(reply)
        // Arguments are compared as trees where a reader writes them anew.
        if found.calls.map({ try? JSONValue(parsing: $0.arguments) })
            == expected.calls.map({ try? JSONValue(parsing: $0.arguments) }),
            found.calls.map(\.name) == expected.calls.map(\.name)
        {
            found.calls = expected.calls
        }
        return found == expected ? nil : "read \(found), but the recording says \(expected)"
    }

    private func refusal(_ recording: Recording, _ format: any WireFormat) throws -> String? {
        let header: (String) -> String? = { name in recording.headers[name]?.string }
        let error = format.readError(
            status: recording.status,
            header: header,
            body: recording.body,
            provider: recording.provider
        )
        let body = try? JSONValue(parsing: recording.body)
        let said = (body?.array?.first ?? body)?["error"]?["message"]?.string ?? ""
        if !error.message.hasPrefix("[\(recording.provider)] \(said.prefix(20))".replacing("\n", with: " ")) {
            return "the message became \(error.message)"
        }
        let expected: PlenumError.Code =
            switch recording.status {
            case 401, 403: .upstreamAuthentication
            case 404: .notFound
            case 429: .rateLimited
            default:
                if said.contains("too long") {
                    .contextLength
                } else if body?["error"]?["code"] == "model_not_found" {
                    .notFound
                } else if said.contains("API key not valid") {
                    .upstreamAuthentication
                } else if said.contains("Unsupported parameter") {
                    .unsupportedParameter
                } else {
                    .invalidRequest
                }
            }
        return error.code == expected ? nil : "the code is \(error.code), not \(expected)"
    }
}
