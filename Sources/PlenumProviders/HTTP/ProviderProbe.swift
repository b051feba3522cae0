import PlenumCore
public import PlenumTransport
import PlenumWire

/// Finds out whether a provider answers and takes its key, by the cheapest question that costs nothing.
public enum ProviderProbe {
    /// What came of the question.
    public enum Answer: Sendable, Hashable {
        /// It answered, and took the key if there is one.
        case reachable
        /// It refused the key, with this status.
        case keyRefused(status: Int)
        /// It answered with this status, which says nothing of the key.
        case answered(status: Int)
        /// It did not answer, and why.
        case unreachable(reason: String)
    }

    /// Asks a provider for its models, which takes a few seconds at most.
    /// - Parameters:
    ///   - provider: the provider.
    ///   - key: its key, if it asks for one.
    ///   - transport: what carries the question.
    public static func ask(
        _ provider: ProviderDescriptor,
        key: String?,
        transport: any HTTPTransport
    ) async -> Answer {
        var headers: [(name: String, value: String)] = [(name: "accept", value: "application/json")]
        if let key, let format = WireFormats.format(for: provider.format) {
            headers += format.authorization(key: key)
        }
        if provider.format == .anthropicMessages { headers.append((name: "anthropic-version", value: "2023-06-01")) }
        for (name, value) in provider.headers.sorted(by: { $0.key < $1.key }) {
            headers.append((name: name, value: value))
        }
        var request = TransportRequest(url: provider.baseURL + path(provider.format), headers: headers, body: [])
        request.method = "GET"
        request.timeouts.connect = .seconds(3)
        request.timeouts.responseHead = .seconds(4)
        request.timeouts.total = .seconds(5)
        do throws(TransportError) {
            let response = try await transport.fetch(request, limit: 8 << 20)
            return answer(response.status, response.body, provider.format)
        } catch {
            return error.code == .tooLarge ? .reachable : .unreachable(reason: error.message)
        }
    }

    private static func path(_ format: Dialect) -> String {
        switch format {
        case .anthropicMessages: "/v1/models?limit=1"
        case .gemini: "/v1beta/models?pageSize=1"
        default: "/models"
        }
    }

    private static func answer(_ status: Int, _ body: [UInt8], _ format: Dialect) -> Answer {
        switch status {
        case 200..<300: return .reachable
        case 401, 403: return .keyRefused(status: status)
        // Google says 400 to a key that it does not know.
        case 400 where format == .gemini:
            let isKey = String(decoding: body.prefix(4096), as: UTF8.self).contains("API_KEY_INVALID")
            return isKey ? .keyRefused(status: status) : .answered(status: status)
        default: return .answered(status: status)
        }
    }
}
