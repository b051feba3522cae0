import PlenumCore

/// Runs as rows, in the order of their columns in ``SQLStatement``.
extension SQLArguments {
    func run(_ run: Run) {
        id(run.id)
        text(run.kind.rawValue)
        id(run.conversation)
        id(run.inputMessage)
        seats(run.seats)
        json(.object(run.settings))
        status(run.status)
        text(run.stopReason)
        json(run.result.map { .object($0) })
        json(run.preference?.json)
        time(run.createdAt)
        time(run.endedAt)
    }

    func patch(_ patch: RunPatch) {
        seats(patch.seats)
        json(patch.settings.map { .object($0) })
        json(patch.preference?.json)
    }

    func ending(_ ending: RunEnding) {
        status(ending.status)
        text(ending.stopReason)
        json(ending.result.map { .object($0) })
        time(ending.endedAt)
    }

    private func seats(_ seats: [Seat]?) { json(seats.map { .array($0.map(\.json)) }) }
}

extension SQLRowReader {
    mutating func run() throws(PlenumError) -> Run {
        let id: RunID = try id()
        let kind = Run.Kind(rawValue: text())
        let conversation: ConversationID = try self.id()
        let inputMessage: MessageID = try self.id()
        let seats = try seats()
        let settings = try objectOrNil("settings of a run")
        let status: Status = try word()
        let stopReason = textOrNil()
        let result = try objectOrNil("result of a run")
        let preference = try preference()
        var run = Run(
            id: id,
            kind: kind,
            conversation: conversation,
            inputMessage: inputMessage,
            seats: seats,
            // A run of a database that had no settings has none.
            settings: settings ?? JSONObject(),
            createdAt: time()
        )
        run.status = status
        run.stopReason = stopReason
        run.result = result
        run.preference = preference
        run.endedAt = timeOrNil()
        return run
    }

    private mutating func seats() throws(PlenumError) -> [Seat] {
        var seats: [Seat] = []
        for element in try json().array ?? [] {
            guard let seat = Seat(json: element) else { throw .unreadable("seat of a run") }
            seats.append(seat)
        }
        return seats
    }

    private mutating func objectOrNil(_ what: String) throws(PlenumError) -> JSONObject? {
        guard let json = try jsonOrNil() else { return nil }
        guard let object = json.object else { throw .unreadable(what) }
        return object
    }

    private mutating func preference() throws(PlenumError) -> Preference? {
        guard let json = try jsonOrNil() else { return nil }
        guard let preference = Preference(json: json) else { throw .unreadable("preference") }
        return preference
    }
}

extension Preference {
    fileprivate var json: JSONValue {
        var object = JSONObject([("kind", .string(kind.rawValue))])
        object["seat"] = seat.map { .number(JSONNumber($0)) }
        object["reason"] = reason.map { .string($0) }
        object["is_blind"] = .bool(isBlind)
        object["created_at"] = .number(JSONNumber(createdAt.milliseconds))
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let kind = json["kind"]?.string.flatMap(Kind.init), let isBlind = json["is_blind"]?.bool,
            let createdAt = json["created_at"]?.number?.int
        else { return nil }
        self.init(
            kind: kind,
            seat: json["seat"]?.int,
            reason: json["reason"]?.string,
            isBlind: isBlind,
            createdAt: Timestamp(milliseconds: createdAt)
        )
    }
}
