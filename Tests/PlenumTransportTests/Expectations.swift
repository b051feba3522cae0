import PlenumTransport
import Testing

/// The error an exchange is expected to end with.
func failure<Value>(
    of exchange: () async throws(TransportError) -> Value,
    sourceLocation: SourceLocation = #_sourceLocation
) async -> TransportError? {
    do throws(TransportError) {
        _ = try await exchange()
        Issue.record("It succeeded.", sourceLocation: sourceLocation)
        return nil
    } catch {
        #expect(!error.message.contains("secret"), sourceLocation: sourceLocation)
        return error
    }
}

/// Waits, for at most ten seconds, until something has come about on another thread.
func eventually(_ condition: () -> Bool) async -> Bool {
    for _ in 0..<1000 {
        if condition() { return true }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return condition()
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}
