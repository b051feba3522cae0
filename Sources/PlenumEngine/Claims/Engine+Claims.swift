public import PlenumCore

extension Engine {
    /// How long a claim is kept: clients that ask again do so within minutes, and some within a day.
    static let claimLifetime: Int64 = 86_400_000

    /// Finds the claim on a key; `nil` if the key is free.
    /// - Throws: `idempotencyKeyReused` if something else was asked with it.
    public func claim(for ask: ClaimAsk) async throws(PlenumError) -> Claim? {
        guard let claim = try await storage.claim(ask.key) else { return nil }
        guard claim.fingerprint == ask.fingerprint else {
            throw PlenumError(
                .idempotencyKeyReused,
                "This Idempotency-Key came with another request before. Send the same body again, or use a new key."
            )
        }
        return claim
    }

    /// The change that claims a completion's key, if it came with one: with a key nothing is asked upstream before that is
    /// kept.
    func claim(_ ask: CompletionAsk, _ attempt: Attempt) -> [StorageChange] {
        guard let claim = ask.claim?.ask else { return [] }
        let generation = attempt.generation
        return [
            .claim(
                Claim(
                    key: claim.key,
                    fingerprint: claim.fingerprint,
                    generation: generation.id,
                    createdAt: generation.createdAt
                )
            )
        ]
    }

    /// Tells what the failure of a beginning meant for its key.
    /// - Throws: `idempotencyInProgress` if another request took the key first.
    func checkIsFree(_ claim: ClaimAsk?, after error: PlenumError) async throws(PlenumError) {
        guard error.code == .conflict, let claim, try await self.claim(for: claim) != nil else { return }
        throw .claimInProgress
    }

    /// The change that ends a completion's claim: an answer, or the part of one, is kept for who asks again; where nothing
    /// came, the key is free again.
    func end(
        _ ask: CompletionAsk,
        _ attempt: Attempt,
        _ status: Status,
        hasOutput: Bool,
        _ answer: ClaimedAnswer?
    ) -> [StorageChange] {
        guard let key = ask.claim?.ask.key else { return [] }
        let generation = attempt.generation.group
        guard hasOutput else { return [.releaseClaim(key, generation)] }
        return [.settleClaim(key, generation, status, ask.body == nil ? nil : answer)]
    }
}

extension PlenumError {
    /// The request that has the key is being answered.
    public static var claimInProgress: PlenumError {
        PlenumError(
            .idempotencyInProgress,
            "The request with this Idempotency-Key is still being answered. Ask again in a second.",
            retryable: true,
            retryAfter: .seconds(1)
        )
    }
}
