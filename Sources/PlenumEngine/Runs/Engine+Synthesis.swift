public import PlenumCore

extension Engine {
    /// An ask for a run that makes something of another run's answers.
    /// - Parameters:
    ///   - id: the other run.
    ///   - mode: what is made.
    ///   - seat: who makes it.
    ///   - seats: whose answers go in; all if `nil`.
    /// - Throws: `conflict` with fewer than two answers.
    public func synthesisAsk(
        of id: RunID,
        _ mode: SynthesisPlan.Mode,
        by seat: RunAsk.Seat,
        seats: [Int]?,
        instructions: String?,
        picks: [String]
    ) async throws(PlenumError) -> RunAsk {
        let record = try await record(of: id)
        let wanted = seats ?? record.run.seats.map(\.index)
        let answers = record.answers.filter { wanted.contains($0.seat) }
        guard answers.count > 1 else {
            throw PlenumError(
                .conflict,
                "A synthesis needs two answers or more; seats \(wanted.map(String.init).joined(separator: ", ")) have \(answers.count)."
            )
        }
        if mode == .custom, instructions?.isEmpty ?? true {
            throw PlenumError(
                .invalidRequest,
                "\"custom\" needs \"instructions\": say what is to be made of the answers.",
                parameter: "instructions"
            )
        }
        var plan = SynthesisPlan(mode: mode)
        plan.of = id
        plan.sources = answers.map {
            SynthesisPlan.Source(message: $0.message.id, seat: $0.seat, text: $0.message.text)
        }
        plan.left = wanted.filter { seat in !answers.contains { $0.seat == seat } }
        plan.instructions = instructions
        plan.picks = picks
        var ask = RunAsk(
            kind: .synthesis,
            input: [],
            seats: [seat],
            place: ConversationPlace(conversation: record.run.conversation, parent: record.run.inputMessage)
        )
        ask.settings.synthesis = plan
        return ask
    }
}
