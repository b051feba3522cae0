import HTTPTypes
import Logging
import PlenumCore
import PlenumProviders
import PlenumTransport
import Testing

@testable import PlenumHTTP

/// The simulator at a port of its own, and providers that ask it.
private struct SimulatorUnderTest {
    var server: ServerUnderTest

    static func run(
        script: SimulationRules = SimulationRules(),
        _ body: @escaping @Sendable (SimulatorUnderTest) async throws -> Void
    ) async throws {
        try await ServerUnderTest.run { onServing in
            SimulatorServer.make(
                answering: SimulatedProvider(script: script).call,
                models: SimulatedProvider.models(),
                host: "localhost",
                port: 0,
                logger: Logger(label: "test"),
                onServing: onServing
            )
        } _: { server in
            try await body(SimulatorUnderTest(server: server))
        }
    }

    static let dialects: [Dialect] = [.openAIChat, .anthropicMessages, .gemini]

    func reply(_ dialect: Dialect, _ model: String, streamed: Bool = true, prompt: String = "hi") async throws -> Reply
    {
        let descriptor = ProviderDescriptor(
            id: "p",
            format: dialect,
            baseURL: server.url + (dialect == .openAIChat ? "/v1" : "")
        )
        let request = CompletionRequest(
            model: model,
            tag: ModelID(provider: "p", model: model),
            stream: streamed,
            prompt: .chat(ChatRequest(prompt: prompt)),
            outputLimit: 1000
        )
        var reply = Reply()
        let provider = try HTTPProvider(descriptor, key: nil, transport: server.transport)
        for try await piece in try await provider.complete(request) {
            for event in piece.events { reply.apply(event) }
        }
        return reply
    }

    /// Posts a body; gives the status and the answer.
    func post(
        _ path: String,
        _ body: JSONValue,
        headers: HTTPFields = [:]
    ) async throws -> (status: Int, answer: JSONValue) {
        var fields = headers
        fields[.contentType] = "application/json"
        let answer = try await server.send(.post, path, body.bytes, headers: fields)
        return (answer.status, try JSONValue(parsing: answer.body))
    }

    func calls(_ method: HTTPRequest.Method = .get) async throws -> [JSONValue] {
        try JSONValue(parsing: try await server.send(method, "/simulator/calls").body)["data"]?.array ?? []
    }
}

@Suite("The simulator")
struct SimulatorTests {
    @Test("says what it was called with and what it told, and forgets it", arguments: SimulatorUnderTest.dialects)
    func calls(dialect: Dialect) async throws {
        try await SimulatorUnderTest.run { simulator in
            let streamed = try await simulator.reply(dialect, "sim-gap0-words3")
            let whole = try await simulator.reply(dialect, "sim-gap0-words3", streamed: false)
            #expect(streamed.text == "word1 word2 word3 " && whole.text == streamed.text)
            let calls = try await simulator.calls()
            #expect(calls.map { $0["sequence"]?.int } == [1, 2])
            #expect(calls.map { $0["stream"]?.bool } == [true, false])
            for call in calls {
                #expect(call["model"] == "sim-gap0-words3" && call["dialect"]?.string == dialect.rawValue)
                #expect(call["status"] == "completed" && call["http_status"] == 200 && call["answer_length"] == 18)
                #expect(call["usage"]?["output_tokens"] == 3 && call["usage"]?["input_tokens"] == 1)
                #expect(call["body"]?.text.contains("hi") == true)
            }
            _ = try await simulator.calls(.delete)
            let none = try await simulator.calls()
            _ = try await simulator.reply(dialect, "sim-gap0-words3")
            let one = try await simulator.calls()
            #expect(none.isEmpty && one.map { $0["sequence"]?.int } == [3])
        }
    }

    @Test(
        "breaks its connection at each of the seven points",
        arguments: SimulatorUnderTest.dialects,
        Array(1...7)
    )
    func resets(dialect: Dialect, point: Int) async throws {
        try await SimulatorUnderTest.run { simulator in
            for streamed in [true, false] {
                let model = "sim-gap0-words3-reset\(point)-fail1\(streamed ? "" : "-whole")"
                // More than a connection's buffers hold: before it is read, it cannot all be sent.
                let prompt = String(repeating: "long ", count: point == 1 && streamed ? 1 << 20 : 1)
                // On a connection that has served before, libcurl asks once more by itself.
                var fresh = simulator
                fresh.server.transport = try CurlTransport()
                let asked = fresh
                let error = await #expect(throws: PlenumError.self) {
                    try await asked.reply(dialect, model, streamed: streamed, prompt: prompt)
                }
                fresh.server.transport.shutdown()
                #expect(error?.code == .upstreamInterrupted, "\(String(describing: error))")
                let again = try await simulator.reply(dialect, model, streamed: streamed)
                #expect(again.isEnded)
            }
            let calls = try await simulator.calls()
            #expect(calls.map { $0["status"]?.string } == ["broken", "completed", "broken", "completed"])
            #expect(calls[0]["broken_by"] == "simulator" && calls[0]["usage"] == .null)
            let read = try #require(calls[0]["body_bytes"]?.int)
            if point == 1, dialect != .gemini { #expect(read > 0 && read < 5 << 20) }
        }
    }

