import PlenumCore

extension SQLSession {
    func take(_ claim: Claim) throws(PlenumError) {
        try insert(.insertClaim, orThrow: .claimed) { $0.claim(claim) }
    }

    func settle(
        _ key: Claim.Key,
        _ generation: GenerationID,
        _ status: Status,
        _ answer: ClaimedAnswer?
    ) throws(PlenumError) {
        guard status.isTerminal else { throw .notAnEnd(status) }
        let fault = { () throws(PlenumError) in try self.missingOrEnded(key, generation) }
        try demand(.settleClaim, orThrow: fault) {
            $0.status(status)
            $0.answer(answer)
            $0.bytes(key.hash)
            $0.id(generation)
        }
    }

    func release(_ key: Claim.Key, _ generation: GenerationID) throws(PlenumError) {
        let fault = { () throws(PlenumError) in try self.missingOrEnded(key, generation) }
        try demand(.releaseClaim, orThrow: fault) {
            $0.bytes(key.hash)
            $0.id(generation)
        }
    }

    /// Why no claim in progress was found.
    private func missingOrEnded(_ key: Claim.Key, _ generation: GenerationID) throws(PlenumError) -> PlenumError {
        let isThere = try exists(.claimStatus) {
            $0.bytes(key.hash)
            $0.id(generation)
        }
        return isThere ? .ended("claim of", generation) : .missing("claim of", generation)
    }

    func claim(_ key: Claim.Key) throws(PlenumError) -> Claim? {
        try first(.claim, { $0.bytes(key.hash) }) { row throws(PlenumError) in try row.claim() }
    }
}

extension SQLArguments {
    func claim(_ claim: Claim) {
        bytes(claim.key.hash)
        bytes(claim.fingerprint)
        switch claim.work {
        case .generation(let generation):
            id(generation)
            id(RunID?.none)
        case .run(let run):
            id(GenerationID?.none)
            id(run)
        }
        status(claim.status)
        answer(claim.answer)
        time(claim.createdAt)
    }

    func answer(_ answer: ClaimedAnswer?) {
        int(answer?.status)
        text(answer?.contentType)
        bytes(answer?.body)
    }
}

extension SQLRowReader {
    mutating func claim() throws(PlenumError) -> Claim {
        let key = Claim.Key(hash: bytes())
        let fingerprint = bytes()
        let generation: GenerationID? = try idOrNil()
        let run: RunID? = try idOrNil()
        let status: Status = try word()
        let answer = claimedAnswer()
        let createdAt = time()
        var claim: Claim
        if let generation {
            claim = Claim(key: key, fingerprint: fingerprint, generation: generation, createdAt: createdAt)
        } else if let run {
            claim = Claim(key: key, fingerprint: fingerprint, run: run, createdAt: createdAt)
        } else {
            throw .unreadable("claim")
        }
        claim.status = status
        claim.answer = answer
        return claim
    }

    private mutating func claimedAnswer() -> ClaimedAnswer? {
        let status = intOrNil()
        let contentType = textOrNil()
        let body = bytes()
        return status.map { ClaimedAnswer(status: $0, contentType: contentType ?? "", body: body) }
    }
}
