import PlenumCore

extension StorageModel {
    mutating func take(_ claim: Claim) throws(PlenumError) {
        guard claims[claim.key] == nil else { throw .claimed }
        put(\.claims, claim.key, claim)
    }

    mutating func settle(
        _ key: Claim.Key,
        _ generation: GenerationID,
        _ status: Status,
        _ answer: ClaimedAnswer?
    ) throws(PlenumError) {
        guard status.isTerminal else { throw .notAnEnd(status) }
        var claim = try unfinished(key, generation)
        claim.status = status
        claim.answer = answer
        put(\.claims, key, claim)
    }

    mutating func release(_ key: Claim.Key, _ generation: GenerationID) throws(PlenumError) {
        _ = try unfinished(key, generation)
        put(\.claims, key, nil)
    }

    private func unfinished(_ key: Claim.Key, _ generation: GenerationID) throws(PlenumError) -> Claim {
        guard let claim = claims[key], claim.work == .generation(generation) else {
            throw .missing("claim of", generation)
        }
        guard !claim.status.isTerminal else { throw .ended("claim of", generation) }
        return claim
    }

    mutating func pruneClaims(createdBefore time: Timestamp) {
        for (key, claim) in claims where claim.createdAt < time && claim.status.isTerminal { put(\.claims, key, nil) }
    }

    /// Interrupts the claims in progress of generations that are not: both end in one commit unless recovery ended one.
    mutating func interruptClaims() {
        for (key, claim) in claims where !claim.status.isTerminal {
            let isAnswering = generations.values.contains { generation in
                !generation.record.status.isTerminal && claim.work == .generation(generation.record.group)
            }
            guard !isAnswering else { continue }
            claims[key]?.status = .interrupted
        }
    }

    mutating func dropAnswers(of generations: Set<GenerationID>) {
        for (key, claim) in claims where claim.answer != nil {
            guard case .generation(let id) = claim.work, generations.contains(id) else { continue }
            var wordless = claim
            wordless.answer = nil
            put(\.claims, key, wordless)
        }
    }
}
