import PlenumCore
import PlenumProviders
import PlenumWire
import Testing

@Suite("Simulated provider")
struct SimulatedProviderTests {
    private func reply(_ chat: ChatRequest, model: String = "parrot-gap0") async throws -> Reply {
        let request = CompletionRequest(
            model: model,
            tag: ModelID(provider: "simulated", model: model),
            stream: true,
            prompt: .chat(chat)
        )
        var reply = Reply()
        for try await piece in try await SimulatedProvider().complete(request) {
            for event in piece.events { reply.apply(event) }
        }
        return reply
    }

    @Test("an answer says that it is simulated")
    func honest() async throws {
        let reply = try await reply(ChatRequest(prompt: "What is a plenum?"))
        #expect(reply.text.contains("simulated"))
        #expect(reply.usage != nil)
        #expect(reply.isEnded)
    }

    @Test("a tool is called with what its schema requires, and its result is told")
    func tools() async throws {
        var chat = ChatRequest(prompt: "Weather?")
        chat.tools = [
            Tool(
                "weather",
                schema: ["type": "object", "properties": ["city": ["type": "string"]], "required": ["city"]]
            )
        ]
        let called = try await reply(chat)
        #expect(called.toolCalls.map(\.name) == ["weather"])
        #expect(called.finish?.meaning == .toolUse)
        chat.turns.append(Turn(.assistant, called.parts))
        chat.turns.append(Turn(.tool, [.toolResult(ToolResult(callID: called.toolCalls[0].id, parts: [.text("sun")]))]))
        #expect(try await reply(chat).text == "The tool said: sun.")
    }

    private static let tools = [
        Tool(
            "weather",
            schema: [
                "type": "object", "properties": ["city": ["type": "string"], "days": ["type": "integer"]],
                "required": ["city", "days"],
            ]
        ),
        Tool(
            "clock",
            schema: ["type": "object", "properties": ["zone": ["enum": ["UTC", "CET"]]], "required": ["zone"]]
        ),
    ]

