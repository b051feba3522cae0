import PlenumCore
import PlenumWire
import Testing

@Suite("A strict simulator")
struct SimulatedScruplesTests {
    /// What it says to a body; `nil` if it takes it.
    private func complaint(
        _ body: String,
        _ dialect: Dialect,
        thinks: Bool = false,
        headers: [String: String] = ["anthropic-version": "2023-06-01"]
    ) -> String? {
        do throws(PlenumError) {
            try SimulatedScruples(thinks: thinks).check(Array(body.utf8), in: dialect) { headers[$0] }
            return nil
        } catch {
            #expect(error.code == .invalidRequest)
            return error.message
        }
    }

    /// A text that a simulated model would give as the state of some thoughts.
    private static func seal(_ thoughts: String) -> String {
        let events: [ReplyEvent] = [.reasoning(thoughts), .finish(FinishReason(.endTurn)), .end]
        let reply = Reply(SimulatedReply(events: events).dressed(for: .anthropicMessages).events)
        return reply.parts.compactMap(\.reasoning?.opaque?.payload).joined()
    }

    private static let seal = seal("hm")

    // MARK: - Anthropic

    private func anthropic(_ messages: String, _ more: String = "") -> String {
        #"{"model": "m", "max_tokens": 4000, "messages": [\#(messages)]\#(more)}"#
    }

    private static let asked = #"{"role": "user", "content": "hi"}"#
    private static let called =
        #"{"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "f", "input": {}}]}"#
    private static let result = #"{"type": "tool_result", "tool_use_id": "a", "content": "1"}"#

    @Test(
        "that speaks as Anthropic takes what is right",
        arguments: [
            asked,
            "\(asked), \(called), {\"role\": \"user\", \"content\": [\(result), {\"type\": \"text\", \"text\": \"so?\"}]}",
            #"\#(asked), {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "\#(seal)"}]}, \#(asked)"#,
            #"\#(asked), {"role": "assistant", "content": []}, \#(asked)"#,
        ]
    )
    func takesAnthropic(messages: String) {
        #expect(complaint(anthropic(messages), .anthropicMessages) == nil)
    }

