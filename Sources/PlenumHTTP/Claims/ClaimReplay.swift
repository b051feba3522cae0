import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine

/// What a request with a key that is taken is answered: what the first one was, or why that cannot be.
enum ClaimReplay {
    /// Gives a completion's answer again.
    /// - Throws: `idempotencyInProgress` while there is none yet, `idempotencyKeyReused` if the other form is asked for,
    ///   `idempotencyNotReplayable` if there will never be one.
    static func completion(_ claim: Claim, isStreamed: Bool) throws(PlenumError) -> Response {
        guard claim.status.isTerminal else { throw .claimInProgress }
        guard let answer = claim.answer else { throw refusal(claim) }
        let wasStreamed = answer.contentType.hasPrefix("text/event-stream")
        // An error is no form that anybody asked for.
        guard wasStreamed == isStreamed || answer.status >= 400 else {
            throw PlenumError(
                .idempotencyKeyReused,
                "The answer to this Idempotency-Key \(wasStreamed ? "was" : "was not") streamed: ask with \"stream\": "
                    + "\(wasStreamed), or use a new key.",
                parameter: "stream"
            )
        }
        var headers: HTTPFields = [.contentType: answer.contentType, .idempotentReplayed: "true"]
        if wasStreamed { headers[.cacheControl] = "no-cache" }
        if case .generation(let id) = claim.work { headers[.generationID] = id.description }
        // The same key never has another outcome: who asks a third time waits in vain.
        if answer.status >= 400 { headers[.shouldRetry] = "false" }
        return Response(
            status: .init(code: answer.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body))
        )
    }

    private static func refusal(_ claim: Claim) -> PlenumError {
        let reason =
            switch claim.status {
            case .interrupted: "The server stopped in the middle of the request with this Idempotency-Key."
            case .cancelled: "The client of the request with this Idempotency-Key left in the middle of the answer."
            default:
                "The request with this Idempotency-Key was answered, but the answer is not kept: its words were not to be, "
                    + "were deleted, or are too many."
            }
        var known = ""
        if case .generation(let id) = claim.work { known = " GET /v1/generations/\(id) tells what is known of it." }
        return PlenumError(
            .idempotencyNotReplayable,
            "\(reason) It is not asked again: use a new key to have it done once more.\(known)",
            retryable: false
        )
    }

    /// The run that a key began.
    /// - Throws: `idempotencyNotReplayable` if it was deleted with its conversation.
    static func run(_ claim: Claim, in storage: any Storage) async throws(PlenumError) -> Run {
        do {
            if case .run(let id) = claim.work { return try await storage.run(id) }
        } catch  where error.code == .notFound {}
        throw PlenumError(
            .idempotencyNotReplayable,
            "The run with this Idempotency-Key was deleted with its conversation. Use a new key to begin another.",
            retryable: false
        )
    }
}
