public import PlenumCore

/// What a run was asked for beside its seats, and what people have said to it since: the typed form of ``Run/settings``.
public struct RunSettings: Sendable, Hashable {
    /// Who speaks outside the panel: a judge, a chair, a clerk.
    public struct Voice: Sendable, Hashable {
        /// The model, by any name it has.
        public var model: String
        /// Models that stand in for it, in order.
        public var fallbacks: [String]
        /// Parameters of its own.
        public var parameters: JSONObject

        /// Makes a voice.
        public init(model: String, fallbacks: [String] = [], parameters: JSONObject = JSONObject()) {
            self.model = model
            self.fallbacks = fallbacks
            self.parameters = parameters
        }
    }

    /// What is to be done when a seat is lost that the debate cannot do without.
    public enum SeatFailure: String, Sendable, Hashable, CaseIterable {
        /// End with what there is.
        case conclude
        /// Wait for a person to say how to go on.
        case pause
    }

    /// What the seats of a compare read.
    public enum Context: String, Sendable, Hashable, CaseIterable {
        /// The conversation up to the message that the run goes on from: the preferred answers.
        case preferred
        /// The same, with the seat's own answers in the place of the others' in earlier compares.
        case ownThread = "own_thread"
    }

    /// The protocol of a debate.
    public var debate: DebateProtocol?
    /// How many rounds there are: after the first answers (revise), or in all (sides).
    public var rounds: Int?
    /// How many turns a conversation has.
    public var turns: Int?
    /// Who judges, or writes the final answer.
    public var judge: Voice?
    /// Whether the judge may end a debate before its last round.
    public var stopsEarly = true
    /// How willing the sides are to agree, from 0 to 100.
    public var agreement = 30
    /// Whether it is debated although all agree at the start.
    public var alwaysDebates = false
    /// Whether a conversation is summed up at its end.
    public var sumsUp = false
    /// What happens when a seat is lost.
    public var onSeatFailure = SeatFailure.conclude
    /// Whether the run waits after each step until a person lets it go on.
    public var isStepwise = false
    /// The most that may be spent.
    public var maxCost: Money?
    /// The most seconds that may be taken, pauses aside.
    public var maxSeconds: Int?
    /// Whether the API hides the models' names until a person has chosen.
    public var isBlind = false
    /// What the seats of a compare read.
    public var context = Context.preferred
    /// What a synthesis is made of.
    public var synthesis: SynthesisPlan?

    /// The name of the key that its client came with; `nil` if it came without one.
    public var key: String?

    // What people have said since.

    /// Whether it waits for a person.
    public var isPaused = false
    /// Why it waits, in one word.
    public var pauseReason: String?
    /// Whether a person has asked for an end with what there is.
    public var isConcluding = false
    /// Seats that a person has taken out.
    public var cancelledSeats: Set<Int> = []
    /// Messages that are to be written again.
    public var again: Set<MessageID> = []
    /// What people have said and no seat has heard yet.
    public var says: [String] = []

    /// Makes settings that leave every default.
    public init() {}
}

// MARK: - As it is kept

extension RunSettings {
    /// The members, those alone that say something.
    public var json: JSONObject {
        var json = JSONObject()
        json["protocol"] = debate.map { .string($0.rawValue) }
        json["rounds"] = rounds.map { .number(JSONNumber($0)) }
        json["turns"] = turns.map { .number(JSONNumber($0)) }
        json["judge"] = judge.map { .object($0.json) }
        if !stopsEarly { json["early_stop"] = false }
        if agreement != 30 { json["agreement"] = .number(JSONNumber(agreement)) }
        if alwaysDebates { json["always_debate"] = true }
        if sumsUp { json["summary"] = true }
        if onSeatFailure != .conclude { json["on_seat_failure"] = .string(onSeatFailure.rawValue) }
        if isStepwise { json["step"] = true }
        json["max_cost"] = maxCost.map { .string($0.description) }
        json["max_seconds"] = maxSeconds.map { .number(JSONNumber($0)) }
        if isBlind { json["blind"] = true }
        if context != .preferred { json["context"] = .string(context.rawValue) }
        json["synthesis"] = synthesis.map { .object($0.json) }
        json["key"] = key.map { .string($0) }
        if isPaused { json["paused"] = true }
        json["pause_reason"] = pauseReason.map { .string($0) }
        if isConcluding { json["concluding"] = true }
        if !cancelledSeats.isEmpty {
            json["cancelled_seats"] = .array(cancelledSeats.sorted().map { .number(JSONNumber($0)) })
        }
        if !says.isEmpty { json["says"] = .array(says.map { .string($0) }) }
        if !again.isEmpty { json["again"] = .array(again.sorted().map { .string($0.description) }) }
        return json
    }

    /// Reads what ``json`` has written; what is not there keeps its default.
    public init(_ json: JSONObject) {
        debate = json["protocol"]?.string.flatMap(DebateProtocol.init)
        rounds = json["rounds"]?.int
        turns = json["turns"]?.int
        judge = json["judge"]?.object.flatMap(Voice.init)
        stopsEarly = json["early_stop"]?.bool ?? true
        agreement = json["agreement"]?.int ?? 30
        alwaysDebates = json["always_debate"]?.bool ?? false
        sumsUp = json["summary"]?.bool ?? false
        onSeatFailure = json["on_seat_failure"]?.string.flatMap(SeatFailure.init) ?? .conclude
        isStepwise = json["step"]?.bool ?? false
        maxCost = json["max_cost"]?.string.flatMap { Money(dollars: $0) }
        maxSeconds = json["max_seconds"]?.int
        isBlind = json["blind"]?.bool ?? false
        context = json["context"]?.string.flatMap(Context.init) ?? .preferred
        synthesis = json["synthesis"]?.object.flatMap(SynthesisPlan.init)
        key = json["key"]?.string
        isPaused = json["paused"]?.bool ?? false
        pauseReason = json["pause_reason"]?.string
        isConcluding = json["concluding"]?.bool ?? false
        cancelledSeats = Set(json["cancelled_seats"]?.array?.compactMap(\.int) ?? [])
        says = json["says"]?.array?.compactMap(\.string) ?? []
        again = Set(json["again"]?.array?.compactMap { $0.string.flatMap { MessageID($0) } } ?? [])
    }
}

extension RunSettings.Voice {
    /// The members.
    public var json: JSONObject {
        var json = JSONObject([("model", .string(model))])
        if !fallbacks.isEmpty { json["fallback_models"] = .array(fallbacks.map { .string($0) }) }
        if !parameters.isEmpty { json["params"] = .object(parameters) }
        return json
    }

    init?(_ json: JSONObject) {
        guard let model = json["model"]?.string else { return nil }
        self.init(
            model: model,
            fallbacks: json["fallback_models"]?.array?.compactMap(\.string) ?? [],
            parameters: json["params"]?.object ?? JSONObject()
        )
    }
}
