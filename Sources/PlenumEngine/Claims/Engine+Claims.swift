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

    /// Keeps the beginning of a completion. With a key nothing is asked upstream before this has returned.
    /// - Throws: `idempotencyInProgress` if another request took the key first.
    func begin(
        _ changes: [StorageChange],
        _ ask: CompletionAsk,
        _ attempt: Attempt
    ) async throws(PlenumError) {
        guard let claim = ask.claim?.ask else { return try await recorder.commit(changes) }
        let begun = Claim(
            key: claim.key,
            fingerprint: claim.fingerprint,
            generation: attempt.generation.id,
            createdAt: attempt.generation.createdAt
        )
        do {
            // The claim comes first, so that a key that is taken costs the others of its transaction nothing.
            try await recorder.commit([.claim(begun)] + changes)
        } catch {
            if error.code == .conflict, try await self.claim(for: claim) != nil { throw .claimInProgress }
            if error.code == .storage { await disown(attempt, claim.key) }
            throw error
        }
    }

    /// Takes back a beginning of which nobody knows whether it was kept: a connection may break in a commit.
    private func disown(_ attempt: Attempt, _ key: Claim.Key) async {
        let id = attempt.generation.id
        let error = PlenumError(.storage, "The beginning could not be kept.")
        let changes: [StorageChange] = [
            .finishGeneration(id, attempt.ending(Reply(), error: error), reply: nil), .releaseClaim(key, id),
        ]
        do {
            guard try await storage.claim(key)?.work == .generation(id) else { return }
            await recorder.commitEventually(changes)
        } catch {
            recorder.adopt(changes)
        }
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
        let generation = attempt.generation.id
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
