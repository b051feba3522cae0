public import PlenumCore

/// A run with everything that belongs to it, put together from what is kept.
public struct RunRecord: Sendable {
    /// The run.
    public let run: Run
    /// What it was asked for, and what people have said since.
    public let settings: RunSettings
    /// What its steps wrote, in order.
    public let messages: [Message]
    /// The same as turns.
    public let turns: [RunTurn]
    /// All attempts, in order.
    public let generations: [Generation]
    private let strategy: (any Strategy)?
    private let state: RunState

    init(_ run: Run, _ messages: [Message], _ generations: [Generation]) {
        self.run = run
        self.messages = messages
        self.generations = generations
        settings = RunSettings(run.settings)
        strategy = StrategyCatalogue.strategy(for: run.kind, settings)
        var state = RunState(
            run: run.id,
            seats: run.seats,
            settings: settings,
            question: run.inputMessage,
            history: []
        )
        state.turns = messages.enumerated().compactMap { RunTurn($0.element, number: $0.offset) }
        self.state = state
        turns = state.turns
    }

    /// What the run has come to: as it was kept, or so far.
    public var result: JSONObject? {
        run.status.isTerminal ? run.result : strategy?.result(state)
    }

    /// What was read out of a turn.
    public func notes(on turn: RunTurn) -> JSONObject {
        strategy?.notes(on: turn, in: state) ?? JSONObject()
    }

    /// A seat's last message: for a compare, its answer.
    public func message(of seat: Int) -> Message? { messages.last { $0.seat == seat } }

    /// What it has used.
    public var totals: RunTotals {
        var totals = RunTotals()
        for generation in generations { totals.add(generation.ending?.usage, generation.ending?.cost) }
        return totals
    }

    /// Whether nobody is to be told which model wrote what.
    public var hidesNames: Bool { run.hidesNames }

    /// Seats that have an answer, each with the last one.
    public var answers: [(seat: Int, message: Message)] {
        run.seats.compactMap { seat in
            let answer = messages.last { message in
                message.seat == seat.index && (message.status == .completed || message.status == .incomplete)
                    && [RunStep.Phase.answer, .revise].contains(message.step?.phase)
            }
            return answer.map { (seat.index, $0) }
        }
    }
}

extension Run {
    /// Whether nobody is to be told which model wrote what: it is blind, and no person has chosen yet.
    public var hidesNames: Bool { settings["blind"] == .bool(true) && preference == nil }
}

extension Engine {
    /// Reads a run with everything that belongs to it.
    /// - Throws: `notFound` if there is no such run.
    public func record(of id: RunID) async throws(PlenumError) -> RunRecord {
        try await record(of: try await storage.run(id))
    }

    /// Reads everything that belongs to a run.
    public func record(of run: Run) async throws(PlenumError) -> RunRecord {
        RunRecord(run, try await storage.messages(ofRun: run.id), try await storage.generations(ofRun: run.id))
    }

    /// Which runs of some messages are blind, and not decided yet.
    public func runsInHiding(_ messages: [Message]) async throws(PlenumError) -> Set<RunID> {
        var hidden: Set<RunID> = []
        for id in Set(messages.compactMap(\.run)) {
            // A run may be gone, or never have been here, while its messages are.
            guard let run = try? await storage.run(id) else { continue }
            if run.hidesNames { hidden.insert(id) }
        }
        return hidden
    }
}
