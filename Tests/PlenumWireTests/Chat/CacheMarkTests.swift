import PlenumCore
import PlenumWire
import Testing

/// Wire notes 2.6: 5 minutes at Anthropic stand for 30 at OpenAI, 1 hour for 12.
@Suite("Marks for the prompt cache in Chat")
struct CacheMarkTests {
    private static let anthropic = #"""
        {"model":"m","max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "messages":[{"role":"user","content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}]}]}
        """#

    private func quirks(_ marks: Quirks.CacheMarks) -> Quirks {
        var quirks = Quirks()
        quirks.cacheMarks = marks
        return quirks
    }

    @Test("of Anthropic become breakpoints where the model takes them")
    func toBreakpoint() throws {
        let sent = try Chat.send(
            Self.anthropic,
            from: .anthropicMessages,
            capabilities: JSONObject([("cache_breakpoints", true)])
        )
        let marks = sent.messages.map { $0["content"]?.array?[0]["prompt_cache_breakpoint"] }
        #expect(marks == [["mode": "explicit", "ttl": "12h"], ["mode": "explicit", "ttl": "30m"]])
    }

    @Test("of Anthropic stay as they are at OpenRouter")
    func toControl() throws {
        let sent = try Chat.send(Self.anthropic, from: .anthropicMessages, quirks: quirks(.control))
        let marks = sent.messages.map { $0["content"]?.array?[0]["cache_control"] }
        #expect(marks == [["type": "ephemeral", "ttl": "1h"], ["type": "ephemeral"]])
    }

    @Test("vanish without a word where nobody takes them", arguments: [Quirks.CacheMarks.none, .breakpoint])
    func vanish(marks: Quirks.CacheMarks) throws {
        let sent = try Chat.send(Self.anthropic, from: .anthropicMessages, quirks: quirks(marks))
        #expect(!sent.text.contains("cache_") && sent.warnings.isEmpty)
        #expect(sent.messages.map { $0["content"] } == ["s", "q"])
    }

    @Test("that a client of Chat wrote go on as they came, or in the provider's way")
    func chat() throws {
        let mark = #""prompt_cache_breakpoint":{"mode":"explicit"}"#
        let body =
            #"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"q",\#(mark)},{"type":"text","text":"r"}]}]}"#
        #expect(try Chat.send(body).text.contains(mark))
        let control = try Chat.send(body, quirks: quirks(.control)).text
        #expect(control.contains(#""cache_control":{"type":"ephemeral"}"#) && !control.contains("breakpoint"))
        #expect(try Chat.pass(body, quirks: quirks(.control)).text == control)
    }

    @Test("#6 leave the client's prompt_cache_key as it is")
    func key() throws {
        let body = #"{"model":"m","prompt_cache_key":"k","messages":[{"role":"user","content":"q"}]}"#
        #expect(try Chat.send(body).body["prompt_cache_key"] == "k")
        #expect(try Chat.pass(body, quirks: Quirks()).text == body)
    }
}
