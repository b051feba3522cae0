import PlenumCore
import Testing

extension ConformanceCase {
    /// What steps of runs write.
    static let steps: [ConformanceCase] = [
        ConformanceCase("a message's step and what it was made of read as they were made, wherever it is read") {
            storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1))])
            var verdict = Samples.answer(1)
            verdict.run = Samples.id(1)
            verdict.step = RunStep(round: 2, phase: RunStep.Phase(rawValue: "verdict"), part: 1)
            // Whether these are there is for nobody to check: they may have been deleted.
            verdict.derivedFrom = [Samples.id(9), Samples.id(7), Samples.id(8)]
            try await storage.addMessage(verdict)
            #expect(try await storage.message(verdict.id) == verdict)
            #expect(try await storage.thread(endingAt: verdict.id, limit: 9) == [verdict])
            #expect(try await storage.messages(in: Samples.id(1), page: PageRequest()).elements == [verdict])
            #expect(try await storage.messages(ofRun: Samples.id(1)) == [verdict])
            try await storage.commit([.finishMessage(verdict.id, Samples.messageEnding())])
            let ended = try await storage.message(verdict.id)
            #expect(ended.status == .completed && ended.step == verdict.step)
            #expect(ended.derivedFrom == verdict.derivedFrom && ended.seat == nil)
        },
        ConformanceCase("a run gives the messages of its steps, of a seat or of none, and no others") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1)), .createRun(Samples.run(2))])
            for (number, run, seat, step) in [
                (9, 1, 0, RunStep(phase: .answer)), (8, 1, nil, nil), (7, 1, 1, nil),
                (6, 2, 0, RunStep(phase: .answer)),
                (5, 1, nil, RunStep(round: 1, phase: RunStep.Phase(rawValue: "verdict"))),
                (4, nil, 0, RunStep(phase: .answer)), (3, 1, 0, RunStep(round: 1, phase: .answer)),
            ] as [(UInt64, UInt64?, Int?, RunStep?)] {
                var message = Samples.question(number)
                message.run = run.map { Samples.id($0) }
                message.seat = seat
                message.step = step
                try await storage.addMessage(message)
                #expect(try await storage.message(message.id) == message)
            }
            let found = try await storage.messages(ofRun: Samples.id(1))
            #expect(found.map(\.id) == [9, 5, 3].map { Samples.id($0) })
            #expect(found.map(\.seat) == [0, nil, 0])
            #expect(found.map { $0.step?.round } == [0, 1, 1])
            try await storage.commit([.deleteMessage(Samples.id(5))])
            #expect(try await storage.messages(ofRun: Samples.id(1)).map(\.id) == [9, 3].map { Samples.id($0) })
        },
    ]
}
