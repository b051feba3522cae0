public import PlenumCore

/// How a model has done in the eyes of people.
public struct ModelStanding: Sendable, Hashable {
    /// The model, as `provider/id`.
    public var model: String
    /// Pairs of answers of it and of another model that a person has decided about.
    public var comparisons = 0
    /// Pairs in which its answer was the better one.
    public var wins = 0
    /// Pairs in which the other one was.
    public var losses = 0
    /// Pairs of equally good answers.
    public var ties = 0
    /// Runs in which no answer was good.
    public var allBad = 0

    /// The share of its pairs that it has won, ties half, in hundredths of a percent; `nil` without pairs.
    public var winRate: Int? { comparisons == 0 ? nil : (2 * wins + ties) * 5000 / comparisons }
}

extension Engine {
    /// Keeps which answer of a run a person likes best, in place of what was said before. A preferred answer becomes the one
    /// that the conversation goes on from, unless it has gone on already.
    /// - Throws: `invalidRequest` for a seat without an answer.
    public func prefer(
        _ id: RunID,
        _ kind: Preference.Kind,
        seat: Int?,
        reason: String?
    ) async throws(PlenumError) -> Run {
        let record = try await record(of: id)
        var preference = Preference(
            kind: kind,
            reason: reason,
            isBlind: record.run.preference?.isBlind ?? record.settings.isBlind,
            createdAt: clock.now()
        )
        var patch = RunPatch()
        var changes: [StorageChange] = []
        if kind == .prefer {
            guard let seat, let answer = record.answers.first(where: { $0.seat == seat })?.message else {
                let seats = record.answers.map { String($0.seat) }.joined(separator: ", ")
                throw PlenumError(
                    .invalidRequest,
                    seats.isEmpty ? "No seat has an answer yet." : "\"seat\" must be one that has an answer: \(seats).",
                    parameter: "seat"
                )
            }
            preference.seat = seat
            let conversation = try await storage.conversation(record.run.conversation)
            if try await isAt(record, conversation.leaf), conversation.leaf != answer.id {
                var move = ConversationPatch(updatedAt: clock.now())
                move.leaf = answer.id
                changes.append(.updateConversation(conversation.id, move))
            }
        }
        patch.preference = preference
        try await recorder.commit([.updateRun(id, patch)] + changes)
        return try await storage.run(id)
    }

    /// Whether a conversation's leaf is the run's question or one of its answers.
    private func isAt(_ record: RunRecord, _ leaf: MessageID?) async throws(PlenumError) -> Bool {
        guard let leaf, leaf != record.run.inputMessage else { return true }
        if record.messages.contains(where: { $0.id == leaf }) { return true }
        return try await storage.message(leaf).parent == record.run.inputMessage
    }

    /// Sums up what people have said of the models, best first.
    public func standings() async throws(PlenumError) -> [ModelStanding] {
        var standings: [String: ModelStanding] = [:]
        var page = PageRequest<RunID>(limit: 500, order: .ascending)
        while true {
            let found = try await judgedRuns(page)
            for run in found.elements { Self.count(run, in: &standings) }
            guard found.hasMore, let last = found.elements.last else { break }
            page.after = last.id
        }
        return standings.values.sorted { ($1.winRate ?? -1, $0.model) < ($0.winRate ?? -1, $1.model) }
    }

    /// Lists the runs of whose answers a person has said something.
    public func judgedRuns(_ page: PageRequest<RunID>) async throws(PlenumError) -> Page<Run> {
        try await storage.runs(matching: RunFilter(isJudged: true), page: page)
    }

    private static func count(_ run: Run, in standings: inout [String: ModelStanding]) {
        guard let preference = run.preference else { return }
        let models = run.seats.map(\.model)
        for model in Set(models) where standings[model] == nil { standings[model] = ModelStanding(model: model) }
        switch preference.kind {
        case .allBad: for model in Set(models) { standings[model]?.allBad += 1 }
        case .tie:
            for (index, model) in models.enumerated() {
                for (other, rival) in models.enumerated() where other != index && rival != model {
                    standings[model]?.comparisons += 1
                    standings[model]?.ties += 1
                }
            }
        case .prefer:
            guard let winner = run.seats.first(where: { $0.index == preference.seat })?.model else { return }
            for seat in run.seats where seat.index != preference.seat && seat.model != winner {
                standings[winner]?.comparisons += 1
                standings[winner]?.wins += 1
                standings[seat.model]?.comparisons += 1
                standings[seat.model]?.losses += 1
            }
        }
    }
}
