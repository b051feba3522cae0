import PlenumCore

/// The faults that every backend reports in the same words.
extension PlenumError {
    static func missing(_ what: String, _ id: some CustomStringConvertible) -> PlenumError {
        PlenumError(.notFound, "There is no \(what) \(id).")
    }

    static func exists(_ what: String, _ id: some CustomStringConvertible) -> PlenumError {
        PlenumError(.conflict, "The \(what) \(id) is there already: a new one needs an id of its own.")
    }

    /// A key that is taken; which one is nobody's business.
    static var claimed: PlenumError {
        PlenumError(.conflict, "The key is taken already: another request needs a key of its own.")
    }

    static func ended(_ what: String, _ id: some CustomStringConvertible) -> PlenumError {
        PlenumError(.conflict, "The \(what) \(id) has ended and does not change any more.")
    }

    static func notEnded(_ what: String, _ id: some CustomStringConvertible) -> PlenumError {
        PlenumError(.conflict, "The \(what) \(id) has not ended: it is taken up again once it has.")
    }

    static func notPriced(_ id: GenerationID) -> PlenumError {
        PlenumError(.conflict, "The generation \(id) has not ended: it gets its cost when it does.")
    }

    static func notSearchable(_ place: SearchHit.Place) -> PlenumError {
        PlenumError(.notFound, "There is nothing to search at \(place) any more: search again without it.")
    }

    static func notAnEnd(_ status: Status) -> PlenumError {
        PlenumError(.invalidRequest, "The status \(status.rawValue) is no end: give a terminal one.")
    }

    static func endWithoutEnding(_ status: Status) -> PlenumError {
        PlenumError(.invalidRequest, "A generation that is \(status.rawValue) needs an ending that says how.")
    }

    static var fenced: PlenumError {
        PlenumError(
            .fenced,
            "This server had lost touch with the database, and another one has taken over: nothing was written. Try again.",
            retryAfter: .seconds(1)
        )
    }

    static var storageClosed: PlenumError {
        PlenumError(.storage, "The storage is closed: open it again.", retryable: false)
    }

    /// What is said when so many bytes wait to be written that no more are taken.
    static func overloaded(_ capacity: Int) -> PlenumError {
        PlenumError(
            .storage,
            "The database is overloaded: \(capacity >> 20) MiB wait to be written already. Try again later.",
            retryAfter: .seconds(1)
        )
    }

    static func unreadable(_ what: String) -> PlenumError {
        PlenumError(
            .storage,
            "The database holds a \(what) that this version of Plenum cannot read: use the version that wrote it.",
            retryable: false
        )
    }
}

extension RecordedError {
    /// What recovery writes on everything that a dead process left in progress.
    static var interruption: RecordedError {
        RecordedError(PlenumError(.interrupted, "The server stopped while this was being written."))
    }
}

extension GenerationEnding {
    /// The ending that recovery gives to a generation.
    static func interruption(of createdAt: Timestamp, at time: Timestamp) -> GenerationEnding {
        var ending = GenerationEnding(status: .interrupted, duration: max(0, time - createdAt))
        ending.error = .interruption
        return ending
    }
}
