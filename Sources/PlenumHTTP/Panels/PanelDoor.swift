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
        at place: ConversationPlace?
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
        let (laid, input) = try await engine.lay(chat.turns, at: place, metadata: metadata)
        var ask = panel.at(laid, input)
        ask.claim = claim
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

/// A panel's progress as a stream of one model: what is not the final answer goes into comments.
struct PanelProgress {
    private var writer: any ReplyWriter
    private var isBegun = false
    /// The turn whose words are being shown as the final answer.
    private var speaker: Int?
    private var isShown = false
    private var isBroken = false

    init(_ writer: any ReplyWriter) { self.writer = writer }

    /// Writes what a batch of events brings.
    mutating func bytes(of batch: [RunEvent]) -> [UInt8] {
        guard !batch.isEmpty else { return Array(": keepalive\n\n".utf8) }
        var bytes: [UInt8] = []
        if !isBegun {
            isBegun = true
            bytes += writer.write([.start(id: nil, model: nil)])
        }
        for event in batch {
            guard let data = try? JSONValue(parsing: event.data) else { continue }
            switch event.name {
            case "seat.started":
                let isFinal = ["chair", "fuse", "summary", "clerk"].contains(data["phase"]?.string)
                if isFinal, speaker == nil { speaker = data["turn"]?.int }
                bytes += comment(event.name, data)
            case "seat.delta":
                guard data["turn"]?.int == speaker, speaker != nil, !isBroken, data["kind"]?.string == "text" else {
                    continue
                }
                isShown = true
                bytes += writer.write([.text(data["text"]?.string ?? "")])
            case "seat.failed":
                // What was shown cannot be taken back, and another answer must not be glued to it.
                if data["turn"]?.int == speaker {
                    isBroken = isShown
                    if !isShown { speaker = nil }
                }
                bytes += comment(event.name, data)
            case "seat.completed", "round.completed", "ballot", "verdict", "cost", "run.paused":
                bytes += comment(event.name, data)
            default: break
            }
        }
        return bytes
    }

    /// Writes the end: the answer, if it was not shown as it came, and what a client may want to know beside it.
    mutating func end(_ panel: PanelReply) -> [UInt8] {
        if isBroken {
            let error = PlenumError(
                .upstreamInterrupted,
                "The final answer broke off. The run has the rest.",
                retryable: false
            )
            return writer.fail(error)
        }
        var events: [ReplyEvent] = []
        if !isShown {
            guard let text = panel.text else { return writer.fail(panel.failure) }
            events.append(.text(text))
        }
        events += [.finish(FinishReason(.endTurn)), .usage(panel.usage)]
        let before = writer.write(events)
        return before + comment("plenum_run", panel.member) + writer.write([.end])
    }

    /// Comments are passed over by every client of server-sent events.
    private func comment(_ name: String, _ data: JSONValue) -> [UInt8] {
        Array(": \(name) ".utf8) + Self.short(data).bytes + Array("\n\n".utf8)
    }

    private static func short(_ data: JSONValue) -> JSONValue {
        guard var object = data.object else { return data }
        for key in ["type", "seq", "run", "message", "generation", "provider"] { object[key] = nil }
        return .object(object)
    }
}
