import PlenumCore
import PlenumEngine
import PlenumWire

/// A panel's progress as a stream of one model: what is not the final answer goes into comments.
struct PanelProgress {
    private var writer: any ReplyWriter
    private let keepAlive: [UInt8]
    private let takesComments: Bool
    private var framing: ArrayFraming?
    private var isBegun = false
    /// The turn whose words are being shown as the final answer.
    private var speaker: Int?
    private var isShown = false
    private var isBroken = false

    /// - Parameter isArray: whether the stream is one JSON array, in place of events.
    init(_ format: any WireFormat, as identity: ReplyIdentity, isArray: Bool) {
        writer = format.makeReplyWriter(as: identity)
        keepAlive = isArray ? [] : format.keepAlive
        takesComments = format.takesComments && !isArray
        framing = isArray ? ArrayFraming() : nil
    }

    /// Writes what a batch of events brings.
    mutating func bytes(of batch: [RunEvent]) -> [UInt8] {
        let bytes = events(of: batch)
        return framing?.frame(bytes, isLast: false) ?? bytes
    }

    /// Writes the end: the answer, if it was not shown as it came, and what a client may want to know beside it.
    mutating func end(_ panel: PanelReply) -> [UInt8] {
        let bytes = ending(panel)
        return framing?.frame(bytes, isLast: true) ?? bytes
    }

    private mutating func events(of batch: [RunEvent]) -> [UInt8] {
        guard !batch.isEmpty else { return keepAlive }
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

    private mutating func ending(_ panel: PanelReply) -> [UInt8] {
        if isBroken {
            let error = PlenumError(
                .upstreamInterrupted,
                "The final answer broke off. The run has the rest.",
                retryable: false
            )
            return writer.fail(error, isPartial: true)
        }
        var events: [ReplyEvent] = []
        if !isShown {
            guard let text = panel.text else { return writer.fail(panel.failure, isPartial: false) }
            events.append(.text(text))
        }
        events += [.finish(FinishReason(.endTurn)), .usage(panel.usage)]
        let before = writer.write(events)
        return before + comment("plenum_run", panel.member) + writer.write([.end])
    }

    /// Comments are passed over by nearly every client of server-sent events; the others are spared them.
    private func comment(_ name: String, _ data: JSONValue) -> [UInt8] {
        guard takesComments else { return [] }
        return Array(": \(name) ".utf8) + Self.short(data).bytes + Array("\n\n".utf8)
    }

    private static func short(_ data: JSONValue) -> JSONValue {
        guard var object = data.object else { return data }
        for key in ["type", "seq", "run", "message", "generation", "provider"] { object[key] = nil }
        return .object(object)
    }
}
