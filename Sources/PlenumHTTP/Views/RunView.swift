public import PlenumCore
import PlenumEngine

/// A run with its seats, put together from what is kept.
public enum RunView {
    /// Reads everything that belongs to a run and shows it.
    public static func of(_ run: Run, in storage: any Storage) async throws(PlenumError) -> JSONValue {
        let messages = try await storage.messages(ofRun: run.id)
        let generations = try await storage.generations(ofRun: run.id)
        var totals = RunTotals()
        for generation in generations { totals.add(generation.ending?.usage, generation.ending?.cost) }
        let seats = run.seats.map { seat in
            view(
                seat,
                messages.first { $0.id == seat.message },
                generations.filter { $0.seat == seat.index }
            )
        }
        return [
            "id": .string(run.id.description), "object": "run", "kind": .string(run.kind.rawValue),
            "status": .string(run.status.rawValue), "stop_reason": .text(run.stopReason),
            "conversation": .string(run.conversation.description),
            "input_message": .string(run.inputMessage.description), "seats": .array(seats), "turns": [],
            "result": .null, "cost": .text(totals.cost?.description), "usage": totals.usage.json,
            "created_at": .seconds(run.createdAt), "ended_at": run.endedAt.map { .seconds($0) } ?? .null,
        ]
    }

    private static func view(_ seat: Seat, _ message: Message?, _ attempts: [Generation]) -> JSONValue {
        let last = attempts.last?.ending
        return [
            "seat": .number(JSONNumber(seat.index)), "model": .string(message?.model ?? seat.model),
            "status": .string((message?.status ?? .failed).rawValue), "system": .text(seat.system),
            "params": .object(seat.parameters), "message": message?.view ?? .null,
            "usage": message?.usage?.json ?? .null, "cost": .text(message?.cost?.description),
            "ttft_ms": .count(last?.timeToFirstToken), "duration_ms": .count(last?.duration),
            "attempts": .array(attempts.map(\.view)), "error": message?.error?.json ?? .null,
        ]
    }
}
