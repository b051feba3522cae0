import PlenumCore
import PlenumTransport

extension PlenumError {
    /// Says what a failed transfer means for the one who asked.
    init(_ error: TransportError, provider: String) {
        let code: Code
        switch error.code {
        case .cancelled: code = .cancelled
        case .shutdown: code = .interrupted
        case .timeout: code = .timeout
        case .resolve, .connect, .tls, .unavailable: code = .unavailable
        case .invalidURL: code = .internal
        case .truncated, .reset: code = .upstreamInterrupted
        default: code = .badUpstream
        }
        self.init(
            code,
            "\(provider): \(error.message)",
            upstream: Upstream(provider: provider),
            cause: error.cause
        )
    }
}
