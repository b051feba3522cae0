import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine

/// What people have said of answers: the list, the sums by model, the pairs to train with.
struct PreferenceRoutes: Sendable {
    let engine: Engine

    func add(to group: RouterGroup<DoorContext>) {
        group.get("/preferences") { request, _ in
            let page = try await engine.judgedRuns(try request.page())
            return Response.json(ListJSON.page(page, id: \.id.description, \.judgement))
        }
        group.get("/preferences/summary") { _, _ in
            let standings = try await engine.standings()
            return Response.json(["object": "list", "data": .array(standings.map(\.view))])
        }
        group.get("/preferences/pairs") { _, _ in pairs() }
    }

    /// One JSON object a line: the conversation up to the question, the answer that was preferred, and one that was not.
    private func pairs() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/jsonl"],
            body: .init { client in
                var page: PageRequest<RunID>? = PageRequest(limit: 200, order: .ascending)
                while let next = page {
                    let found = try await engine.judgedRuns(next)
                    for run in found.elements where run.preference?.kind == .prefer {
                        guard let lines = try await lines(run), !lines.isEmpty else { continue }
                        try await client.write(ByteBuffer(bytes: lines))
                    }
                    page?.after = found.elements.last?.id
                    if !found.hasMore { page = nil }
                }
                try await client.finish(nil)
            }
        )
    }

    private func lines(_ run: Run) async throws(PlenumError) -> [UInt8]? {
        let record = try await engine.record(of: run)
        guard let chosen = record.answers.first(where: { $0.seat == run.preference?.seat })?.message else { return nil }
        let path = try await engine.storage.thread(endingAt: run.inputMessage, limit: 1000)
        let prompt = JSONValue.array(path.filter { !$0.parts.isEmpty }.map(Self.turn))
        var lines: [UInt8] = []
        for (_, rejected) in record.answers where rejected.id != chosen.id {
            let line: JSONValue = [
                "run": .string(run.id.description), "prompt": prompt, "chosen": [Self.turn(chosen)],
                "rejected": [Self.turn(rejected)], "chosen_model": .text(chosen.model),
                "rejected_model": .text(rejected.model), "blind": .bool(run.preference?.isBlind ?? false),
            ]
            lines += line.bytes + [UInt8(ascii: "\n")]
        }
        return lines
    }

    private static func turn(_ message: Message) -> JSONValue {
        ["role": .string(message.role.rawValue), "content": .string(message.text)]
    }
}

extension ModelStanding {
    fileprivate var view: JSONValue {
        let share = winRate.map { rate -> JSONValue in
            let digits = String(rate % 10_000 + 10_000).dropFirst()
            return .string("\(rate / 10_000).\(digits)")
        }
        return [
            "model": .string(model), "comparisons": .number(JSONNumber(comparisons)), "wins": .number(JSONNumber(wins)),
            "losses": .number(JSONNumber(losses)), "ties": .number(JSONNumber(ties)),
            "all_bad": .number(JSONNumber(allBad)), "win_rate": share ?? .null,
        ]
    }
}
