import PlenumCore
import PlenumWire
import Testing

/// Wire notes 2.2 and 2.7, as far as Chat is concerned.
@Suite("A history that is written as Chat")
struct ChatHistoryTests {
    private func call(_ id: String, _ name: String = "f") -> ContentPart {
        .toolCall(ToolCall(id: id, name: name, arguments: "{}"))
    }

    private func result(_ id: String, _ parts: [ContentPart]) -> ContentPart {
        .toolResult(ToolResult(callID: id, parts: parts))
    }

    private func send(_ turns: [Turn], quirks: Quirks = Quirks()) throws -> Chat.Sent {
        var chat = ChatRequest()
        chat.turns = turns
        return try Chat.send(chat, quirks: quirks)
    }

    @Test("has each result right after its call, in the order in which they came")
    func results() throws {
        let sent = try send([
            Turn(.user, [.text("q")]), Turn(.assistant, [call("1"), call("2")]),
            Turn(.user, [.text("wait"), result("2", [.text("b")])]), Turn(.tool, [result("1", [.text("a")])]),
            Turn(.assistant, [.text("x")]), Turn(.user, [.text("r")]),
        ])
        #expect(sent.roles == ["user", "assistant", "tool", "tool", "user", "assistant", "user"])
        #expect(sent.messages[2]["tool_call_id"] == "2" && sent.messages[3]["tool_call_id"] == "1")
        #expect(sent.warnings.isEmpty)
    }

    @Test("says so where a call has no result, and tells a result without a call as text")
    func orphans() throws {
        let sent = try send([
            Turn(.user, [.text("q")]), Turn(.assistant, [call("1"), call("2")]),
            Turn(.tool, [result("2", [.text("b")])]), Turn(.tool, [result("9", [.text("lost")])]),
            Turn(.user, [.text("r")]),
        ])
        #expect(sent.roles == ["user", "assistant", "tool", "tool", "user", "user"])
        #expect(sent.messages[3] == ["role": "tool", "tool_call_id": "1", "content": "(no result)"])
        #expect(sent.messages[4]["content"] == "[tool result 9] lost")
        #expect(sent.warnings == ["messages.tool_result;converted", "messages.tool_result;added"])
    }

    @Test("ends with calls that wait for their results")
    func waiting() throws {
        #expect(try send([Turn(.user, [.text("q")]), Turn(.assistant, [call("1")])]).roles == ["user", "assistant"])
    }

    @Test("keeps the later of two results of one call")
    func twice() throws {
        let sent = try send([
            Turn(.user, [.text("q")]), Turn(.assistant, [call("1")]),
            Turn(.user, [result("1", [.text("a")]), result("1", [.text("b")])]),
        ])
        #expect(sent.roles == ["user", "assistant", "tool"] && sent.messages[2]["content"] == "b")
        #expect(sent.warnings == ["messages.tool_result;dropped"])
    }

    @Test("shows the pictures of a result in a message of the user, with the id of the call")
    func pictures() throws {
        let picture = ContentPart.image(Media(.base64("AA=="), mimeType: "image/png"))
        let sent = try send([
            Turn(.user, [.text("q")]), Turn(.assistant, [call("c1"), call("c2")]),
            Turn(.user, [result("c1", [.text("see"), picture]), result("c2", [.text("b")]), .text("so?")]),
        ])
        #expect(sent.roles == ["user", "assistant", "tool", "tool", "user", "user"])
        #expect(sent.messages[2]["content"] == "see" && sent.messages[5]["content"] == "so?")
        let shown = try #require(sent.messages[4]["content"]?.array)
        #expect(shown[0]["text"] == "[shown by the tool call c1]" && shown[1]["type"] == "image_url")
        #expect(sent.warnings == ["messages.tool_result.parts;moved"])
    }

    @Test("#52 #48 #5 begins as a shorter one began, whatever the quirks", arguments: [false, true])
    func prefixStable(isLocal: Bool) throws {
        var quirks = Quirks()
        if isLocal { quirks = .vllm }
        let turns = [
            Turn(.user, [.text("a")]), Turn(.system, [.text("note")]),
            Turn(.assistant, [.reasoning(Reasoning("t")), call("1"), call("2")]),
            Turn(.user, [result("2", [.text("x"), .image(Media(.url("https://x/y.png")))]), .text("b")]),
            Turn(.assistant, [.text("c"), call("3")]), Turn(.tool, [result("3", [.text("y")])]),
            Turn(.tool, [result("1", [.text("late")])]), Turn(.assistant, [.text("d")]), Turn(.user, [.text("e")]),
        ]
        // A request ends where the model is to speak.
        let ends = turns.indices.filter { $0 + 1 == turns.count || turns[$0 + 1].role == .assistant }
        let histories = try ends.map { try send(Array(turns[...$0]), quirks: quirks).messages }
        for (shorter, longer) in zip(histories, histories.dropFirst()) {
            #expect(Array(longer.prefix(shorter.count)) == shorter)
        }
    }

    @Test("gives thoughts back where the provider reads them, and those of others to nobody")
    func thoughts() throws {
        let foreign = Reasoning("f", opaque: OpaqueState(.anthropicSignature, "S"))
        let turns = [
            Turn(.user, [.text("q")]),
            Turn(.assistant, [.reasoning(Reasoning("t")), .reasoning(foreign), .text("a")]),
            Turn(.assistant, [.reasoning(Reasoning("u")), call("1")]), Turn(.tool, [result("1", [])]),
        ]
        var quirks = Quirks()
        #expect(try !send(turns).text.contains("reasoning"))
        quirks.reasoningField = "reasoning_content"
        #expect(try send(turns, quirks: quirks).messages.map { $0["reasoning_content"] } == [nil, "t", "u", nil])
        quirks.replayReasoning = .calls
        #expect(try send(turns, quirks: quirks).messages.map { $0["reasoning_content"] } == [nil, nil, "u", nil])
        quirks.replayReasoning = .never
        #expect(try !send(turns, quirks: quirks).text.contains("reasoning"))
    }

    @Test("has no blocks of other dialects, and says so")
    func foreignBlocks() throws {
        let block: JSONValue = ["type": "web_search_tool_result", "content": []]
        let turns = [Turn(.user, [.text("q")]), Turn(.assistant, [.opaque(.anthropicMessages, block), .text("a")])]
        let sent = try send(turns + [Turn(.user, [.text("r")])])
        #expect(sent.messages[1]["content"] == "a" && sent.warnings == ["messages.web_search_tool_result;dropped"])
    }
}
