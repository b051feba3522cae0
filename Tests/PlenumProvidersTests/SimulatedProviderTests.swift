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
