import Hummingbird
import PlenumCore
import PlenumEngine

/// What people say to a run: pause, go on, one seat less or more, a word of their own, which answer they like.
struct RunControlRoutes: Sendable {
    let engine: Engine
    let bodyLimit: Int

    func add(to group: RouterGroup<DoorContext>) {
        let plain: [(String, RunCommand)] = [
            ("pause", .pause), ("resume", .resume), ("step", .step), ("conclude", .conclude),
        ]
        for (name, command) in plain {
            group.post("/runs/:run/\(name)") { _, context in try await tell(context, command) }
        }
        group.post("/runs/:run/extend") { request, context in
            let body = try await read(request, ["rounds", "turns", "max_cost"])
            let (rounds, turns) = (try body.whole("rounds") ?? 0, try body.whole("turns") ?? 0)
            let cap = try body.money("max_cost")
            guard rounds >= 0, turns >= 0, rounds + turns > 0 || cap != nil else {
                throw PlenumError(.invalidRequest, "Say by how many \"rounds\" or \"turns\", or a higher \"max_cost\".")
            }
            return try await tell(context, .extend(rounds: min(rounds, 100), turns: min(turns, 100), maxCost: cap))
        }
        group.post("/runs/:run/say") { request, context in
            let body = try await read(request, ["input", "text"])
            guard let text = try body.text("input") ?? body.text("text"), text.contains(where: { !$0.isWhitespace })
            else {
                throw PlenumError(.invalidRequest, "\"input\" is missing: what is to be said?", parameter: "input")
            }
            return try await tell(context, .say(text))
        }
        group.post("/runs/:run/judge") { request, context in
            let body = try await read(request, ["model", "fallback_models", "params"])
            return try await tell(context, .judge(body.isEmpty ? nil : try DebateBody.voice(body)))
        }
        addSeats(to: group)
        group.post("/runs/:run/prefer") { request, context in try await prefer(request, context) }
    }

    private func addSeats(to group: RouterGroup<DoorContext>) {
        group.post("/runs/:run/seats") { request, context in
            let asked = try RunBody.seat(.object(try await request.object(upTo: bodyLimit)), path: "seat")
            return try await tell(context, .addSeat(try engine.seat(asked, 0)))
        }
        group.post("/runs/:run/seats/:seat/cancel") { _, context in
            try await tell(context, .cancelSeat(try seat(context)))
        }
        group.post("/runs/:run/seats/:seat/retry") { request, context in
            let body = try await read(request, ["model"])
            let model = try body.text("model").map { name throws(PlenumError) in
                try engine.seat(RunAsk.Seat(model: name), 0).model
            }
            return try await tell(context, .retrySeat(try seat(context), model: model))
        }
    }

    private func read(_ request: Request, _ known: Set<String>) async throws -> JSONObject {
        let body = try await request.object(upTo: bodyLimit)
        try RunBody.refuseUnknown(body, known, path: "")
        return body
    }

    private func seat(_ context: DoorContext) throws -> Int {
        let text = try context.parameters.require("seat")
        guard let number = Int(text), number >= 0 else {
            throw PlenumError(.notFound, "There is no seat \"\(text.prefix(20))\".")
        }
        return number
    }

    private func tell(_ context: DoorContext, _ command: RunCommand) async throws -> Response {
        let run = try await engine.tell(try context.id("run", "run"), command, within: context.caller.quota)
        return .json(RunView.of(try await engine.record(of: run)))
    }

    private func prefer(_ request: Request, _ context: DoorContext) async throws -> Response {
        let body = try await read(request, ["kind", "seat", "reason"])
        let seat = try body.whole("seat")
        guard let kind: Preference.Kind = try body.word("kind") ?? (seat == nil ? nil : .prefer) else {
            throw PlenumError(.invalidRequest, "\"kind\" is missing: prefer, tie or all_bad.", parameter: "kind")
        }
        let reason = try body.text("reason").map { String($0.prefix(2000)) }
        let run = try await engine.prefer(try context.id("run", "run"), kind, seat: seat, reason: reason)
        return .json(RunView.of(try await engine.record(of: run)))
    }
}