    @Test("several tools are called in one turn, and their results told in the order of the calls")
    func parallelTools() async throws {
        var chat = ChatRequest(prompt: "Weather?")
        chat.tools = Self.tools
        let model = "sim-gap0-calls3"
        let called = try await reply(chat, model: model)
        #expect(called.toolCalls.map(\.name) == ["weather", "clock", "weather"])
        #expect(
            called.toolCalls.map(\.arguments) == [
                #"{"city":"simulated city","days":1}"#, #"{"zone":"UTC"}"#, #"{"city":"simulated city 2","days":2}"#,
            ]
        )
        #expect(Set(called.toolCalls.map(\.id)).count == 3)
        chat.turns.append(Turn(.assistant, called.parts))
        for (call, text) in zip(called.toolCalls, ["sun", "noon", "rain"]).reversed() {
            chat.turns.append(Turn(.tool, [.toolResult(ToolResult(callID: call.id, parts: [.text(text)]))]))
        }
        let told = try await reply(chat, model: model)
        #expect(told.text == "The tool said: sun; noon; rain.")
        // A later turn's calls have other ids.
        chat.turns += [Turn(.assistant, told.parts), Turn(.user, [.text("And now?")])]
        let again = try await reply(chat, model: model)
        #expect(again.toolCalls.count == 3)
        #expect(Set(again.toolCalls.map(\.id)).isDisjoint(with: called.toolCalls.map(\.id)))
        chat.toolChoice = .tool("clock")
        #expect(try await reply(chat, model: model).toolCalls.map(\.name) == ["clock", "clock", "clock"])
        chat.toolChoice = ToolChoice.none
        #expect(try await reply(chat, model: model).toolCalls.isEmpty)
    }

    @Test("thoughts come before words and before calls, and count as tokens of the answer")
    func thoughts() async throws {
        var chat = ChatRequest(prompt: "Why?")
        let said = try await reply(chat, model: "sim-gap0-words2-think3")
        #expect(said.reasoningText == "thought1 thought2 thought3 " && said.text == "word1 word2 ")
        #expect(said.usage?.output == 5 && said.usage?.reasoning == 3)
        chat.tools = Self.tools
        let called = try await reply(chat, model: "sim-gap0-think1")
        #expect(called.parts.first?.reasoning?.text == "thought1 " && called.toolCalls.count == 1)
        #expect(try await reply(chat, model: "sim-gap0-think0").reasoningText.isEmpty)
    }

    @Test("an answer fills the schema that is asked for")
    func structured() async throws {
        var chat = ChatRequest(prompt: "A pet?")
        let schema = try JSONValue(
            parsing: #"""
                {"type": "object", "required": ["name", "age", "kind", "tags", "owner", "note", "is", "self"], "properties": {
                  "name": {"type": "string", "minLength": 16}, "age": {"type": "integer", "minimum": 3},
                  "kind": {"enum": ["cat", "dog"]}, "tags": {"type": "array", "minItems": 2, "items": {"const": "x"}},
                  "owner": {"$ref": "#/$defs/person"}, "note": {"anyOf": [{"type": "null"}, {"type": "number"}]},
                  "is": {"type": ["null", "boolean"]}, "self": {"$ref": "#/$defs/loop"}, "left": {"type": "string"}},
                 "$defs": {"person": {"allOf": [{"properties": {"id": {}}, "required": ["id"]}]},
                           "loop": {"$ref": "#/$defs/loop"}}}
                """#
        )
        chat.output = .jsonSchema(name: nil, schema: schema, strict: nil, description: nil)
        let filled = try JSONValue(
            parsing: #"""
                {"name": "simulated namexx", "age": 3, "kind": "cat", "tags": ["x", "x"], "owner": {"id": "simulated id"},
                 "note": 1, "is": true, "self": null}
                """#
        )
        #expect(try JSONValue(parsing: try await reply(chat, model: "sim-gap0-words9").text) == filled)
        chat.output = .jsonObject
        #expect(try JSONValue(parsing: try await reply(chat).text).object != nil)
    }

    @Test("pictures are counted, and their types told")
    func pictures() async throws {
        var chat = ChatRequest(prompt: "What is this?")
        #expect(try await !reply(chat).text.contains("image"))
        chat.turns[0].parts.append(.image(Media(.base64("AA=="), mimeType: "image/png")))
        #expect(try await reply(chat).text.contains("You showed 1 image: image/png."))
        chat.turns[0].parts.append(.image(Media(.url("https://example.com/x"))))
        #expect(try await reply(chat).text.contains("You showed 2 images: image/png, of no known type."))
    }

    @Test("a name says whether a model is strict, and whether it thinks")
    func strict() {
        let provider = SimulatedProvider()
        #expect(provider.call("sim-words3").scruples == nil)
        #expect(provider.call("sim-strict").scruples == SimulatedScruples(thinks: false))
        #expect(provider.call("sim-think2-strict").scruples == SimulatedScruples(thinks: true))
        #expect(SimulationScript(model: "sim-calls0").calls == 1)
        #expect(SimulationScript(model: "sim-calls999999").calls == 128)
    }

    @Test("a model's name steers what it does")
    func script() async throws {
        let script = SimulationScript(model: "sim-wait5-gap7-words3-cut2-fail4")
        #expect([script.wait, script.gap, script.words, script.failures] == [5, 7, 3, 4])
        #expect(script.fault == .breaks(.close, .words(2)))
        await #expect(throws: PlenumError.self) {
            _ = try await reply(ChatRequest(prompt: "x"), model: "sim-gap0-cut1")
        }
        await #expect(throws: PlenumError.self) {
            _ = try await reply(ChatRequest(prompt: "x"), model: "sim-status429")
        }
    }

    @Test("the parts of a name may come in any order, and nonsense says nothing")
    func names() {
        var refusal = SimulatedFault.Refusal(status: 429)
        refusal.retryAfter = 3
        #expect(SimulationScript(model: "sim-retryafter3-status429").fault == .refusal(refusal))
        refusal.retryAfterMilliseconds = 250
        refusal.shouldRetry = true
        let all = SimulationScript(model: "sim-status429-retryafter3-retryafterms250-shouldretry1")
        #expect(all.fault == .refusal(refusal))
        #expect(SimulationScript(model: "sim-after2-error529").fault == .error(status: 529, after: 2))
        #expect(SimulationScript(model: "sim-stall3").fault == .breaks(.stall, .point(.afterHead)))
        #expect(SimulationScript(model: "sim-reset8-status-error-x9").fault == nil)
        #expect(SimulationScript(model: "gpt-4o-2024-08-06") == SimulationScript(model: "parrot"))
    }

    private func text(_ provider: SimulatedProvider, _ model: String, _ chat: ChatRequest) async throws -> String {
        let request = CompletionRequest(
            model: model,
            tag: ModelID(provider: "simulated", model: model),
            stream: true,
            prompt: .chat(chat)
        )
        var reply = Reply()
        for try await piece in try await provider.complete(request) {
            for event in piece.events { reply.apply(event) }
        }
        return reply.text
    }

    @Test("only the first calls of a name fail that says so")
    func failures() async throws {
        let provider = SimulatedProvider()
        for _ in 1...2 {
            await #expect(throws: PlenumError.self) {
                try await text(provider, "sim-gap0-words1-status500-fail2", ChatRequest(prompt: "x"))
            }
        }
        #expect(try await text(provider, "sim-gap0-words1-status500-fail2", ChatRequest(prompt: "x")) == "word1 ")
        await #expect(throws: PlenumError.self) {
            try await text(provider, "sim-gap0-words2-status500-fail2", ChatRequest(prompt: "x"))
        }
    }

    @Test(
        "a fault shows nothing that did not come",
        arguments: [
            ("reset1", ""), ("reset2", ""), ("reset3", ""), ("reset4", ""), ("reset5", "word1 "), ("reset6", "word1 "),
            ("reset7", "word1 word2 word3 "), ("cut2", "word1 word2 "), ("end2", "word1 word2 "), ("error529", ""),
            ("error529-after1", "word1 "),
        ]
    )
    func faults(name: String, shown: String) async throws {
        let request = CompletionRequest(
            model: "sim-gap0-words3-\(name)",
            tag: ModelID(provider: "simulated", model: "m"),
            stream: true,
            prompt: .chat(ChatRequest(prompt: "x"))
        )
        var reply = Reply()
        let error = await #expect(throws: PlenumError.self) {
            for try await piece in try await SimulatedProvider().complete(request) {
                for event in piece.events { reply.apply(event) }
            }
        }
        #expect(reply.text == shown && !reply.isEnded)
        #expect(error?.code == (name.hasPrefix("error") ? .overloaded : .upstreamInterrupted))
    }

    @Test("a script answers by model, words and turn, one answer after another")
    func rules() async throws {
        let file = #"""
            {"rules": [
                {"model": "judge*", "contains": ["vote", "now"], "answer": ["A", "B wins."]},
                {"contains": "first", "turn": 2, "answer": "second turn"},
                {"model": "sim-?", "answer": "scripted", "fault": "status500-fail1", "words_gap_ms": 0}
            ]}
            """#
        let provider = SimulatedProvider(script: try SimulationRules(parsing: Array(file.utf8)))
        let vote = ChatRequest(prompt: "Please vote right now")
        #expect(try await text(provider, "judge-gap0", vote) == "A")
        #expect(try await text(provider, "judge-gap0", vote) == "B wins.")
        #expect(try await text(provider, "judge-gap0", vote) == "B wins.")
        #expect(try await text(provider, "judge-gap0-words1", ChatRequest(prompt: "vote")) == "word1 ")
        var dialogue = ChatRequest(prompt: "the first question")
        #expect(try await text(provider, "x-gap0-words1", dialogue) == "word1 ")
        dialogue.turns += [Turn(.assistant, [.text("yes")]), Turn(.user, [.text("and?")])]
        #expect(try await text(provider, "x-gap0-words1", dialogue) == "second turn")
        // The call that fails uses no answer up.
        await #expect(throws: PlenumError.self) { try await text(provider, "sim-a", vote) }
        #expect(try await text(provider, "sim-a", vote) == "scripted")
    }

    @Test(
        "a mistake in a script says where",
        arguments: [
            ("{", "line 1"), ("[]", "script"), (#"{"rules": [{"modell": "x"}]}"#, "modell"),
            (#"{"rules": [{"answer": 7}]}"#, "script.rules[0].answer"),
            (#"{"rules": [{"fault": "breaks"}]}"#, "script.rules[0].fault"),
            (#"{"rules": [{"words_gap_ms": -1}]}"#, "script.rules[0].words_gap_ms"),
        ]
    )
    func mistakes(file: String, place: String) {
        let error = #expect(throws: PlenumError.self) { try SimulationRules(parsing: Array(file.utf8)) }
        #expect(error?.message.contains(place) == true, "\(error?.message ?? "")")
    }
}