    @Test("answers by its script", arguments: SimulatorUnderTest.dialects)
    func script(dialect: Dialect) async throws {
        let rule = SimulationRules.Rule(model: "sim*", contains: ["why"], answers: ["because", "for that"], gap: 0)
        try await SimulatorUnderTest.run(script: SimulationRules([rule])) { simulator in
            let first = try await simulator.reply(dialect, "sim-x", prompt: "why?")
            let second = try await simulator.reply(dialect, "sim-y", streamed: false, prompt: "why?")
            let other = try await simulator.reply(dialect, "sim-gap0-words1", prompt: "how?")
            #expect([first.text, second.text, other.text] == ["because", "for that", "word1 "])
        }
    }

    @Test("counts tokens and gives vectors, or refuses to, and notes that it was asked")
    func sides() async throws {
        try await SimulatorUnderTest.run { simulator in
            let said: JSONValue = [
                "model": "sim", "messages": [["role": "user", "content": "eight by"]], "max_tokens": 1,
            ]
            let counted = try await simulator.post("/v1/messages/count_tokens", said)
            #expect(counted.status == 200 && counted.answer == ["input_tokens": 1002])
            let contents: JSONValue = ["contents": [["role": "user", "parts": [["text": "eight by"]]]]]
            for body in [contents, ["generateContentRequest": contents]] {
                let counted = try await simulator.post("/v1beta/models/sim:countTokens", body)
                #expect(counted.status == 200 && counted.answer == ["totalTokens": 1002])
            }
            let vectors = try await simulator.post("/v1/embeddings", ["model": "sim", "input": "x"])
            #expect(vectors.status == 200 && vectors.answer["data"]?.array?.count == 1)
            let asked: JSONValue = ["requests": [["content": ["parts": [["text": "x"]]]]]]
            let googles = try await simulator.post("/v1beta/models/sim:batchEmbedContents", asked)
            #expect(googles.answer["embeddings"]?.array?.count == 1)
            let refused = try await simulator.post("/v1/embeddings", ["model": "sim-status429", "input": "x"])
            #expect(refused.status == 429 && refused.answer["error"]?["message"]?.string != nil)
            let nonsense = try await simulator.post("/v1/embeddings", ["model": "sim"])
            #expect(nonsense.status == 400)
            let calls = try await simulator.calls()
            #expect(calls.map { $0["http_status"]?.int } == [200, 200, 200, 200, 200, 429, 400])
            #expect(calls.map { $0["status"]?.string }.suffix(3) == ["completed", "refused", "refused"])
        }
    }

    @Test("is as strict as a name says, in the words of the dialect")
    func strict() async throws {
        try await SimulatorUnderTest.run { simulator in
            let said: JSONValue = [
                "model": "sim-gap0-strict", "messages": [["role": "user", "content": "x"]], "max_tokens": 1,
                "temperature": 1,
            ]
            for (version, status) in [("2023-06-01", 200), ("2026-10-21", 400)] {
                let headers: HTTPFields = [try #require(HTTPField.Name("anthropic-version")): version]
                let answer = try await simulator.post("/v1/messages", said, headers: headers)
                #expect(answer.status == status)
                if status == 400 { #expect(answer.answer["error"]?["type"] == "invalid_request_error") }
            }
            let body: JSONValue = ["contents": [["role": "user", "parts": [["text": "x"]]]], "stream": true]
            let refused = try await simulator.post("/v1beta/models/sim-strict:generateContent", body)
            #expect(refused.status == 400 && refused.answer["error"]?["status"] == "INVALID_ARGUMENT")
            let taken = try await simulator.post("/v1beta/models/sim-gap0:generateContent", body)
            #expect(taken.status == 200)
            for dialect in SimulatorUnderTest.dialects {
                let reply = try await simulator.reply(dialect, "sim-gap0-words1-think2-strict")
                #expect(reply.text == "word1 " && reply.reasoningText == "thought1 thought2 ")
            }
        }
    }

    @Test(
        "finds the model's name where it stands, and nothing where it does not",
        arguments: [
            (#"{"model":"a","x"#, "a"), (#"{"x":{"model":{}},"model" : "b", "#, "b"), (#"{"model":"unfini"#, nil),
            (#"{"text":"\"model\": \"no\"""#, nil), ("{}", nil),
        ] as [(String, String?)]
    )
    func names(body: String, name: String?) {
        #expect(ModelName.find(in: Array(body.utf8)) == name)
    }

    @Test("keeps so many calls and no more, and so many bytes of each")
    func bounds() {
        let log = SimulatorLog()
        for _ in 0..<SimulatorLog.limit + 1 { log.keep(Array(repeating: 0x61, count: 4), of: log.begin(.gemini)) }
        let listed = log.list(after: 0)["data"]?.array ?? []
        #expect(listed.count == SimulatorLog.limit - SimulatorLog.limit / 10 + 1)
        #expect(listed.last?["sequence"]?.int == SimulatorLog.limit + 1)
        log.keep(Array(repeating: 0x61, count: SimulatorLog.bodyLimit + 1), of: SimulatorLog.limit + 1)
        let last = log.list(after: SimulatorLog.limit)["data"]?.array?.first
        #expect(last?["body"]?.string?.count == SimulatorLog.bodyLimit)
        #expect(last?["body_bytes"]?.int == SimulatorLog.bodyLimit + 1)
        log.change(1) { $0.characters = 7 }
    }
}
