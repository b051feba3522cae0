import PlenumCore
import Testing

@Suite("Reply stream")
struct ReplyStreamTests {
    @Test("a whole reply is one piece, then the end, however often it is asked")
    func whole() async throws {
        let piece = ReplyPiece(events: [.text("a"), .end], verbatim: [1])
        let stream = ReplyStream(head: ReplyHead(dialect: .gemini, status: 200), whole: piece)
        #expect(stream.head.status == 200)
        var iterator = stream.makeAsyncIterator()
        #expect(try await iterator.next() == piece)
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
    }

    @Test("a loop sees every piece in order, and the error that ends them")
    func pieces() async {
        let stream = ReplyStream(head: ReplyHead()) {
            var rest = ["a", "b"][...]
            return ReplyStream.AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
                guard let text = rest.popFirst() else { throw PlenumError(.upstreamInterrupted, "It broke off.") }
                return ReplyPiece(events: [.text(text)])
            }
        }
        var reply = Reply()
        do throws(PlenumError) {
            for try await piece in stream { for event in piece.events { reply.apply(event) } }
            Issue.record("no error")
        } catch {
            #expect(error.code == .upstreamInterrupted)
            #expect(error.isRetryable)
        }
        #expect(reply.text == "ab")
    }
}
