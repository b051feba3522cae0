import PlenumCore
import Testing

@testable import PlenumWire

@Suite("An error in the middle of a stream")
struct FailureTests {
    private static let streams: [(Dialect, String)] = [
        (
            .openAIChat,
            """
            data: {"choices":[{"index":0,"delta":{"content":"x"}}]}

            data: {"error":{"message":"Overloaded","type":"server_error","code":503}}


            """
        ),
        (
            .anthropicMessages,
            """
            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"x"}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


            """
        ),
        (
            .gemini,
            """
            data: {"candidates":[{"content":{"parts":[{"text":"x"}]}}]}

            data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}


            """
        ),
        (
            .openAIResponses,
            """
            event: response.output_text.delta
            data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"x"}

            event: error
            data: {"type":"error","code":"server_error","message":"Overloaded"}


            """
        ),
    ]

    @Test("that comes in one read with content is known at once, behind the content", arguments: streams)
    func atOnce(dialect: Dialect, stream: String) throws {
        let format = try #require(WireFormats.format(for: dialect))
        var reader = format.makeReplyReader(for: Reading.streamed)
        #expect(reader.failure == nil)
        let piece = try reader.feed(Array(stream.utf8))
        #expect(Reply(piece.events).text == "x")
        let failure = try #require(reader.failure)
        #expect(failure.message.contains("Overloaded"))
        #expect(throws: failure) { try reader.feed([]) }
    }
}
