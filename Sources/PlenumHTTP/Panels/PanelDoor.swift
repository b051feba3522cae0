import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// Answers requests for panels in the dialect of a door.
struct PanelDoor: Sendable {
    let engine: Engine
    let format: any WireFormat

    /// The field by which a call of a panel's seat says that it is one.
    private static let seatField = HTTPField.Name("X-Plenum-Panel")!
    /// The field by which clients are told the run.
    private static let runField = HTTPField.Name("X-Plenum-Run")!

    /// Answers a request whose model is a panel.
    func answer(
        _ model: VirtualModel,
        _ request: Request,
        _ head: DoorHead,
        _ body: [UInt8],
        at place: ConversationPlace?,
        within quota: DebateQuota?
    ) async throws -> Response {
        guard request.headers[Self.seatField] == nil else {
            throw PlenumError(
                .recursivePanel,
                "\(model.name) was asked by a seat of a panel: a panel cannot sit in one.",
                parameter: "model"
            )
        }
        guard head.store != false else {
            throw PlenumError(
                .unsupportedParameter,
                "\(model.name) is a run, and runs are kept: leave \"store\" out.",
                parameter: "store"
            )
        }
        let claim = try IdempotencyKey.read(request, route: "POST /chat/completions") {
            try JSONValue(parsing: body).object ?? JSONObject()
        }
        if let claim, let held = try await engine.claim(for: claim) {
            var response = try await answer(try await ClaimReplay.run(held, in: engine.storage), model, head)
            response.headers[.idempotentReplayed] = "true"
            return response
        }
        let chat = try format.readRequest(body).chat
        let plugins = try? JSONValue(parsing: body)["plugins"]
        let panel = try PanelAsk(model, plugins: plugins, chat, engine)
        let metadata = JSONObject([("panel", .string(model.name))])
        // A panel that is refused leaves no conversation behind.
        try engine.checkRoom(within: quota)
        let (laid, input) = try await engine.lay(chat.turns, at: place, metadata: metadata)
        var ask = panel.at(laid, input)
        (ask.claim, ask.quota) = (claim, quota)
        return try await answer(try await engine.start(ask), model, head)
    }

    private func answer(_ run: Run, _ model: VirtualModel, _ head: DoorHead) async throws -> Response {
        let identity = ReplyIdentity(
            id: run.id.description,
            created: run.createdAt.seconds,
            model: model.name,
            includeUsage: !head.stream || head.wantsUsage
        )
        return head.stream ? try await stream(run, identity) : try await whole(run, identity)
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

    private func stream(_ run: Run, _ identity: ReplyIdentity) async throws -> Response {
        let events = try await engine.events(ofRun: run.id, after: 0)
        return .events(headers: headers(run)) { client in
            do {
                var progress = PanelProgress(format.makeReplyWriter(as: identity))
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
