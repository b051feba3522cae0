import Logging
import PlenumCore

/// One step of a run: asks a model, shows the answer as it comes and keeps it.
struct StepPerformer: Sendable {
    /// How a step ended.
    struct Ended: Sendable {
        /// The turn as it is kept now.
        var turn: RunTurn
        /// The last attempt.
        var generation: GenerationID
        /// How the last attempt ended.
        var ending: GenerationEnding
        /// The error that it ended with.
        var failure: PlenumError?
    }

    let engine: Engine
    let step: PreparedStep
    let log: RunLog
    /// Whether the beginning of it was kept: until it is, nothing of it is told.
    let beginning: Beginning
    /// Ends the run from outside.
    let cut: Cut

    /// Asks, shows and keeps; never throws, since one step's failure is nobody else's.
    func perform() async -> Ended {
        await withTaskGroup(of: Ended?.self) { group in
            group.addTask { await ask() }
            group.addTask {
                await step.stop.wait()
                return nil
            }
            defer { step.stop.stop() }
            while let report = await group.next() {
                guard let ended = report else {
                    group.cancelAll()
                    continue
                }
                step.stop.stop()
                return ended
            }
            // The first child always reports.
            return nothing
        }
    }

    /// The end of a step of which nothing came to be.
    @inline(never)
    private var nothing: Ended {
        Ended(turn: step.turn, generation: step.attempt.generation.id, ending: step.attempt.ending(Reply()))
    }

    private func ask() async -> Ended {
        var course = Course(step.attempt, orElse: step.others, engine: engine)
        let asked = course.attempt
        async let begun = asked.begun()
        guard await beginning.isKept() else {
            course.end(PlenumError(.cancelled, "The beginning could not be kept."))
            return nothing
        }
        tellStart()
        let live = LiveReply(step.attempt.generation.id, cut: cut)
        engine.recorder.follow(live, since: engine.recorder.tenure)
        defer { engine.recorder.release(live.generation) }
        var reply = Reply()
        var failure: PlenumError?
        do {
            let first: Result<ReplyStream, PlenumError>
            do {
                let begun = try await begun
                course.resume(begun.attempt)
                first = .success(begun.stream)
            } catch {
                first = .failure(PlenumError.of(error))
            }
            try await read(&course, &reply, live, first)
        } catch {
            failure = engine.told(error, cut)
        }
        live.close()
        return await end(course, reply, failure)
    }

    /// Keeps how the step ended: what is told of the end must be on disk before it is told. Not inlined: the frame that waits
    /// for the answer stays small.
    @inline(never)
    private func end(_ course: Course, _ reply: Reply, _ error: PlenumError?) async -> Ended {
        var failure = error
        course.end(failure)
        let attempt = course.attempt
        var ending = attempt.ending(reply, error: failure)
        do {
            try await engine.recorder.commitEnd(end(attempt, reply, ending))
        } catch {
            let told = engine.told(error, cut)
            failure = told
            ending = attempt.ending(reply, error: told)
            await engine.recorder.commitEventually(end(attempt, reply, ending))
        }
        return Ended(
            turn: turn(attempt, reply, ending),
            generation: attempt.generation.id,
            ending: ending,
            failure: failure
        )
    }

    @inline(never)
    private func read(
        _ course: inout Course,
        _ reply: inout Reply,
        _ live: LiveReply,
        _ first: Result<ReplyStream, PlenumError>
    ) async throws(PlenumError) {
        var opened: Result<ReplyStream, PlenumError>? = first
        while true {
            do throws(PlenumError) {
                let stream = if let opened { try opened.get() } else { try await course.begin() }
                return try await readOnce(stream, &course, &reply, live)
            } catch {
                opened = nil
                try await engine.goOn(&course, after: error, live, .begun(nil))
                reply = Reply()
                let members = retried(course.attempt, error)
                log.append(.fact(name: "seat.retried", seat: step.turn.slot.seat, members: members))
            }
        }
    }

    private func readOnce(
        _ stream: ReplyStream,
        _ course: inout Course,
        _ reply: inout Reply,
        _ live: LiveReply
    ) async throws(PlenumError) {
        var pieces = stream.makeAsyncIterator()
        var offsets = DeltaOffsets(turn: step.turn.number, seat: step.turn.slot.seat)
        while let piece = try await pieces.next() {
            course.observe(piece)
            for event in piece.events { reply.apply(event) }
            live.show(piece.events)
            for delta in offsets.deltas(piece.events) { log.append(delta) }
        }
        guard reply.isEnded else {
            throw PlenumError(.upstreamInterrupted, "The provider's answer ended without its terminator.")
        }
    }

