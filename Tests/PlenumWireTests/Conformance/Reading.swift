import PlenumCore
import PlenumWire

/// Reads bodies as a transport would.
enum Reading {
    /// What came of a reading.
    struct Outcome: Equatable {
        var events: [ReplyEvent] = []
        var error: PlenumError?
    }

    /// A streamed request of no dialect.
    static let streamed = CompletionRequest(
        model: "upstream",
        tag: ModelID(provider: "p", model: "m"),
        stream: true,
        prompt: .chat(ChatRequest(prompt: "x"))
    )

    static func request(_ recording: Recording, verbatim: Bool) -> CompletionRequest {
        let dialect = recording.dialect
        return CompletionRequest(
            model: "upstream",
            tag: ModelID(provider: "p", model: "m"),
            stream: recording.isStreamed,
            prompt: verbatim
                ? .verbatim(VerbatimRequest(dialect: dialect, body: Array("{}".utf8), modelSpan: nil))
                : .chat(ChatRequest(prompt: "x"))
        )
    }

    static func outcome(_ recording: Recording, _ format: any WireFormat, size: Int) -> Outcome {
        let request = request(recording, verbatim: false)
        guard recording.isStreamed else {
            do {
                return Outcome(events: try format.readReply(recording.body, request: request).events)
            } catch {
                return Outcome(error: error)
            }
        }
        return outcome(recording.body, format.makeReplyReader(for: request), size: size)
    }

    static func outcome(_ body: [UInt8], _ reader: any ReplyReader, size: Int) -> Outcome {
        var reader = reader
        var outcome = Outcome()
        do {
            for chunk in chunks(body, size) { outcome.events += try reader.feed(chunk).events }
            outcome.events += try reader.finish().events
        } catch {
            outcome.error = error
        }
        return outcome
    }

    static func pieces(_ body: [UInt8], _ reader: any ReplyReader, size: Int) throws(PlenumError) -> [ReplyPiece] {
        var reader = reader
        var pieces: [ReplyPiece] = []
        for chunk in chunks(body, size) { pieces.append(try reader.feed(chunk)) }
        pieces.append(try reader.finish())
        return pieces
    }

    static func chunks(_ body: [UInt8], _ size: Int) -> [[UInt8]] {
        guard size < body.count else { return [body] }
        return stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
    }

    /// The body with the gateway's name for the model, by plain replacement in the text.
    static func renamed(_ recording: Recording) throws -> [UInt8] {
        let key = recording.provider == "gemini" ? "modelVersion" : "model"
        var names: Set<String> = []
        for frame in try Expectation.frames(recording) {
            let places = [frame, frame["message"], frame["response"]]
            for name in places.compactMap({ $0?[key]?.string }) { names.insert(name) }
        }
        var text = String(decoding: recording.body, as: UTF8.self)
        for name in names {
            for space in ["", " "] {
                text = text.replacing("\"\(key)\":\(space)\"\(name)\"", with: "\"\(key)\":\(space)\"p/m\"")
            }
        }
        return Array(text.utf8)
    }
}
