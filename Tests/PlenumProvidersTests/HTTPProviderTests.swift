import PlenumCore
import PlenumProviders
import PlenumTransport
import PlenumWire
import Testing

/// A transport that answers from a recording and remembers what it was asked.
private final class RecordedTransport: HTTPTransport {
    let status: Int
    let pieces: [[UInt8]]
    let failure: TransportError?

    init(status: Int = 200, _ pieces: [String], failure: TransportError? = nil) {
        self.status = status
        self.pieces = pieces.map { Array($0.utf8) }
        self.failure = failure
    }

    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        TransportResponse(status: status, body: TransportBody(recorded: pieces, failure: failure))
    }

    func fetch(_ request: TransportRequest, limit: Int) async throws(TransportError) -> WholeResponse {
        if let failure { throw failure }
        return WholeResponse(status: status, headers: ["x-request-id": "req-9"], body: pieces.flatMap { $0 })
    }
}

@Suite("HTTP provider")
struct HTTPProviderTests {
    private func request(stream: Bool) -> CompletionRequest {
        CompletionRequest(
            model: "m",
            tag: ModelID(provider: "openai", model: "m"),
            stream: stream,
            prompt: .chat(ChatRequest(prompt: "hi"))
        )
    }

    private func read(_ transport: RecordedTransport, stream: Bool) async throws -> Reply {
        let provider: HTTPProvider = try .openAI(key: "sk-canary", transport: transport)
        var reply = Reply()
        for try await piece in try await provider.complete(request(stream: stream)) {
            for event in piece.events { reply.apply(event) }
        }
        return reply
    }

    @Test("a stream is read to its terminator")
    func stream() async throws {
        let chunk = { (delta: String, finish: String) in
            "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":\(delta),\"finish_reason\":\(finish)}]}\n\n"
        }
        let reply = try await read(
            RecordedTransport([
                chunk("{\"content\":\"He\"}", "null"), chunk("{\"content\":\"y\"}", "null"),
                chunk("{}", "\"stop\"") + "data: [DONE]\n\n",
            ]),
            stream: true
        )
        #expect(reply.text == "Hey")
        #expect(reply.isEnded)
    }

    @Test("a stream without a terminator is an error, not a reply")
    func cut() async throws {
        let transport = RecordedTransport([
            "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"He\"}}]}\n\n"
        ])
        let error = await #expect(throws: PlenumError.self) { _ = try await read(transport, stream: true) }
        #expect(error?.code == .upstreamInterrupted)
    }

    @Test("a refusal carries the provider's status and never the key")
    func refusal() async throws {
        let body =
            #"{"error":{"message":"Incorrect API key provided: sk-canary.","type":"invalid_request_error","code":"invalid_api_key"}}"#
        let error = await #expect(throws: PlenumError.self) {
            _ = try await read(RecordedTransport(status: 401, [body]), stream: false)
        }
        #expect(error?.code == .upstreamAuthentication)
        #expect(error?.upstream?.status == 401)
        #expect(error?.upstream?.requestID == "req-9")
        #expect(error?.message.contains("sk-canary") == false)
    }

    @Test("an answer whose tools go by other names is told in events, not in its bytes", arguments: [true, false])
    func otherNames(stream: Bool) async throws {
        let call = #"{"tool_calls":[{"index":0,"id":"c","function":{"name":"f","arguments":"{\"input\":\"x\"}"}}]}"#
        let choice = #"{"index":0,"DELTA":\#(call),"finish_reason":"tool_calls"}"#
        let body = #"{"id":"1","model":"m","choices":[\#(choice)]}"#
        let text =
            stream
            ? "data: \(body.replacing("DELTA", with: "delta"))\n\ndata: [DONE]\n\n"
            : body.replacing("DELTA", with: "message")
        var descriptor = ProviderDescriptor(id: "x", format: .openAIChat, baseURL: "http://x/v1")
        for convertsTools in [true, false] {
            descriptor.quirks.functionsOnly = convertsTools
            let provider = try HTTPProvider(descriptor, key: nil, transport: RecordedTransport([text]))
            let tools = #"[{"type":"custom","custom":{"name":"f"}}]"#
            let asked = Array(#"{"model":"m","messages":[{"role":"user","content":"q"}],"tools":\#(tools)}"#.utf8)
            var request = request(stream: stream)
            request.prompt = .verbatim(try OpenAIChatFormat().scanRequest(asked).verbatim(asked))
            var isVerbatim = false
            var reply = Reply()
            for try await piece in try await provider.complete(request) {
                isVerbatim = isVerbatim || piece.verbatim?.isEmpty == false
                for event in piece.events { reply.apply(event) }
            }
            #expect(reply.toolCalls.map(\.arguments) == [#"{"input":"x"}"#] && isVerbatim != convertsTools)
        }
    }

    @Test("a model that speaks another format is asked and read in it")
    func otherFormat() async throws {
        let body = #"{"candidates":[{"content":{"parts":[{"text":"Hey"}]},"finishReason":"STOP"}]}"#
        var descriptor = ProviderDescriptor(id: "x", format: .openAIChat, baseURL: "http://x/v1")
        descriptor.formats = ["m": .gemini]
        let provider = try HTTPProvider(descriptor, key: nil, transport: RecordedTransport([body]))
        let stream = try await provider.complete(request(stream: false))
        #expect(stream.head.dialect == .gemini)
        var reply = Reply()
        for try await piece in stream { for event in piece.events { reply.apply(event) } }
        #expect(reply.text == "Hey")
    }

    @Test("a web page with status 200 is no reply", arguments: [true, false])
    func webPage(stream: Bool) async throws {
        let transport = RecordedTransport(["<html><body>502</body></html>"])
        let error = await #expect(throws: PlenumError.self) { _ = try await read(transport, stream: stream) }
        #expect(error?.message.contains("<html>") == false)
        #expect(error?.isRetryable == true)
    }
}
