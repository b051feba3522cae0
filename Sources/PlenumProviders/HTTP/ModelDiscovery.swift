import PlenumCore
public import PlenumTransport
import PlenumWire

/// Asks servers which models they have.
public enum ModelDiscovery {
    /// Asks a provider that speaks OpenAI's dialect, at `GET /models`.
    /// - Parameters:
    ///   - provider: the provider, without models.
    ///   - key: its key, if it asks for one.
    ///   - transport: what carries the question.
    /// - Returns: the provider with the models it named; `nil` if it does not answer as one of its dialect.
    public static func discover(
        _ provider: ProviderDescriptor,
        key: String?,
        transport: any HTTPTransport
    ) async -> ProviderDescriptor? {
        var headers: [(name: String, value: String)] = [(name: "accept", value: "application/json")]
        if let key { headers.append((name: "authorization", value: "Bearer \(key)")) }
        var request = TransportRequest(url: provider.baseURL + "/models", headers: headers, body: [])
        request.method = "GET"
        request.timeouts.connect = .milliseconds(300)
        request.timeouts.responseHead = .seconds(2)
        request.timeouts.total = .seconds(3)
        guard let response = try? await transport.fetch(request, limit: 4 << 20), response.status == 200,
            let listed = try? JSONValue(parsing: response.body)["data"]?.array
        else { return nil }
        // Another Plenum at the port that is asked is no provider of its own.
        guard listed.first?["provider_name"] == nil else { return nil }
        var found = provider
        let known = Set(provider.models.map(\.id.model))
        for name in listed.compactMap({ $0["id"]?.string }) where !known.contains(name) {
            found.models.append(Model(id: ModelID(provider: provider.id, model: name)))
        }
        return found
    }

    /// Servers that people run on their own machine, at their usual ports. They have the quirks that an entry of
    /// `providers.json` has which says `like` and their id.
    public static let localServers = [
        local("ollama", "Ollama", port: 11434),
        local("llamacpp", "llama.cpp", port: 8080),
        local("llamacpp", "llama.cpp", port: 8081),
        local("vllm", "vLLM", port: 8000),
    ]

    private static func local(_ id: String, _ name: String, port: Int) -> ProviderDescriptor {
        ProviderDescriptor(
            id: id,
            name: name,
            format: .openAIChat,
            baseURL: "http://127.0.0.1:\(port)/v1",
            quirks: Quirks.servers[id] ?? Quirks()
        )
    }
}
