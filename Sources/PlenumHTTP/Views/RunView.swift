public import PlenumCore
public import PlenumEngine

/// A run with its seats and turns, as the API shows it.
public enum RunView {
    /// Shows a run. Of one that is blind, models are named once a person has chosen.
    public static func of(_ record: RunRecord) -> JSONValue {
        let whole = view(record)
        return record.hidesNames ? .object(whole.withoutNames) : .object(whole)
    }

    private static func view(_ record: RunRecord) -> JSONObject {
        let run = record.run
        let totals = record.totals
        return JSONObject([
            ("id", .string(run.id.description)), ("object", "run"), ("kind", .string(run.kind.rawValue)),
            ("status", .string(run.status.rawValue)), ("stop_reason", .text(run.stopReason)),
            ("conversation", .string(run.conversation.description)),
            ("input_message", .string(run.inputMessage.description)), ("settings", .object(run.settings)),
            ("paused", .bool(record.settings.isPaused && !run.status.isTerminal)),
            ("seats", .array(run.seats.map { seat($0, record) })),
            ("turns", .array(record.turns.map { turn($0, record) })),
            ("result", record.result.map { .object($0) } ?? .null), ("preference", run.preference?.view ?? .null),
            ("cost", .text(totals.cost?.description)), ("usage", totals.usage.json),
            ("created_at", .seconds(run.createdAt)), ("ended_at", run.endedAt.map { .seconds($0) } ?? .null),
        ])
    }

    private static func seat(_ seat: Seat, _ record: RunRecord) -> JSONValue {
        let message = record.message(of: seat.index)
        let attempts = record.generations.filter { $0.seat == seat.index }
        let last = attempts.last?.ending
        var view = JSONObject([
            ("seat", .number(JSONNumber(seat.index))), ("model", .string(message?.model ?? seat.model)),
            ("status", .string((message?.status ?? (record.run.status.isTerminal ? .failed : .queued)).rawValue)),
            ("system", .text(seat.system)), ("params", .object(seat.parameters)),
        ])
        if !seat.fallbacks.isEmpty { view["fallback_models"] = .array(seat.fallbacks.map { .string($0) }) }
        view["persona"] = seat.persona.map { .string($0) }
        view["side"] = seat.side.map { .string($0) }
        let rest: [JSONObject.Member] = [
            ("message", message?.view ?? .null), ("usage", message?.usage?.json ?? .null),
            ("cost", .text(message?.cost?.description)), ("ttft_ms", .count(last?.timeToFirstToken)),
            ("duration_ms", .count(last?.duration)), ("attempts", .array(attempts.map(\.view))),
            ("error", message?.error?.json ?? .null),
        ]
        return .object(JSONObject(view.members + rest))
    }

    private static func turn(_ turn: RunTurn, _ record: RunRecord) -> JSONValue {
        let message = record.messages[turn.number]
        let attempt = record.generations.last { $0.message == turn.message }?.ending
        let head: [JSONObject.Member] = [
            ("turn", .number(JSONNumber(turn.number))), ("round", .number(JSONNumber(turn.slot.step.round))),
            ("seat", .count(turn.slot.seat)), ("phase", .string(turn.slot.step.phase.rawValue)),
            ("part", .number(JSONNumber(turn.slot.step.part))), ("model", .text(turn.model)),
            ("message", .string(turn.message.description)),
            ("status", .string(turn.isDeclined ? "declined" : turn.status.rawValue)), ("text", .string(message.text)),
            ("usage", turn.usage?.json ?? .null), ("cost", .text(turn.cost?.description)),
            ("ttft_ms", .count(attempt?.timeToFirstToken)), ("duration_ms", .count(attempt?.duration)),
            ("error", turn.error?.json ?? .null),
        ]
        return .object(JSONObject(head + record.notes(on: turn).members))
    }
}

extension Run {
    /// The run as a list shows it.
    var summary: JSONValue {
        [
            "id": .string(id.description), "object": "run", "kind": .string(kind.rawValue),
            "protocol": settings["protocol"] ?? .null, "status": .string(status.rawValue),
            "stop_reason": .text(stopReason),
            "conversation": .string(conversation.description), "input_message": .string(inputMessage.description),
            "models": hidesNames ? .null : .array(seats.map { .string($0.model) }),
            "preference": preference?.view ?? .null,
            "created_at": .seconds(createdAt), "ended_at": endedAt.map { .seconds($0) } ?? .null,
        ]
    }

    /// What a person has said of its answers.
    var judgement: JSONValue {
        let model = seats.first { $0.index == preference?.seat }?.model
        return [
            "run": .string(id.description), "conversation": .string(conversation.description),
            "models": .array(seats.map { .string($0.model) }), "model": .text(model),
            "preference": preference?.view ?? .null,
        ]
    }
}

extension Preference {
    var view: JSONValue {
        [
            "kind": .string(kind.rawValue), "seat": .count(seat), "reason": .text(reason), "blind": .bool(isBlind),
            "created_at": .seconds(createdAt),
        ]
    }
}

extension RunEstimate {
    var view: JSONValue {
        [
            "object": "run.estimate", "calls_max": .number(JSONNumber(most.calls)),
            "calls_likely": .number(JSONNumber(likely.calls)), "tokens_in_max": .number(JSONNumber(most.input)),
            "tokens_in_likely": .number(JSONNumber(likely.input)), "tokens_out_max": .number(JSONNumber(most.output)),
            "tokens_out_likely": .number(JSONNumber(likely.output)), "cost_max": .text(most.cost?.description),
            "cost_likely": .text(likely.cost?.description), "max_cost": .text(cap?.description), "judge": .text(judge),
            "warnings": .array(warnings.map { .string($0) }),
        ]
    }
}
