import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumEngine
import PlenumWire

/// Completions that come in pieces.
extension ChatRoutes {
    /// Asks, and answers with a stream; its head does not wait for the provider's longer than clients and what is between
    /// them and here bear it.
    ///
    /// A head that was sent is no content that was sent: attempts go on behind it, and only when none is left an error
    /// comes as the stream's one event.
    func stream(_ ask: CompletionAsk, _ head: DoorHead, on channel: any Channel) async throws -> Response {
        let signs = SignsOfLife(
            on: channel,
            after: configuration.headPatience,
            every: configuration.keepAliveInterval,
            comment: SSEWriter.keepAlive
        )
        let open: OpenCompletion
        do throws(PlenumError) { open = try await engine.open(ask) } catch {
            guard signs.end(), error.code != .cancelled else { throw error }
            return failed(error, ask)
        }
        let id = open.generation.id
        let scribe = ReplyScribe(open.generation) { [format] generation in
            format.makeReplyWriter(as: Self.identity(generation, includeUsage: head.wantsUsage))
        }
        return .events(headers: [.generationID: id.description]) { client in
            defer { signs.end() }
            // The head that could have said it is gone.
            if signs.haveBegun { try await client.write(ByteBuffer(string: ": x-generation-id \(id)\n\n")) }
            do throws(PlenumError) {
                try await open.deliver(as: scribe) { bytes in
                    // Comments begin no answer.
                    if bytes.first != UInt8(ascii: ":") { signs.end() }
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
    private func failed(_ error: PlenumError, _ ask: CompletionAsk) -> Response {
        let identity = ReplyIdentity(
            id: "",
            created: engine.clock.now().seconds,
            model: ask.model,
            includeUsage: false
        )
        var writer = format.makeReplyWriter(as: identity)
        let bytes = writer.fail(error, isPartial: false)
        return .events { client in
            try await client.write(ByteBuffer(bytes: bytes))
            try await client.finish(nil)
        }
    }
}
