import PlenumCore

extension Message {
    /// Takes over an ending; what it does not say of model, provider and generation stays.
    mutating func end(_ ending: MessageEnding) {
        status = ending.status
        parts = ending.parts
        model = ending.model ?? model
        provider = ending.provider ?? provider
        generation = ending.generation ?? generation
        finish = ending.finish
        usage = ending.usage
        cost = ending.cost
        error = ending.error
        endedAt = ending.endedAt
    }
}

extension Run {
    /// Takes over what a patch says.
    mutating func change(_ patch: RunPatch) {
        seats = patch.seats ?? seats
        settings = patch.settings ?? settings
        preference = patch.preference ?? preference
    }

    /// Takes over an ending.
    mutating func end(_ ending: RunEnding) {
        status = ending.status
        stopReason = ending.stopReason
        result = ending.result
        endedAt = ending.endedAt
    }

    /// Goes on as if it had not ended.
    mutating func reopen() {
        status = .inProgress
        stopReason = nil
        result = nil
        endedAt = nil
    }
}

extension Generation {
    /// The status that a new generation is stored with: its ending's, if it has one.
    func statusToStore() throws(PlenumError) -> Status {
        guard let ending else {
            if status.isTerminal { throw .endWithoutEnding(status) }
            return status
        }
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        return ending.status
    }
}

extension Message {
    /// Whether its words are searched: those of users and models are, once they do not change any more.
    var isSearchable: Bool { status.isTerminal && (role == .user || role == .assistant) }
}
