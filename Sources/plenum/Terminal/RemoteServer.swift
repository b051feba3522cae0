import PlenumCore
import PlenumTransport
import PlenumWire

/// A Plenum server that runs elsewhere, asked over its own API.
struct RemoteServer {
    private let url: String
    private let transport: CurlTransport
    private let headers: [(name: String, value: String)]

    /// Finds the server that was named, or one at the usual place; it is sent the key only once it has answered as Plenum.
    /// - Returns: `nil` if none was named and none runs.
    /// - Throws: `unavailable` if the one that was named does not answer.
    static func find(_ named: String?, usual: String, key: String?) async throws -> RemoteServer? {
        var headers: [(name: String, value: String)] = [(name: "content-type", value: "application/json")]
        if let key { headers.append((name: "authorization", value: "Bearer \(key)")) }
        let transport = try CurlTransport()
        let stranger = RemoteServer(url: named ?? usual, transport: transport, headers: [])
        if let answer = try? await stranger.get("/livez"), answer == #"{"status":"ok"}"# {
            return RemoteServer(url: stranger.url, transport: transport, headers: headers)
        }
        guard let named else { return nil }
        throw PlenumError(.unavailable, "No Plenum server answers at \(named).")
    }

    /// Starts a run and shows its events.
    /// - Parameter run: is told the run's id.
    func follow(_ body: JSONObject, _ run: RunName, _ renderer: any EventRenderer) async throws {
        let request = TransportRequest(url: url + "/v1/runs", headers: headers, body: JSONValue.object(body).bytes)
        try await follow(request) { data in
            if run.value == nil, let id = try? JSONValue(parsing: data)["run"]?.string { run.set(id) }
            renderer.show(data)
        }
    }

    /// Shows the events of a run that was begun before.
    func follow(_ run: String, _ renderer: any EventRenderer) async throws {
        var request = TransportRequest(url: url + "/v1/runs/\(run)/events", headers: headers, body: [])
        request.method = "GET"
        try await follow(request) { renderer.show($0) }
    }

    private func follow(_ request: TransportRequest, _ show: ([UInt8]) -> Void) async throws {
        var request = request
        request.timeouts.firstContent = nil
        request.timeouts.total = .seconds(3600)
        let response = try await transport.send(request)
        guard response.status == 200 else {
            throw Self.refusal(try await response.body.collect(upTo: 1 << 20))
        }
        var parser = SSEParser()
        for try await chunk in response.body {
            let batch = try parser.feed(chunk)
            for data in batch.events.map(batch.data) where !data.isEmpty { show(data) }
        }
    }

    /// Asks for something without saying more than where.
    func post(_ path: String) async throws {
        let request = TransportRequest(url: url + path, headers: headers, body: Array("{}".utf8))
        let response = try await transport.fetch(request, limit: 16 << 20)
        guard response.status == 200 else { throw Self.refusal(response.body) }
    }

    /// Reads a finished run.
    func run(_ id: String) async throws -> String { try await get("/v1/runs/\(id)") }

    /// The first model that can be asked.
    func firstModel() async throws -> String? {
        try JSONValue(parsing: try await get("/v1/models?available=true"))["data"]?.array?.first?["id"]?.string
    }

    private func get(_ path: String) async throws -> String {
        var request = TransportRequest(url: url + path, headers: headers, body: [])
        request.method = "GET"
        request.timeouts.connect = .milliseconds(500)
        request.timeouts.responseHead = .seconds(10)
        let response = try await transport.fetch(request, limit: 16 << 20)
        guard response.status == 200 else { throw Self.refusal(response.body) }
        return String(decoding: response.body, as: UTF8.self)
    }

    private static func refusal(_ body: [UInt8]) -> PlenumError {
        let message = (try? JSONValue(parsing: body))?["error"]?["message"]?.string
        return PlenumError(.invalidRequest, message ?? "The server refused, and did not say why.")
    }
}
