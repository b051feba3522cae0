import PlenumCore
import PlenumWire
import Testing

@Suite("Calls in a Chat stream")
struct ToolCallTests {
    private func read(_ deltas: [String], finish: String = "tool_calls") throws -> Reply {
        var stream = ""
        for delta in deltas {
            stream += "data: {\"id\":\"r\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[\(delta)]}}]}\n\n"
        }
        stream += "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\(finish)\"}]}\n\ndata: [DONE]\n\n"
        let tag = ModelID(provider: "p", model: "m")
        let request = CompletionRequest(model: "x", tag: tag, stream: true, prompt: .chat(ChatRequest()))
        let reader = OpenAIChatFormat().makeReplyReader(for: request)
        return Reply(try Reading.pieces(Array(stream.utf8), reader, size: .max).flatMap(\.events))
    }

    @Test(
        "are told apart whatever a server does with index, id and name",
        arguments: [
            // As OpenAI does.
            [
                #"{"index":0,"id":"a","function":{"name":"f","arguments":""}}"#,
                #"{"index":0,"function":{"arguments":"{}"}}"#,
                #"{"index":1,"id":"b","function":{"name":"g","arguments":"[]"}}"#,
            ],
            // Index 0 for each, with a new id.
            [
                #"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}"#,
                #"{"index":0,"id":"b","function":{"name":"g","arguments":"[]"}}"#,
            ],
            // No index.
            [
                #"{"id":"a","function":{"name":"f","arguments":"{}"}}"#,
                #"{"id":"b","function":{"name":"g","arguments":"["}},{"function":{"arguments":"]"}}"#,
            ],
            // Id and name repeated in each delta.
            [
                #"{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}"#,
                #"{"index":0,"id":"a","function":{"name":"f","arguments":"}"}}"#,
                #"{"index":1,"id":"b","function":{"name":"g","arguments":"[]"}}"#,
            ],
            // The name comes late.
            [
                #"{"index":0,"id":"a","function":{"arguments":"{"}}"#,
                #"{"index":0,"function":{"name":"f","arguments":"}"}}"#,
                #"{"index":1,"id":"b","function":{"name":"g","arguments":"[]"}}"#,
            ],
        ]
    )
    func toldApart(deltas: [String]) throws {
        let reply = try read(deltas)
        #expect(reply.toolCalls.map(\.id) == ["a", "b"])
        #expect(reply.toolCalls.map(\.name) == ["f", "g"])
        #expect(reply.toolCalls.map(\.arguments) == ["{}", "[]"])
        #expect(reply.finish?.meaning == .toolUse)
    }

    @Test("get ids where they have none, and arguments as text where they are objects")
    func missingIDs() throws {
        let deltas = [
            #"{"index":0,"function":{"name":"f","arguments":{"a":1.0}}}"#,
            #"{"index":1,"id":"","function":{"name":"g"}}"#,
        ]
        let reply = try read(deltas)
        #expect(reply.toolCalls.map(\.arguments) == [#"{"a":1.0}"#, ""])
        #expect(Set(reply.toolCalls.map(\.id)).count == 2)
        #expect(reply.toolCalls.allSatisfy { $0.id.hasPrefix("call_") })
        #expect(try read(deltas).toolCalls == reply.toolCalls, "the same reply gives the same ids")
    }

    @Test("that were forced end with stop, and those cut off by the limit stay cut off")
    func finishes() throws {
        let call = #"{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}"#
        #expect(try read([call], finish: "stop").finish == FinishReason(.toolUse, native: "stop"))
        #expect(try read([call], finish: "length").finish?.meaning == .maxTokens)
        #expect(try read([call], finish: "").finish?.meaning == .toolUse)
        #expect(try read([], finish: "").finish?.meaning == .endTurn)
    }
}
