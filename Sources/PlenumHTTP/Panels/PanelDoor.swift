import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// Answers requests for panels in the dialect of a door.
struct PanelDoor: Sendable {
    let door: CompletionDoor

    private var engine: Engine { door.engine }
    private var format: any WireFormat { door.format }

    /// The field by which a call of a panel's seat says that it is one.
    private static let seatField = HTTPField.Name("X-Plenum-Panel")!
    /// The field by which clients are told the run.
    private static let runField = HTTPField.Name("X-Plenum-Run")!

    /// Answers a request whose model is a panel.
    func answer(
        _ model: VirtualModel,
        _ request: Request,
        _ call: DoorCall,
        _ claim: ClaimAsk?,
        of caller: Caller
    ) async throws -> Response {
        guard request.headers[Self.seatField] == nil else {
            throw PlenumError(
                .recursivePanel,
                "\(model.name) was asked by a seat of a panel: a panel cannot sit in one.",
                parameter: "model"
            )
        }
        guard call.head.store != false else {
            throw PlenumError(
                .unsupportedParameter,
                "\(model.name) is a run, and runs are kept: leave \"store\" out.",
                parameter: "store"
            )
        }
        if let claim, let held = try await engine.claim(for: claim) {
            var response = try await answer(try await ClaimReplay.run(held, in: engine.storage), model, call)
            response.headers[.idempotentReplayed] = "true"
            return response
        }
        let place = try await door.placing.place(call.head, in: engine)
        let chat = try format.readRequest(call.body).chat
        let plugins = try? JSONValue(parsing: call.body)["plugins"]
        let panel = try PanelAsk(model, plugins: plugins, chat, engine)
        let metadata = JSONObject([("panel", .string(model.name))])
        // A panel that is refused leaves no conversation behind.
        try engine.checkRoom(within: caller.quota)
        let isNew = place?.begins != nil
        let (laid, input) = try await engine.lay(chat.turns, at: isNew ? nil : place, metadata: metadata)
        var ask = panel.at(laid, input)
        (ask.claim, ask.quota, ask.settings.key) = (claim, caller.quota, caller.key)
        return try await answer(try await engine.start(ask), model, call)
    }

    private func answer(_ run: Run, _ model: VirtualModel, _ call: DoorCall) async throws -> Response {
        let identity = ReplyIdentity(
            id: run.id.description,
            created: run.createdAt.seconds,
            model: model.name,
            includeUsage: !call.head.stream || call.head.wantsUsage,
            request: (try? format.readRequest(call.body)).map(format.echo) ?? RequestEcho()
        )
        return call.head.stream ? try await stream(run, identity, call) : try await whole(run, identity)
    }

    private func headers(_ run: Run) -> HTTPFields { [Self.runField: run.id.description] }

    private func whole(_ run: Run, _ identity: ReplyIdentity) async throws -> Response {
        await engine.waitForRun(run.id)
        do {
            try Task.checkCancellation()
        } catch {
            // Nobody is left to read it, and every further call costs.
            try await engine.cancelRun(run.id)
            throw error
        }
        let panel = PanelReply(record: try await engine.record(of: run.id))
        let bytes = format.writeReply(try panel.reply(), as: identity)
        guard var object = (try? JSONValue(parsing: bytes))?.object else { return .json(bytes, headers: headers(run)) }
        object["plenum_run"] = panel.member
        return .json(JSONValue.object(object).bytes, headers: headers(run))
    }

    private func stream(_ run: Run, _ identity: ReplyIdentity, _ call: DoorCall) async throws -> Response {
        let events = try await engine.events(ofRun: run.id, after: 0)
        let contentType = ReplyScribe.contentType(isArray: call.isArray)
        return .stream(contentType, headers: headers(run)) { client in
            do {
                var progress = PanelProgress(format, as: identity, isArray: call.isArray)
                for try await batch in events {
                    let bytes = progress.bytes(of: batch)
                    if !bytes.isEmpty { try await client.write(ByteBuffer(bytes: bytes)) }
                }
                let panel = PanelReply(record: try await engine.record(of: run.id))
                try await client.write(ByteBuffer(bytes: progress.end(panel)))
                try await client.finish(nil)
            } catch {
                try await engine.cancelRun(run.id)
                throw error
            }
        }
    }
}
