import PlenumCore
import Testing

extension ConformanceCase {
    private static func command(_ number: UInt64, to run: UInt64 = 1) -> PostedCommand {
        let text = "Number \(number), \u{1F600} \"quoted\"\n"
        let words = JSONObject([("command", "say"), ("text", .string(text))])
        return PostedCommand(id: Samples.id(number), run: Samples.id(run), command: words)
    }

    private static let refusal = RecordedError(code: "conflict", message: "No \u{1F600}.", isRetryable: true)

    /// Two runs in progress.
    private static func begin(_ storage: any Storage) async throws {
        try await storage.createConversation(Samples.conversation(1))
        try await storage.commit([.createRun(Samples.run(1)), .createRun(Samples.run(2))])
    }

    /// What is said to runs that another process carries out.
    static let commands: [ConformanceCase] = [
        ConformanceCase("commands wait in the order in which they were posted until they are answered") { storage in
            try await begin(storage)
            #expect(try await storage.commandsToObey() == [])
            try await storage.commit([.postCommand(command(9)), .postCommand(command(7, to: 2))])
            try await storage.commit([.postCommand(command(8))])
            #expect(try await storage.commandsToObey() == [command(9), command(7, to: 2), command(8)])
            #expect(try await storage.command(Samples.id(9)) == command(9))
            #expect(try await storage.command(Samples.id(1)) == nil)
            try await storage.commit([.answerCommand(Samples.id(9), .obeyed)])
            try await storage.commit([.answerCommand(Samples.id(7), .refused(refusal))])
            #expect(try await storage.commandsToObey() == [command(8)])
            #expect(try await storage.command(Samples.id(9))?.answer == .obeyed)
            #expect(try await storage.command(Samples.id(7))?.answer == .refused(refusal))
            #expect(try await storage.command(Samples.id(7))?.command == command(7).command)
        },
        ConformanceCase("a command is answered or taken back, once") { storage in
            try await begin(storage)
            try await storage.commit([.postCommand(command(1)), .postCommand(command(2))])
            try await storage.commit([.withdrawCommand(Samples.id(1)), .answerCommand(Samples.id(2), .obeyed)])
            #expect(try await storage.command(Samples.id(1)) == nil)
            #expect(try await storage.commandsToObey() == [])
            await expect(.notFound) { try await storage.commit([.withdrawCommand(Samples.id(1))]) }
            await expect(.conflict) { try await storage.commit([.withdrawCommand(Samples.id(2))]) }
            await expect(.conflict) { try await storage.commit([.answerCommand(Samples.id(2), .refused(refusal))]) }
            #expect(try await storage.command(Samples.id(2))?.answer == .obeyed)
            // What goes with the answer to a command that was taken back is not done.
            var patch = RunPatch()
            patch.settings = JSONObject()
            await expect(.notFound) {
                try await storage.commit([
                    .updateRun(Samples.id(1), patch), .answerCommand(Samples.id(1), .obeyed),
                ])
            }
            #expect(try await storage.run(Samples.id(1)).settings == Samples.run(1).settings)
        },
        ConformanceCase("a command is for a run in progress, and its id is its own") { storage in
            try await begin(storage)
            try await storage.commit([.postCommand(command(1)), .finishRun(Samples.id(2), Samples.runEnding())])
            await expect(.conflict) { try await storage.commit([.postCommand(command(1))]) }
            await expect(.conflict) { try await storage.commit([.postCommand(command(2, to: 2))]) }
            await expect(.notFound) { try await storage.commit([.postCommand(command(2, to: 9))]) }
            var answered = command(2)
            answered.answer = .obeyed
            try await storage.commit([.postCommand(answered)])
            #expect(try await storage.commandsToObey() == [command(1), command(2)], "nothing is answered beforehand")
        },
        ConformanceCase("a command that waits is dropped when its run is taken up anew, and goes with it") { storage in
            try await begin(storage)
            try await storage.commit([
                .postCommand(command(1)), .postCommand(command(2)), .answerCommand(Samples.id(1), .obeyed),
                .postCommand(command(3, to: 2)), .finishRun(Samples.id(1), Samples.runEnding(at: 9)),
            ])
            #expect(try await storage.commandsToObey() == [command(3, to: 2)], "a run that has ended obeys nobody")
            #expect(try await storage.command(Samples.id(2)) == command(2))
            try await storage.commit([.reopenRun(Samples.id(1))])
            #expect(try await storage.command(Samples.id(2)) == nil)
            #expect(try await storage.command(Samples.id(1))?.answer == .obeyed)
            try await storage.commit([.finishRun(Samples.id(1), Samples.runEnding(at: 9))])
            try await storage.commit([.pruneRunEvents(endedBefore: Samples.time(9))])
            #expect(try await storage.command(Samples.id(1)) != nil)
            try await storage.commit([.pruneRunEvents(endedBefore: Samples.time(10))])
            #expect(try await storage.command(Samples.id(1)) == nil)
            #expect(try await storage.command(Samples.id(3)) != nil)
            try await storage.deleteConversation(Samples.id(1))
            #expect(try await storage.command(Samples.id(3)) == nil)
        },
    ]
}
