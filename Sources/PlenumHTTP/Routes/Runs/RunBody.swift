public import PlenumCore
public import PlenumEngine

/// Reads the body of `POST /v1/runs`.
public enum RunBody {
    private static let known: Set<String> = [
        "kind", "conversation", "parent", "input", "models", "seats", "stream", "background", "blind", "context",
        "max_cost", "max_seconds", "debate",
    ]
    private static let knownInSeat: Set<String> = ["model", "fallback_models", "system", "persona", "side", "params"]

    /// Reads a body.
    /// - Throws: `invalidRequest`, `unsupportedParameter` or `notFound`, naming the member.
    public static func read(_ body: JSONObject) throws(PlenumError) -> RunAsk {
        try refuseUnknown(body, known, path: "")
        let seats = try seats(body)
        let debate = try body.members("debate")
        let kind =
            try body.text("kind").map(Run.Kind.init) ?? (debate != nil ? .debate : seats.count > 1 ? .compare : .chat)
        let place = try place(body)
        let mayBeEmpty = place?.parent != nil && (body["input"] == nil || body["input"] == .null)
        var ask = RunAsk(
            kind: kind,
            input: mayBeEmpty ? [] : try InputParts.read(body["input"], path: "input"),
            seats: seats,
            place: place
        )
        ask.settings.isBlind = try body.flag("blind") ?? false
        ask.settings.context = try body.word("context") ?? .preferred
        ask.settings.maxCost = try body.money("max_cost")
        ask.settings.maxSeconds = try body.whole("max_seconds")
        try DebateBody.read(debate, kind, into: &ask.settings)
        return ask
    }

    private static func place(_ body: JSONObject) throws(PlenumError) -> ConversationPlace? {
        let parent: MessageID? = try body.id("parent")
        guard let conversation: ConversationID = try body.id("conversation") else {
            guard parent == nil else {
                throw PlenumError(
                    .invalidRequest,
                    "\"parent\" needs the \"conversation\" that it belongs to.",
                    parameter: "parent"
                )
            }
            return nil
        }
        // A parent that is said to be none makes a first message beside the first one.
        return ConversationPlace(conversation: conversation, parent: parent, isFirst: body["parent"] == .null)
    }

    private static func seats(_ body: JSONObject) throws(PlenumError) -> [RunAsk.Seat] {
        if let seats = body["seats"], seats != .null {
            guard body["models"] == nil else {
                throw PlenumError(.invalidRequest, "Give \"models\" or \"seats\", not both.", parameter: "models")
            }
            guard let list = seats.array else {
                throw PlenumError(.invalidRequest, "\"seats\" must be a list.", parameter: "seats")
            }
            var read: [RunAsk.Seat] = []
            for (index, seat) in list.enumerated() { read.append(try self.seat(seat, path: "seats[\(index)]")) }
            return read
        }
        guard let names = body["models"]?.array else {
            throw PlenumError(
                .invalidRequest,
                "\"models\" must be a list of names: GET /v1/models shows what there is.",
                parameter: "models"
            )
        }
        var read: [RunAsk.Seat] = []
        for (index, name) in names.enumerated() {
            guard let name = name.string else {
                throw PlenumError(.invalidRequest, "A model is named by a string.", parameter: "models[\(index)]")
            }
            read.append(RunAsk.Seat(model: name))
        }
        return read
    }

    /// Reads a seat.
    static func seat(_ value: JSONValue, path: String) throws(PlenumError) -> RunAsk.Seat {
        guard case .object(let seat) = value, let model = seat["model"]?.string else {
            throw PlenumError(.invalidRequest, "A seat is an object with a \"model\".", parameter: path)
        }
        try refuseUnknown(seat, knownInSeat, path: path + ".")
        var read = RunAsk.Seat(
            model: model,
            fallbacks: try names(seat["fallback_models"], path: "\(path).fallback_models"),
            system: try seat.text("system"),
            parameters: try SeatParameters(try seat.members("params") ?? JSONObject(), path: "\(path).params")
        )
        (read.persona, read.side) = (try seat.text("persona"), try seat.text("side"))
        return read
    }

    /// Reads a list of models' names.
    static func names(_ value: JSONValue?, path: String) throws(PlenumError) -> [String] {
        guard let value, value != .null else { return [] }
        let names = value.array?.compactMap(\.string)
        guard let names, names.count == value.array?.count, names.count <= 8 else {
            throw PlenumError(.invalidRequest, "This is a list of up to eight names of models.", parameter: path)
        }
        return names
    }

