public import PlenumCore

/// The events of a run from a number on: replayed, then live, the same for a first and a later connection.
public struct RunEvents: AsyncSequence, Sendable {
    /// Gives batches: what is there at once, then what comes. An empty batch is a sign of life.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let engine: Engine
        fileprivate let log: RunLog?
        fileprivate let run: RunID
        fileprivate var sequence: Int
        fileprivate var isFinished = false
        private var shown = ShownText()

        fileprivate init(engine: Engine, log: RunLog?, run: RunID, sequence: Int) {
            self.engine = engine
            self.log = log
            self.run = run
            self.sequence = sequence
        }

        /// Waits for the next batch; `nil` after the run's last event.
        public mutating func next() async throws(PlenumError) -> [RunEvent]? {
            guard !isFinished else { return nil }
            guard let log else { return try await replay() }
            if sequence < log.base {
                // What was told before the run was reopened is in the database alone.
                let events = try await engine.storage.events(ofRun: run, after: sequence, limit: 500)
                    .filter { $0.sequence <= log.base }
                sequence = events.last?.sequence ?? log.base
                if !events.isEmpty { return events }
            }
            if let entries = log.entries(after: sequence), entries.isEmpty {
                await log.wait(after: sequence)
            }
            guard !Task.isCancelled, let entries = log.entries(after: sequence) else { return nil }
            sequence = entries.last?.sequence ?? sequence
            return entries.compactMap { shown.rest(of: $0)?.event(of: run) }
        }

        /// Waits for the next batch.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PlenumError) -> [RunEvent]? {
            try await next()
        }

        /// Reads a run that is not carried out here: its events as far as they are kept, while it goes on elsewhere what
        /// is added to them, and a snapshot if its end is not among them.
        private mutating func replay() async throws(PlenumError) -> [RunEvent]? {
            let silence = ContinuousClock.now + Self.signInterval
            while true {
                // Asked before the events: the last of them is kept together with the run's end.
                let hasEnded = try await engine.storage.run(run).status.isTerminal
                let events = try await engine.storage.events(ofRun: run, after: sequence, limit: 500)
                if let last = events.last {
                    // An end among them may be one that the run was reopened after.
                    sequence = last.sequence
                    return events
                }
                if hasEnded { break }
                guard ContinuousClock.now < silence else { return [] }
                guard (try? await Task.sleep(for: Engine.lookInterval)) != nil else { return nil }
            }
            isFinished = true
            // Who has seen the run's end, here or in a snapshot, is given nothing more.
            guard sequence < Engine.snapshotSequence else { return nil }
            let seen = try await engine.storage.events(ofRun: run, after: sequence - 1, limit: 1)
            return seen.last?.name == "run.completed" ? nil : try await engine.snapshot(ofRun: run)
        }

        /// After how long a silence there is a sign of life.
        private static let signInterval = Duration.seconds(15)
    }

    fileprivate let engine: Engine
    fileprivate let run: RunID
    fileprivate let sequence: Int
    fileprivate let log: RunLog?

    /// Begins reading.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(engine: engine, log: log, run: run, sequence: sequence)
    }
}

extension Engine {
    /// Follows a run.
    /// - Parameters:
    ///   - id: the run.
    ///   - sequence: only events with greater numbers; 0 for all.
    /// - Throws: `notFound` if there is no such run.
    public func events(ofRun id: RunID, after sequence: Int) async throws(PlenumError) -> RunEvents {
        let log = runs[id]?.log
        if log == nil { _ = try await storage.run(id) }
        return RunEvents(engine: self, run: id, sequence: sequence, log: log)
    }

    /// The number of a snapshot, above those of all other events: who names a greater one has seen it.
    static let snapshotSequence = 1_000_000_000

    /// What a run came to, for those who come after its events were dropped or a crash kept it from telling its end.
    func snapshot(ofRun id: RunID) async throws(PlenumError) -> [RunEvent] {
        let run = try await storage.run(id)
        guard run.status.isTerminal else { return [] }
        let snapshotBody = Self.snapshot(of: try await storage.messages(ofRun: id))
        let snapshot = RunLogEntry(
            sequence: Self.snapshotSequence,
            body: run.hidesNames ? snapshotBody.withoutNames : snapshotBody
        )
        let end = RunLogEntry(
            sequence: Self.snapshotSequence + 1,
            body: .fact(
                name: "run.completed",
                seat: nil,
                members: JSONObject([
                    ("status", .string(run.status.rawValue)),
                    ("stop_reason", run.stopReason.map { .string($0) } ?? .null),
                    ("result", run.result.map { .object($0) } ?? .null),
                ])
            )
        )
        return [snapshot.event(of: id), end.event(of: id)]
    }

    /// What all turns of a run have said so far.
    static func snapshot(of messages: [Message]) -> RunLogEntry.Body {
        let turns = messages.enumerated().compactMap { number, message -> JSONValue? in
            guard let turn = RunTurn(message, number: number) else { return nil }
            let rest: [JSONObject.Member] = [
                ("seat", turn.slot.seat.map { .number(JSONNumber($0)) } ?? .null),
                ("model", turn.model.map { .string($0) } ?? .null),
                ("message", .string(message.id.description)), ("status", .string(message.status.rawValue)),
                ("text", .string(message.text)),
                ("reasoning", .string(message.parts.compactMap(\.reasoning?.text).joined())),
            ]
            return .object(JSONObject(turn.place + rest))
        }
        return .fact(name: "snapshot", seat: nil, members: JSONObject([("turns", .array(turns))]))
    }
}
