import PlenumCore
import Testing

extension ConformanceCase {
    /// What becomes of text that not every database can hold.
    static let words = [
        ConformanceCase("a NUL in a text is kept as U+FFFD, and one in what a model wrote as it is") { storage in
            var conversation = Samples.conversation(1)
            conversation.title = "a\u{0}b"
            conversation.model = "\u{0}"
            conversation.metadata = JSONObject([("k\u{0}", .string("v\u{0}"))])
            try await storage.commit([.createConversation(conversation)])
            let kept = try await storage.conversation(conversation.id)
            #expect(kept.title == "a\u{FFFD}b" && kept.model == "\u{FFFD}")
            #expect(kept.metadata == conversation.metadata)
            try await storage.commit([.updateConversation(conversation.id, renamed("x\u{0}"))])
            #expect(try await storage.conversation(conversation.id).title == "x\u{FFFD}")
            try await keepsWordsOfModels(storage)
            try await keepsWordsOfRuns(storage)
        }
    ]

    private static func renamed(_ title: String) -> ConversationPatch {
        var patch = ConversationPatch(updatedAt: Samples.time(2))
        patch.title = title
        return patch
    }

    private static func keepsWordsOfModels(_ storage: any Storage) async throws {
        var answer = Samples.answer(2)
        answer.model = "m\u{0}"
        var generation = Samples.generation(3, making: 2)
        generation.requestedModel = "r\u{0}"
        let progress = Progress(sequence: 1, text: "t\u{0}x", reasoning: "\u{0}")
        try await storage.commit([
            .appendMessage(answer, movesLeaf: true), .createGeneration(generation, nil),
            .checkpoint(generation.id, progress),
        ])
        let shown = try await storage.message(answer.id)
        #expect(shown.model == "m\u{FFFD}" && shown.parts == Progress.parts([progress]))
        #expect(try await storage.generation(generation.id).requestedModel == "r\u{FFFD}")
        var ending = Samples.ending(.failed)
        ending.finish = FinishReason(.unknown, native: "n\u{0}")
        ending.upstreamID = "u\u{0}"
        ending.error = RecordedError(code: "c\u{0}", message: "m\u{0}", isRetryable: true)
        var end = Samples.messageEnding(.failed, parts: [.text("p\u{0}")])
        end.provider = "p\u{0}"
        end.finish = ending.finish
        end.error = ending.error
        try await storage.commit([
            .finishGeneration(generation.id, ending, reply: [0]), .finishMessage(answer.id, end),
        ])
        let ended = try await storage.message(answer.id)
        let error = RecordedError(code: "c\u{FFFD}", message: "m\u{FFFD}", isRetryable: true)
        #expect(ended.provider == "p\u{FFFD}" && ended.parts == [.text("p\u{0}")])
        #expect(ended.finish?.native == "n\u{FFFD}" && ended.error == error)
        let kept = try #require(try await storage.generation(generation.id).ending)
        #expect(kept.finish?.native == "n\u{FFFD}" && kept.upstreamID == "u\u{FFFD}" && kept.error == error)
    }

    private static func keepsWordsOfRuns(_ storage: any Storage) async throws {
        var run = Samples.run(4)
        run.kind = Run.Kind(rawValue: "k\u{0}")
        run.seats[1].persona = "p\u{0}"
        run.settings = JSONObject([("k\u{0}", "s\u{0}")])
        var patch = RunPatch()
        patch.preference = Preference(kind: .tie, reason: "r\u{0}", isBlind: false, createdAt: Samples.time(5))
        var ending = Samples.runEnding(.failed)
        ending.stopReason = "s\u{0}"
        ending.result = JSONObject([("k", "r\u{0}")])
        var message = Samples.question(5)
        message.run = run.id
        message.step = RunStep(phase: RunStep.Phase(rawValue: "p\u{0}"))
        var event = Samples.event(1)
        event.name = "e\u{0}"
        event.data = [0]
        try await storage.commit([
            .createRun(run), .appendRunEvents(run.id, [event]), .updateRun(run.id, patch),
            .appendMessage(message, movesLeaf: false), .finishRun(run.id, ending),
        ])
        let ended = try await storage.run(run.id)
        #expect(ended.stopReason == "s\u{FFFD}" && ended.kind.rawValue == "k\u{FFFD}")
        #expect(ended.seats == run.seats && ended.settings == run.settings)
        #expect(ended.result == ending.result && ended.preference == patch.preference)
        #expect(try await storage.messages(ofRun: run.id).first?.step?.phase.rawValue == "p\u{FFFD}")
        let kept = try await storage.events(ofRun: run.id, after: 0, limit: 9)
        #expect(kept.map(\.name) == ["e\u{FFFD}"] && kept.map(\.data) == [[0]])
    }
}