    /// A member that would be ignored is refused: nobody should believe in a cap that does not hold.
    static func refuseUnknown(_ object: JSONObject, _ known: Set<String>, path: String) throws(PlenumError) {
        guard let unknown = object.members.first(where: { !known.contains($0.key) })?.key else { return }
        throw PlenumError(
            .unsupportedParameter,
            "\"\(unknown.prefix(100))\" is not known here. Known: \(known.sorted().joined(separator: ", ")).",
            parameter: path + unknown
        )
    }
}

/// Reads what a debate is asked for.
enum DebateBody {
    private static let known: Set<String> = [
        "protocol", "rounds", "turns", "judge", "early_stop", "agreement", "always_debate", "summary", "step",
        "on_seat_failure",
    ]

    static func read(
        _ debate: JSONObject?,
        _ kind: Run.Kind,
        into settings: inout RunSettings
    ) throws(PlenumError) {
        guard kind == .debate else {
            guard debate == nil else {
                throw PlenumError(
                    .invalidRequest,
                    "\"debate\" belongs to runs of kind debate, and this one is a \(kind.rawValue.prefix(100)).",
                    parameter: "debate"
                )
            }
            return
        }
        let debate = debate ?? JSONObject()
        try RunBody.refuseUnknown(debate, known, path: "debate.")
        guard let name: DebateProtocol = try debate.word("protocol", path: "debate.") else {
            let all = DebateProtocol.allCases.map(\.rawValue).joined(separator: ", ")
            throw PlenumError(.invalidRequest, "\"debate.protocol\" is missing: \(all).", parameter: "debate.protocol")
        }
        settings.debate = name
        settings.rounds = try debate.whole("rounds", path: "debate.")
        settings.turns = try debate.whole("turns", path: "debate.")
        settings.judge = try debate.members("judge").map(voice)
        settings.stopsEarly = try debate.flag("early_stop") ?? true
        settings.agreement = try debate.whole("agreement", path: "debate.") ?? 30
        settings.alwaysDebates = try debate.flag("always_debate") ?? false
        settings.sumsUp = try debate.flag("summary") ?? false
        settings.isStepwise = try debate.flag("step") ?? false
        settings.onSeatFailure = try debate.word("on_seat_failure", path: "debate.") ?? .conclude
        let hasRounds = name == .sides || name == .revise
        if settings.rounds != nil, !hasRounds { throw unfitting("rounds", name) }
        if settings.turns != nil, name != .talk { throw unfitting("turns", name) }
    }

    private static func unfitting(_ member: String, _ name: DebateProtocol) -> PlenumError {
        PlenumError(
            .invalidRequest,
            "A debate by \"\(name.rawValue)\" has no \(member).",
            parameter: "debate.\(member)"
        )
    }

    /// Reads who speaks outside the panel.
    @Sendable
    static func voice(_ judge: JSONObject) throws(PlenumError) -> RunSettings.Voice {
        try RunBody.refuseUnknown(judge, ["model", "fallback_models", "params"], path: "debate.judge.")
        guard let model = try judge.text("model") else {
            throw PlenumError(.invalidRequest, "A judge is an object with a \"model\".", parameter: "debate.judge")
        }
        let path = "debate.judge"
        return RunSettings.Voice(
            model: model,
            fallbacks: try RunBody.names(judge["fallback_models"], path: "\(path).fallback_models"),
            parameters: try SeatParameters(try judge.members("params") ?? JSONObject(), path: "\(path).params").json
        )
    }
}

extension JSONObject {
    /// One of some words; `nil` if it is absent or null.
    func word<Word: RawRepresentable & CaseIterable>(
        _ key: String,
        path: String = ""
    ) throws(PlenumError) -> Word? where Word.RawValue == String {
        guard let text = try text(key) else { return nil }
        guard let word = Word(rawValue: text) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw PlenumError(.invalidRequest, "\"\(path)\(key)\" must be one of: \(words).", parameter: path + key)
        }
        return word
    }

    /// A whole number; `nil` if it is absent or null.
    func whole(_ key: String, path: String = "") throws(PlenumError) -> Int? {
        guard let value = self[key], value != .null else { return nil }
        guard let number = value.int else {
            throw PlenumError(.invalidRequest, "\"\(path)\(key)\" must be a whole number.", parameter: path + key)
        }
        return number
    }

    /// An amount of dollars, as a decimal string or a number; `nil` if it is absent or null.
    func money(_ key: String) throws(PlenumError) -> Money? {
        guard let value = self[key], value != .null else { return nil }
        guard let money = Money(dollars: value.string ?? value.number.map { JSONValue.number($0).text } ?? "") else {
            throw PlenumError(
                .invalidRequest,
                "\"\(key)\" must be an amount of dollars, such as \"0.50\".",
                parameter: key
            )
        }
        return money
    }
}
