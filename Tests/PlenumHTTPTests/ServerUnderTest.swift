import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumTransport
import Testing

/// A server that listens on a free port of this machine for the length of a test, and a client that speaks to it.
struct ServerUnderTest {
    /// Its address, without a slash at the end.
    let url: String
    var transport: CurlTransport

    /// Starts a server, which `make` is to make so that it says at which port it serves, and stops it after the test.
    static func run(
        _ make: (_ onServing: @escaping @Sendable (Int) async -> Void) -> some ApplicationProtocol,
        _ body: @escaping @Sendable (ServerUnderTest) async throws -> Void
    ) async throws {
        let (ports, serves) = AsyncStream<Int>.makeStream()
        let server = make { port in serves.yield(port) }
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Where it ends before it serves, its error is what the test ends with.
                defer { serves.finish() }
                try await server.run()
            }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return }
                try await body(ServerUnderTest(url: "http://localhost:\(port)", transport: transport))
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Sends a request and reads the whole answer.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: [UInt8] = [],
        headers: HTTPFields = [:]
    ) async throws -> AnswerUnderTest {
        let request = TransportRequest(
            method: method.rawValue,
            url: url + path,
            headers: headers.map { ($0.name.rawName, $0.value) },
            body: body
        )
        let answer = try await transport.fetch(request, limit: 1 << 26)
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            fields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        return AnswerUnderTest(status: answer.status, headers: fields, body: answer.body)
    }
}

/// What a client was given, to the byte.
struct AnswerUnderTest: Equatable {
    var status: Int
    var headers: HTTPFields
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; `null` where it is none.
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
    /// The events of a stream and its comments.
    var parts: [Substring] { text.split(separator: "\n\n") }
    /// The data of a stream's events.
    var events: [JSONValue] {
        parts.filter { $0.hasPrefix("data: {") }.compactMap { try? JSONValue(parsing: String($0.dropFirst(6))) }
    }
}
