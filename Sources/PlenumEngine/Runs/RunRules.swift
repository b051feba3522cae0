import PlenumCore

/// What a run may be asked for.
enum RunRules {
    /// How many seats a run of a kind has.
    static func seats(_ kind: Run.Kind, _ debate: DebateProtocol?) -> ClosedRange<Int> {
        switch (kind, debate) {
        case (.chat, _), (.synthesis, _): 1...1
        case (_, .sides?), (_, .talk?): 2...4
        case (_, .some): 2...6
        default: 1...RunAsk.seatLimit
        }
    }

    /// The money that a debate may cost where nobody says.
    static let standardCap = Money(nanoDollars: 500_000_000)
    /// The most seconds that a debate may take where nobody says.
    static let standardSeconds = 600

    /// Checks an ask, but for what the catalogue knows.
    /// - Throws: `invalidRequest`, naming the member.
    static func check(_ ask: RunAsk) throws(PlenumError) {
        let settings = ask.settings
        let range = seats(ask.kind, settings.debate)
        guard range.contains(ask.seats.count) else {
            let what = settings.debate.map { "A debate by \"\($0.rawValue)\"" } ?? "A run of kind \(ask.kind.rawValue)"
            let count =
                range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw PlenumError(
                .invalidRequest,
                "\(what) has \(count) seats; this one has \(ask.seats.count).",
                parameter: "seats"
            )
        }
        for (index, seat) in ask.seats.enumerated() {
            for name in [seat.model] + seat.fallbacks { try refusePanel(name, "seats[\(index)].model") }
        }
        if let judge = settings.judge { try refusePanel(judge.model, "debate.judge.model") }
        try check(settings.rounds, settings.debate == .sides ? 1...5 : 0...4, "debate.rounds")
        try check(settings.turns, 2...40, "debate.turns")
        try check(settings.agreement, 0...100, "debate.agreement")
        try check(settings.maxSeconds, 1...86_400, "max_seconds")
        if settings.isBlind, ask.kind != .compare {
            throw PlenumError(.invalidRequest, "Only a compare can be blind.", parameter: "blind")
        }
    }

    private static func check(_ value: Int?, _ range: ClosedRange<Int>, _ name: String) throws(PlenumError) {
        guard let value, !range.contains(value) else { return }
        throw PlenumError(
            .invalidRequest,
            "\"\(name)\" must be \(range.lowerBound) to \(range.upperBound).",
            parameter: name
        )
    }

    /// A panel within a panel would multiply what it costs without anybody seeing it.
    static func refusePanel(_ model: String, _ parameter: String) throws(PlenumError) {
        guard model.hasPrefix("plenum/"), !Catalogue.isAuto(model) else { return }
        throw PlenumError(
            .recursivePanel,
            "\"\(model.prefix(100))\" is itself a panel of models and cannot sit in one.",
            parameter: parameter
        )
    }
}

/// Who makes a model, whoever offers it: models of one maker err alike.
enum ModelFamily {
    private static let marks: [(mark: String, family: String)] = [
        ("claude", "anthropic"), ("gpt", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"),
        ("gemini", "google"), ("gemma", "google"), ("llama", "meta"), ("mistral", "mistral"), ("mixtral", "mistral"),
        ("codestral", "mistral"), ("qwen", "alibaba"), ("deepseek", "deepseek"), ("grok", "xai"), ("command", "cohere"),
        ("kimi", "moonshot"), ("glm", "zhipu"), ("phi", "microsoft"), ("nova", "amazon"),
    ]

    /// The maker's name; the provider's where the model's name says nothing. Simulated models have a maker each.
    static func of(_ id: ModelID) -> String {
        let name = id.model.lowercased()
        let last = name.split(separator: "/").last ?? ""
        if let known = marks.first(where: { last.hasPrefix($0.mark) }) { return known.family }
        return id.provider == "simulated" ? name : id.provider
    }
}