    /// The changes that end a step that was not called.
    func ends(after error: PlenumError) -> [StorageChange] {
        end(step.attempt, Reply(), step.attempt.ending(Reply(), error: error))
    }

    /// The changes that end the step's attempt and message.
    private func end(_ attempt: Attempt, _ reply: Reply, _ ending: GenerationEnding) -> [StorageChange] {
        let message = MessageEnding(attempt.generation, ending, parts: reply.parts, endedAt: engine.clock.now())
        return [
            .finishGeneration(attempt.generation.id, ending, reply: nil), .finishMessage(step.message.id, message),
        ]
    }

    private func turn(_ attempt: Attempt, _ reply: Reply, _ ending: GenerationEnding) -> RunTurn {
        var turn = step.turn
        turn.status = ending.status
        turn.text = reply.text
        turn.model = attempt.generation.model
        turn.finish = ending.finish?.meaning
        turn.error = ending.error
        turn.usage = ending.usage
        turn.cost = ending.cost
        return turn
    }

    @inline(never)
    private func tellStart() {
        let members = JSONObject(step.turn.place + identity(step.attempt.generation))
        log.append(.fact(name: "seat.started", seat: step.turn.slot.seat, members: members))
    }

    /// Nothing of the attempt that failed was shown; the one that follows may be another model's.
    private func retried(_ attempt: Attempt, _ error: PlenumError) -> JSONObject {
        JSONObject(step.turn.place + identity(attempt.generation) + [("error", RecordedError(error).json)])
    }

    private func identity(_ generation: Generation) -> [JSONObject.Member] {
        [
            ("model", .string(generation.model)), ("provider", .string(generation.provider)),
            ("message", .string(step.message.id.description)), ("generation", .string(generation.id.description)),
            ("attempt", .number(JSONNumber(generation.attempt))),
        ]
    }
}

extension RunTurn {
    /// Where it belongs, as the events say it.
    var place: [JSONObject.Member] {
        [
            ("turn", .number(JSONNumber(number))), ("round", .number(JSONNumber(slot.step.round))),
            ("phase", .string(slot.step.phase.rawValue)),
        ]
    }
}

extension StepPerformer.Ended {
    /// The event that tells it.
    /// - Parameter notes: what was read out of it.
    func event(_ notes: JSONObject) -> RunLogEntry.Body {
        var members =
            turn.place + [
                ("model", turn.model.map { .string($0) } ?? .null), ("message", .string(turn.message.description)),
                ("status", .string(ending.status.rawValue)),
            ]
        guard let failure else {
            members += [
                ("finish_reason", ending.finish.map { .string($0.meaning.rawValue) } ?? .null),
                ("usage", ending.usage.map(\.json) ?? .null),
                ("cost", ending.cost.map { .string($0.description) } ?? .null),
                ("ttft_ms", ending.timeToFirstToken.map { .number(JSONNumber($0)) } ?? .null),
                ("duration_ms", .number(JSONNumber(ending.duration))),
            ]
            return .fact(name: "seat.completed", seat: turn.slot.seat, members: JSONObject(members + notes.members))
        }
        members.append(("error", RecordedError(failure).json))
        return .fact(name: "seat.failed", seat: turn.slot.seat, members: JSONObject(members))
    }
}

/// Counts the bytes of each kind of text that a turn has shown.
private struct DeltaOffsets {
    let turn: Int
    let seat: Int?
    private var text = 0
    private var reasoning = 0
    private var tool = 0

    init(turn: Int, seat: Int?) {
        self.turn = turn
        self.seat = seat
    }

    mutating func deltas(_ events: [ReplyEvent]) -> [RunLogEntry.Body] {
        events.compactMap { event in
            switch event {
            case .text(let more), .refusal(let more): delta(.text, more, &text)
            case .reasoning(let more): delta(.reasoning, more, &reasoning)
            case .toolCall(_, _, let name, _): delta(.tool, name + " ", &tool)
            case .toolArguments(_, let more): delta(.tool, more, &tool)
            default: nil
            }
        }
    }

    private func delta(_ kind: RunLogEntry.DeltaKind, _ text: String, _ offset: inout Int) -> RunLogEntry.Body? {
        guard !text.isEmpty else { return nil }
        defer { offset += text.utf8.count }
        return .delta(turn: turn, seat: seat, kind: kind, offset: offset, text: text)
    }
}
