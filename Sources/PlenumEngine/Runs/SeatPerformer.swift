import Logging
import PlenumCore

/// One seat of a run: asks its model, shows the answer as it comes and keeps it.
struct SeatPerformer: Sendable {
    /// How a seat ended.
    struct Ended: Sendable {
        var status: Status
        var usage: Usage?
        var cost: Money?
    }

    let engine: Engine
    let seat: Seat
    let attempt: Attempt
    /// Who is asked when its model's own deployments fail.
    var others: [Deployment] = []

    /// Asks, shows and keeps; never throws, since one seat's failure is nobody else's.
    /// - Parameter cut: ends the run from outside.
    func perform(_ log: RunLog, _ cut: Cut) async -> Ended {
        var course = Course(attempt, orElse: others, engine: engine)
        log.append(.fact(name: "seat.started", seat: seat.index, members: started))
        let live = LiveReply(attempt.generation.id, cut: cut)
        engine.recorder.follow(live, since: engine.recorder.tenure)
        defer { engine.recorder.release(live.generation) }
        var reply = Reply()
        var failure: PlenumError?
        do {
            try await read(&course, &reply, live, log)
        } catch {
            failure = engine.told(error, cut)
        }
        course.end(failure)
        let attempt = course.attempt
        // What is told below must be on disk before it is told.
        live.close()
        var ending = attempt.ending(reply, error: failure)
        do {
            try await engine.recorder.commitEnd(end(attempt, reply, ending))
        } catch {
            let told = engine.told(error, cut)
            failure = told
            ending = attempt.ending(reply, error: told)
            await engine.recorder.commitEventually(end(attempt, reply, ending))
        }
        if let failure {
            log.append(.fact(name: "seat.failed", seat: seat.index, members: failed(failure, ending.status)))
        } else {
            log.append(.fact(name: "seat.completed", seat: seat.index, members: completed(attempt, ending)))
        }
        return Ended(status: ending.status, usage: ending.usage, cost: ending.cost)
    }

    private func read(
        _ course: inout Course,
        _ reply: inout Reply,
        _ live: LiveReply,
        _ log: RunLog
    ) async throws(PlenumError) {
        while true {
            do throws(PlenumError) { return try await readOnce(&course, &reply, live, log) } catch {
                try await engine.goOn(&course, after: error, live, .begun(nil))
                reply = Reply()
                log.append(.fact(name: "seat.retried", seat: seat.index, members: retried(course.attempt, error)))
            }
        }
    }

    private func readOnce(
        _ course: inout Course,
        _ reply: inout Reply,
        _ live: LiveReply,
        _ log: RunLog
    ) async throws(PlenumError) {
        var pieces = try await course.begin().makeAsyncIterator()
        var offsets = DeltaOffsets()
        while let piece = try await pieces.next() {
            course.observe(piece)
            for event in piece.events { reply.apply(event) }
            live.show(piece.events)
            for delta in offsets.deltas(piece.events, seat: seat.index) { log.append(delta) }
        }
        guard reply.isEnded else {
            throw PlenumError(.upstreamInterrupted, "The provider's answer ended without its terminator.")
        }
    }

    /// The changes that end a seat that was not called.
    func ends(after error: PlenumError) -> [StorageChange] {
        end(attempt, Reply(), attempt.ending(Reply(), error: error))
    }

    /// The changes that end the seat's attempt and message.
    private func end(_ attempt: Attempt, _ reply: Reply, _ ending: GenerationEnding) -> [StorageChange] {
        let message = MessageEnding(attempt.generation, ending, parts: reply.parts, endedAt: engine.clock.now())
        return [
            .finishGeneration(attempt.generation.id, ending, reply: nil), .finishMessage(seat.message, message),
        ]
    }

    private var started: JSONObject {
        JSONObject([
            ("model", .string(seat.model)), ("provider", .string(attempt.generation.provider)),
            ("message", .string(seat.message.description)),
            ("generation", .string(attempt.generation.id.description)), ("attempt", 1),
        ])
    }

    /// Nothing of the attempt that failed was shown; the one that follows may be another model's.
    private func retried(_ attempt: Attempt, _ error: PlenumError) -> JSONObject {
        JSONObject([
            ("model", .string(attempt.generation.model)), ("provider", .string(attempt.generation.provider)),
            ("message", .string(seat.message.description)),
            ("generation", .string(attempt.generation.id.description)),
            ("attempt", .number(JSONNumber(attempt.generation.attempt))), ("error", RecordedError(error).json),
        ])
    }

    private func completed(_ attempt: Attempt, _ ending: GenerationEnding) -> JSONObject {
        JSONObject([
            ("model", .string(attempt.generation.model)), ("message", .string(seat.message.description)),
            ("status", .string(ending.status.rawValue)),
            ("finish_reason", ending.finish.map { .string($0.meaning.rawValue) } ?? .null),
            ("usage", ending.usage.map(\.json) ?? .null),
            ("cost", ending.cost.map { .string($0.description) } ?? .null),
            ("ttft_ms", ending.timeToFirstToken.map { .number(JSONNumber($0)) } ?? .null),
            ("duration_ms", .number(JSONNumber(ending.duration))),
        ])
    }

    private func failed(_ error: PlenumError, _ status: Status) -> JSONObject {
        JSONObject([
            ("model", .string(seat.model)), ("message", .string(seat.message.description)),
            ("status", .string(status.rawValue)), ("error", RecordedError(error).json),
        ])
    }
}

/// Counts the bytes of each kind of text that a seat has shown.
private struct DeltaOffsets {
    private var text = 0
    private var reasoning = 0
    private var tool = 0

    mutating func deltas(_ events: [ReplyEvent], seat: Int) -> [RunLogEntry.Body] {
        events.compactMap { event in
            switch event {
            case .text(let more), .refusal(let more): Self.delta(.text, more, &text, seat)
            case .reasoning(let more): Self.delta(.reasoning, more, &reasoning, seat)
            case .toolCall(_, _, let name, _): Self.delta(.tool, name + " ", &tool, seat)
            case .toolArguments(_, let more): Self.delta(.tool, more, &tool, seat)
            default: nil
            }
        }
    }

    private static func delta(
        _ kind: RunLogEntry.DeltaKind,
        _ text: String,
        _ offset: inout Int,
        _ seat: Int
    ) -> RunLogEntry.Body? {
        guard !text.isEmpty else { return nil }
        defer { offset += text.utf8.count }
        return .delta(seat: seat, kind: kind, offset: offset, text: text)
    }
}
