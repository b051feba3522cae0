import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// Completions that come in pieces.
extension CompletionDoor {
    /// Asks, and answers with a stream; its head does not wait for the provider's longer than clients and what is between
    /// them and here bear it.
    ///
    /// A head that was sent is no content that was sent: attempts go on behind it, and only when none is left an error
    /// comes as the stream's one event.
    func stream(_ asked: Asked, _ call: DoorCall, on channel: any Channel) async throws -> Response {
        let contentType = ReplyScribe.contentType(isArray: call.isArray)
        let signs = SignsOfLife(
            on: channel,
            after: configuration.headPatience,
            every: configuration.keepAliveInterval,
            head: Response.streamHeaders(contentType),
            comment: call.isArray ? [] : format.keepAlive
        )
        let open: OpenCompletion
        do throws(PlenumError) { open = try await engine.open(asked.ask) } catch {
            guard signs.end(), error.code != .cancelled else { throw error }
            return failed(error, asked, call)
        }
        var scribe = ReplyScribe(open.generation, keepAlive: format.keepAlive, isArray: call.isArray) { generation in
            format.makeReplyWriter(as: identity(generation, asked.read, call))
        }
        if call.wantsMetadata { scribe.metadata = { [weak open] in open?.routing.json } }
        let id = open.generation.id
        let written = scribe
        return .stream(contentType, headers: headers(open.generation, open.warnings)) { client in
            defer { signs.end() }
            // The head that could have said it is gone.
            if signs.haveBegun, format.takesComments, !call.isArray {
                try await client.write(ByteBuffer(string: ": x-generation-id \(id)\n\n"))
            }
            do throws(PlenumError) {
                try await open.deliver(as: written) { bytes in
                    // Signs of life begin no answer.
                    if bytes != format.keepAlive { signs.end() }
                    try await client.write(ByteBuffer(bytes: bytes))
                }
            } catch {
                // Nobody is left to hear of a cancellation; of any other error the client has been told.
                guard error.code != .cancelled else { throw error }
            }
            try await client.finish(nil)
        }
    }

    /// A stream that has come to nothing after its head was sent.
    private func failed(_ error: PlenumError, _ asked: Asked, _ call: DoorCall) -> Response {
        let identity = ReplyIdentity(
            id: "",
            created: engine.clock.now().seconds,
            model: asked.ask.model,
            includeUsage: false
        )
        var scribe = ReplyScribe(format.makeReplyWriter(as: identity), isArray: call.isArray)
        let bytes = scribe.fail(error)
        return .stream(scribe.contentType) { client in
            try await client.write(ByteBuffer(bytes: bytes))
            try await client.finish(nil)
        }
    }
}