    @Test(
        "that speaks as Anthropic refuses what Anthropic refuses in messages",
        arguments: [
            ("\(asked), \(called)", "without tool_result"), ("\(asked), \(called), \(asked)", "without tool_result"),
            (
                "\(asked), \(called), {\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"x\"}, \(result)]}",
                "come first"
            ),
            ("{\"role\": \"user\", \"content\": [\(result)]}", "unexpected tool_use_id"),
            (
                "\(asked), \(called), {\"role\": \"user\", \"content\": [\(result), \(result)]}",
                "unexpected tool_use_id"
            ),
            (#"{"role": "user", "content": [{"type": "text", "text": ""}]}"#, "non-empty"),
            (#"{"role": "user", "content": [{"type": "text", "text": " "}]}"#, "non-whitespace"),
            (#"{"role": "user", "content": ""}"#, "non-empty"), (#"{"role": "user", "content": []}"#, "non-empty"),
            (#"{"role": "tool", "content": "x"}"#, "user or assistant"), ("", "at least one message"),
            (
                #"\#(asked), {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "x"}]}"#,
                "Invalid `signature`"
            ),
            (
                #"\#(asked), {"role": "assistant", "content": [{"type": "thinking", "thinking": "ha", "signature": "\#(seal)"}]}"#,
                "Invalid `signature`"
            ),
            (
                #"\#(asked), {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "x"}]}"#,
                "Invalid `data`"
            ),
            (
                #"{"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "image/jpg", "data": ""}}]}"#,
                "image/jpeg"
            ),
        ]
    )
    func refusesAnthropic(messages: String, why: String) {
        #expect(complaint(anthropic(messages), .anthropicMessages)?.contains(why) == true)
    }

    @Test(
        "that speaks as Anthropic refuses what Anthropic refuses beside messages",
        arguments: [
            (#", "top_logprobs": 1"#, "top_logprobs"), (#", "temperature": 1, "top_p": 1"#, "top_p"),
            (#", "system": " ""#, "non-whitespace"), (#", "system": [{"type": "text", "text": ""}]"#, "non-empty"),
            (#", "thinking": {"type": "enabled", "budget_tokens": 1000}"#, "1024"),
            (#", "thinking": {"type": "adaptive"}, "tool_choice": {"type": "any"}"#, "forces"),
            (#", "tools": [{"name": "a b", "input_schema": {"type": "object"}}]"#, "name"),
            (#", "tools": [{"name": "a", "description": null, "input_schema": {"type": "object"}}]"#, "description"),
            (#", "tools": [{"name": "a", "input_schema": {}}]"#, "object"),
        ]
    )
    func refusesAnthropic(more: String, why: String) {
        #expect(complaint(anthropic(Self.asked, more), .anthropicMessages)?.contains(why) == true)
    }

    @Test("that speaks as Anthropic holds clients to the version that they name")
    func versions() {
        let body = anthropic(Self.asked, #", "temperature": 1"#)
        #expect(complaint(body, .anthropicMessages) == nil)
        let newer = complaint(body, .anthropicMessages, headers: ["anthropic-version": "2026-10-21"])
        #expect(newer?.contains("temperature") == true)
        #expect(complaint(body, .anthropicMessages, headers: [:])?.contains("anthropic-version") == true)
        let beta = anthropic(Self.asked, #", "context_management": {}"#)
        #expect(complaint(beta, .anthropicMessages)?.contains("context_management") == true)
        let named = ["anthropic-version": "2023-06-01", "anthropic-beta": "x"]
        #expect(complaint(beta, .anthropicMessages, headers: named) == nil)
    }

    @Test("that speaks as Anthropic wants the thoughts of a loop back when there is a budget for them")
    func budget() {
        let budget = #", "thinking": {"type": "enabled", "budget_tokens": 1024}"#
        let results = "{\"role\": \"user\", \"content\": [\(Self.result)]}"
        let lost = "\(Self.asked), \(Self.called), \(results)"
        #expect(complaint(anthropic(lost, budget), .anthropicMessages)?.contains("Expected `thinking`") == true)
        #expect(complaint(anthropic(lost, #", "thinking": {"type": "adaptive"}"#), .anthropicMessages) == nil)
        let thought = #"{"type": "thinking", "thinking": "hm", "signature": "\#(Self.seal)"}, {"type": "tool_use""#
        let kept = lost.replacing(#"{"type": "tool_use""#, with: thought)
        #expect(complaint(anthropic(kept, budget), .anthropicMessages) == nil)
        // A loop that is over does not count any more.
        let over = #"\#(lost), {"role": "assistant", "content": "1"}, \#(Self.asked)"#
        #expect(complaint(anthropic(over, budget), .anthropicMessages) == nil)
    }

    // MARK: - Gemini

    private static let given = #"{"role": "user", "parts": [{"text": "hi"}]}"#
    private static func calls(_ signature: String? = nil, count: Int = 1) -> String {
        let state = signature.map { #", "thoughtSignature": "\#($0)""# } ?? ""
        let rest = String(repeating: #", {"functionCall": {"name": "f", "args": {}}}"#, count: count - 1)
        return #"{"role": "model", "parts": [{"functionCall": {"name": "f", "args": {}}\#(state)}\#(rest)]}"#
    }
    private static func answers(_ count: Int, name: String = "f") -> String {
        let one = #"{"functionResponse": {"name": "\#(name)", "response": {"output": "1"}}}"#
        return #"{"role": "user", "parts": [\#(Array(repeating: one, count: count).joined(separator: ", "))]}"#
    }

    private func gemini(_ contents: [String], _ more: String = "") -> String {
        #"{"contents": [\#(contents.joined(separator: ", "))]\#(more)}"#
    }

    @Test("that speaks as Gemini takes what is right, in either spelling")
    func takesGemini() {
        #expect(complaint(gemini([Self.given], #", "generation_config": {"top_p": 1}"#), .gemini) == nil)
        for state in [Self.seal, "skip_thought_signature_validator"] {
            let body = gemini([Self.given, Self.calls(state, count: 2), Self.answers(2)])
            #expect(complaint(body, .gemini, thinks: true) == nil)
        }
        #expect(complaint(gemini([Self.given, Self.calls(), Self.answers(1)]), .gemini) == nil)
    }

    @Test(
        "that speaks as Gemini refuses what Gemini refuses in contents",
        arguments: [
            ([given, calls(), answers(1)], "missing a thought_signature"),
            ([given, calls("x"), answers(1)], "Corrupted"),
            ([given, calls(seal, count: 2), answers(1)], "must be equal"),
            ([given, calls(seal)], "followed by a function response"),
            ([given, answers(1)], "must be equal"), ([calls(seal), answers(1)], "must come after a user"),
            ([given, calls(seal), answers(1, name: "g")], "this name and id"),
            ([#"{"role": "user", "parts": []}"#], "at least one part"),
            ([#"{"role": "user", "parts": [{"text": "x", "inlineData": {}}]}"#], "exactly one"),
            ([#"{"role": "system", "parts": [{"text": "x"}]}"#], "role"), ([], "at least one content"),
        ]
    )
    func refusesGemini(contents: [String], why: String) {
        #expect(complaint(gemini(contents), .gemini, thinks: true)?.contains(why) == true)
    }

    @Test(
        "that speaks as Gemini refuses what Gemini refuses beside contents",
        arguments: [
            (#", "stream": true"#, "stream"), (#", "generationConfig": {"max_tokens": 1}"#, "max_tokens"),
            (#", "generationConfig": {"responseJsonSchema": {}}"#, "responseMimeType"),
            (
                #", "generationConfig": {"responseMimeType": "application/json", "responseSchema": {}, "responseJsonSchema": {}}"#,
                "responseSchema"
            ),
            (
                #", "generationConfig": {"thinkingConfig": {"thinkingBudget": 1, "thinkingLevel": "LOW"}}"#,
                "thinkingBudget"
            ),
            (#", "tools": [{"functionDeclarations": [{"name": "f", "strict": true}]}]"#, "strict"),
            (
                #", "tools": [{"functionDeclarations": [{"name": "f", "parameters": {}, "parametersJsonSchema": {}}]}]"#,
                "parameters"
            ),
        ]
    )
    func refusesGemini(more: String, why: String) {
        #expect(complaint(gemini([Self.given], more), .gemini)?.contains(why) == true)
    }

    // MARK: - OpenAI

    private static let chatCall =
        #"{"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}"#
    private static let chatResult = #"{"role": "tool", "tool_call_id": "a", "content": "1"}"#

    @Test(
        "that speaks as Chat Completions refuses what OpenAI refuses",
        arguments: [
            ("[\(asked)]", "", nil), ("[\(asked), \(chatCall), \(chatResult)]", "", nil),
            ("[\(asked), \(chatCall)]", "", "must be followed by tool messages"),
            ("[\(asked), \(chatCall), \(asked), \(chatResult)]", "", "must be followed by tool messages"),
            ("[\(asked), \(chatResult)]", "", "must be a response to a preceding message"),
            ("[\(asked), \(chatCall), \(chatResult), \(chatResult)]", "", "must be a response to a preceding message"),
            (#"[{"role": "assistant", "content": null}]"#, "", "content"),
            (#"[{"role": "user", "content": []}]"#, "", "at least one part"),
            (#"[{"role": "user", "content": [{"type": "thinking"}]}]"#, "", "unknown type"), ("[]", "", "at least one"),
            ("[\(asked)]", #", "top_k": 1"#, "top_k"), ("[\(asked)]", #", "parallel_tool_calls": true"#, "tools"),
            ("[\(asked)]", #", "stream_options": {}"#, "stream"),
            ("[\(asked)]", #", "tools": [{"type": "function", "function": {"name": "a.b"}}]"#, "name"),
        ] as [(String, String, String?)]
    )
    func chat(messages: String, more: String, why: String?) {
        let said = complaint(#"{"model": "m", "messages": \#(messages)\#(more)}"#, .openAIChat)
        if let why { #expect(said?.contains(why) == true) } else { #expect(said == nil) }
    }

    private static let item = #"{"type": "function_call", "call_id": "a", "name": "f", "arguments": "{}"}"#
    private static let output = #"{"type": "function_call_output", "call_id": "a", "output": "1"}"#
    private static func thought(_ state: String) -> String {
        #"{"type": "reasoning", "summary": [], "encrypted_content": "\#(state)"}"#
    }

    @Test(
        "that speaks as Responses refuses what OpenAI refuses",
        arguments: [
            ("[\(asked), \(thought(seal)), \(item), \(output)]", "", nil), ("\"hi\"", "", nil),
            ("[\(asked), \(output)]", "", "No tool call found"), ("[\(asked), \(item)]", "", "No tool output found"),
            ("[\(asked), \(thought(seal))]", "", "without its required following item"),
            ("[\(thought(seal)), \(asked)]", "", "without its required following item"),
            ("[\(thought("x")), \(item), \(output)]", "", "could not be verified"),
            (#"[{"role": "assistant", "content": [{"type": "input_text", "text": "x"}]}]"#, "", "output_text"),
            ("\"hi\"", #", "stop": ["x"]"#, "stop"),
            ("\"hi\"", #", "previous_response_id": "x""#, "previous_response_id"),
            ("\"hi\"", #", "max_output_tokens": 5"#, "16"),
            ("\"hi\"", #", "tools": [{"type": "function", "function": {"name": "f"}}]"#, "name"),
        ] as [(String, String, String?)]
    )
    func responses(input: String, more: String, why: String?) {
        let said = complaint(#"{"model": "m", "input": \#(input)\#(more)}"#, .openAIResponses)
        if let why { #expect(said?.contains(why) == true) } else { #expect(said == nil) }
    }

    @Test("is not brought down by nonsense", arguments: Dialect.allCases, ["", "[]", "{}", "{\"messages\": 1}", "nul"])
    func nonsense(dialect: Dialect, body: String) {
        let isEmptyResponse = dialect == .openAIResponses && body.hasPrefix("{")
        #expect((complaint(body, dialect) == nil) == (isEmptyResponse && body == "{}"))
    }
}
