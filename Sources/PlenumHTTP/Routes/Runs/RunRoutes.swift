import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine

/// Runs: one prompt to several seats, followed live, read back later.
struct RunRoutes: Sendable {
    let engine: Engine
    let bodyLimit: Int

    func add(to group: RouterGroup<DoorContext>) {
        group.post("/runs") { request, context in try await create(request, context) }
        group.get("/runs") { request, _ in try await list(request) }
        group.post("/runs/estimate") { request, _ in
            let ask = try RunBody.read(try await request.object(upTo: bodyLimit))
            return Response.json(try await engine.estimate(ask).view)
        }
        group.get("/runs/:run") { _, context in
            Response.json(RunView.of(try await engine.record(of: try context.id("run", "run"))))
        }
        group.get("/runs/:run/events") { request, context in
            let id: RunID = try context.id("run", "run")
            return try await follow(id, after: try start(request))
        }
        group.post("/runs/:run/cancel") { _, context in
            let id: RunID = try context.id("run", "run")
            try await engine.cancelRun(id)
            await engine.waitForRun(id)
            return Response.json(RunView.of(try await engine.record(of: id)))
        }
        group.post("/runs/:run/synthesis") { request, context in
            let id: RunID = try context.id("run", "run")
            let body = try await request.object(upTo: bodyLimit)
            var (ask, form) = (try await SynthesisBody.read(body, of: id, engine), try AnswerForm(body))
            ask.settings.key = context.caller.key
            return try await answer(try await engine.start(ask), form)
        }
    }

    private func create(_ request: Request, _ context: DoorContext) async throws -> Response {
        let body = try await request.object(upTo: bodyLimit)
        // Everything is read before anything is begun: a refused run must not spend.
        var (ask, form) = (try RunBody.read(body), try AnswerForm(body))
        ask.claim = try IdempotencyKey.read(request, route: "POST /runs", of: context.caller) { body }
        (ask.settings.key, ask.quota) = (context.caller.key, context.caller.quota)
        if let again = try await replay(ask.claim, form) { return again }
        do {
            return try await answer(try await engine.start(ask), form)
        } catch let error as PlenumError where error.code == .idempotencyInProgress {
            guard let again = try await replay(ask.claim, form) else { throw error }
            return again
        }
    }

    private func list(_ request: Request) async throws -> Response {
        var filter = RunFilter()
        if let text = request.uri.queryParameters["conversation"].map(String.init) {
            guard let id = ConversationID(text) else {
                throw PlenumError(
                    .notFound,
                    "There is no conversation \"\(text.prefix(100))\".",
                    parameter: "conversation"
                )
            }
            filter.conversation = id
        }
        let page = try await engine.storage.runs(matching: filter, page: try request.page())
        return .json(ListJSON.page(page, id: \.id.description, \.summary))
    }

    /// How a run is answered.
    private enum AnswerForm {
        /// As it ended.
        case whole
        /// By its events.
        case stream
        /// At once, as it stands.
        case background

        init(_ body: JSONObject) throws(PlenumError) {
            let (isStreamed, isBackground) = (try body.flag("stream") ?? false, try body.flag("background") ?? false)
            self = isStreamed ? .stream : isBackground ? .background : .whole
        }
    }

    private func answer(_ run: Run, _ form: AnswerForm) async throws -> Response {
        switch form {
        case .stream: return try await follow(run.id, after: 0)
        case .background: return .json(RunView.of(try await engine.record(of: run)), status: .accepted)
        case .whole:
            // The run goes on when the client leaves; only the waiting ends.
            await engine.waitForRun(run.id)
            try Task.checkCancellation()
            return .json(RunView.of(try await engine.record(of: run.id)))
        }
    }

    /// Answers with the run that the key has begun before, ended or under way; `nil` if it has begun none.
    private func replay(_ claim: ClaimAsk?, _ form: AnswerForm) async throws -> Response? {
        guard let claim, let held = try await engine.claim(for: claim) else { return nil }
        var response = try await answer(try await ClaimReplay.run(held, in: engine.storage), form)
        response.headers[.idempotentReplayed] = "true"
        return response
    }

    /// Where to go on: `?after=N`, or what a browser's EventSource says it has seen.
    private func start(_ request: Request) throws(PlenumError) -> Int {
        let last = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
        guard let text = request.uri.queryParameters["after"].map(String.init) ?? last else { return 0 }
        guard let sequence = Int(text), sequence >= 0 else {
            throw PlenumError(.invalidRequest, "\"after\" must be the number of an event.", parameter: "after")
        }
        return sequence
    }

    private func follow(_ id: RunID, after sequence: Int) async throws -> Response {
        let events = try await engine.events(ofRun: id, after: sequence)
        return .events { client in
            for try await batch in events { try await client.write(Self.bytes(of: batch)) }
            try await client.finish(nil)
        }
    }

    private static func bytes(of batch: [RunEvent]) -> ByteBuffer {
        guard !batch.isEmpty else { return ByteBuffer(string: ": keepalive\n\n") }
        var buffer = ByteBuffer()
        for event in batch {
            buffer.writeString("event: \(event.name)\nid: \(event.sequence)\ndata: ")
            buffer.writeBytes(event.data)
            buffer.writeString("\n\n")
        }
        return buffer
    }
}

/// Reads the body of `POST /v1/runs/{id}/synthesis`.
enum SynthesisBody {
    private static let known: Set<String> = [
        "mode", "model", "fallback_models", "seats", "instructions", "picks", "params", "stream", "background",
        "max_cost",
    ]

    static func read(_ body: JSONObject, of run: RunID, _ engine: Engine) async throws(PlenumError) -> RunAsk {
        try RunBody.refuseUnknown(body, known, path: "")
        guard let mode: SynthesisPlan.Mode = try body.word("mode") else {
            let words = SynthesisPlan.Mode.allCases.map(\.rawValue).joined(separator: ", ")
            throw PlenumError(.invalidRequest, "\"mode\" is missing: \(words).", parameter: "mode")
        }
        guard let model = try body.text("model") else {
            throw PlenumError(.invalidRequest, "\"model\" is missing: who is to do it?", parameter: "model")
        }
        let seat = RunAsk.Seat(
            model: model,
            fallbacks: try RunBody.names(body["fallback_models"], path: "fallback_models"),
            parameters: try SeatParameters(try body.members("params") ?? JSONObject(), path: "params")
        )
        var ask = try await engine.synthesisAsk(
            of: run,
            mode,
            by: seat,
            seats: try numbers(body["seats"], "seats"),
            instructions: try body.text("instructions"),
            picks: try texts(body["picks"], "picks")
        )
        ask.settings.maxCost = try body.money("max_cost")
        return ask
    }

    private static func numbers(_ value: JSONValue?, _ name: String) throws(PlenumError) -> [Int]? {
        guard let value, value != .null else { return nil }
        guard let list = value.array, list.allSatisfy({ $0.int != nil }) else {
            throw PlenumError(.invalidRequest, "\"\(name)\" must be a list of numbers of seats.", parameter: name)
        }
        return list.compactMap(\.int)
    }

    private static func texts(_ value: JSONValue?, _ name: String) throws(PlenumError) -> [String] {
        guard let value, value != .null else { return [] }
        guard let list = value.array, list.allSatisfy({ $0.string != nil }), list.count <= 50 else {
            throw PlenumError(.invalidRequest, "\"\(name)\" must be a list of up to fifty texts.", parameter: name)
        }
        return list.compactMap(\.string)
    }
}
