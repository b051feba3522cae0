import HTTPTypes
import Hummingbird
import PlenumCore

/// The header `x-request-timeout`: how many seconds a client waits for an answer, all attempts at it together.
enum RequestTimeout {
    /// Nobody is asked with less time left than that.
    private static let least = 2.0

    /// Reads the header; `nil` if it is not there.
    /// - Throws: `invalidRequest` for what is no number of seconds, or too few.
    static func read(_ request: Request) throws(PlenumError) -> Duration? {
        guard let text = request.headers[.requestTimeout] else { return nil }
        guard let seconds = Double(text), seconds.isFinite, seconds >= least else {
            throw PlenumError(
                .invalidRequest,
                "x-request-timeout is a number of seconds, 2 or more: with less time left no model is asked.",
                parameter: "x-request-timeout"
            )
        }
        // What is longer than any completion may take is cut later, and must not overflow here.
        return .milliseconds(Int64(min(seconds, 86_400) * 1000))
    }
}

extension HTTPField.Name {
    static let requestTimeout = HTTPField.Name("x-request-timeout")!
}
