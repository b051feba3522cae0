import PlenumCore
import Testing

extension SharedConformanceCase {
    /// Begins a reply and a run, and keeps a checkpoint of the reply.
    private static func begin(_ number: UInt64, _ storage: any Storage) async throws {
        try await storage.createConversation(Samples.conversation(number))
        var run = Samples.run(number)
        run.conversation = Samples.id(number)
        try await storage.commit([
            .appendMessage(Samples.answer(number, in: number), movesLeaf: true),
            .createGeneration(Samples.generation(number, making: number), nil), .createRun(run),
            .checkpoint(Samples.id(number), Progress(sequence: 0, text: "so far", reasoning: "")),
        ])
    }

    private static func statuses(_ number: UInt64, _ storage: any Storage) async throws -> [Status] {
        [
            try await storage.message(Samples.id(number)).status,
            try await storage.generation(Samples.id(number)).status, try await storage.run(Samples.id(number)).status,
        ]
    }

    static let all: [SharedConformanceCase] = [
        SharedConformanceCase("both see what either has committed") { one, two in
            #expect(one.isShared && two.isShared)
            try await one.createConversation(Samples.conversation(1))
            #expect(try await two.conversation(Samples.id(1)) == Samples.conversation(1))
        },
        SharedConformanceCase("recovery leaves alone what belongs to a process whose lease runs") { one, two in
            try await one.renewLease(for: .seconds(600))
            try await two.renewLease(for: .seconds(600))
            try await begin(1, one)
            try await begin(2, two)
            #expect(try await one.recover(at: Samples.time(9)) == Recovery())
            #expect(try await two.recover(at: Samples.time(9)) == Recovery())
            #expect(try await statuses(1, two) == [.inProgress, .inProgress, .inProgress])
            #expect(try await two.message(Samples.id(1)).text == "so far")
            #expect(try await one.message(Samples.id(2)).text == "so far")
        },
        SharedConformanceCase("recovery interrupts what belongs to no lease") { one, two in
            try await begin(1, one)
            try await two.renewLease(for: .seconds(600))
            try await begin(2, two)
            #expect(
                try await two.recover(at: Samples.time(9)) == Recovery(messages: 1, generations: 1, runs: 1)
            )
            #expect(try await statuses(1, one) == [.interrupted, .interrupted, .interrupted])
            #expect(try await statuses(2, one) == [.inProgress, .inProgress, .inProgress])
        },
        SharedConformanceCase("what a process left whose lease ran out is interrupted with its text") { one, two in
            try await one.renewLease(for: .zero)
            try await two.renewLease(for: .seconds(600))
            try await begin(1, one)
            try await begin(2, two)
            #expect(
                try await two.recover(at: Samples.time(9)) == Recovery(messages: 1, generations: 1, runs: 1)
            )
            #expect(try await statuses(1, two) == [.interrupted, .interrupted, .interrupted])
            #expect(try await statuses(2, two) == [.inProgress, .inProgress, .inProgress])
            let message = try await two.message(Samples.id(1))
            #expect(message.text == "so far" && message.endedAt == Samples.time(9))
            #expect(message.error?.code == "interrupted")
            #expect(try await two.message(Samples.id(2)).text == "so far")
            #expect(try await two.recover(at: Samples.time(10)) == Recovery())
        },
        SharedConformanceCase("a lease that ran out and was not swept is renewed as if nothing had been") { one, two in
            try await one.renewLease(for: .zero)
            try await begin(1, one)
            try await one.renewLease(for: .seconds(600))
            #expect(try await two.recover(at: Samples.time(9)) == Recovery())
            try await one.commit([.finishMessage(Samples.id(1), Samples.messageEnding())])
        },
        SharedConformanceCase("a process that was swept up after writes nothing until it has a new lease") { one, two in
            try await one.renewLease(for: .zero)
            try await begin(1, one)
            _ = try await two.recover(at: Samples.time(9))
            await expect(.fenced) {
                try await one.commit([.finishMessage(Samples.id(1), Samples.messageEnding())])
            }
            await expect(.fenced) { try await one.createConversation(Samples.conversation(2)) }
            await expect(.notFound) { _ = try await two.conversation(Samples.id(2)) }
            await expect(.fenced) { try await one.renewLease(for: .seconds(600)) }
            try await one.renewLease(for: .seconds(600))
            await expect(.conflict) {
                try await one.commit([.finishMessage(Samples.id(1), Samples.messageEnding())])
            }
            #expect(try await statuses(1, two) == [.interrupted, .interrupted, .interrupted])
            try await begin(3, one)
            #expect(try await two.recover(at: Samples.time(10)) == Recovery())
            #expect(try await statuses(3, two) == [.inProgress, .inProgress, .inProgress])
        },
        SharedConformanceCase("a process that is swept up after by itself is fenced too") { one, _ in
            try await one.renewLease(for: .zero)
            _ = try await one.recover(at: Samples.time(9))
            await expect(.fenced) { try await one.createConversation(Samples.conversation(1)) }
        },
        SharedConformanceCase("a new process does not inherit what a dead one has begun") { one, two in
            try await one.renewLease(for: .zero)
            try await begin(1, one)
            _ = try await two.recover(at: Samples.time(9))
            // The number may be the dead one's: its key never is.
            try await two.renewLease(for: .seconds(600))
            await expect(.fenced) { try await one.createConversation(Samples.conversation(2)) }
        },
        SharedConformanceCase("who reads is not asked for a lease") { one, two in
            try await one.renewLease(for: .zero)
            try await one.createConversation(Samples.conversation(1))
            _ = try await two.recover(at: Samples.time(9))
            #expect(try await one.conversation(Samples.id(1)).id == Samples.id(1))
            try await one.probe()
        },
        SharedConformanceCase("a request to stop reaches the process that carries out the run, and no other") {
            one,
            two in
            try await one.renewLease(for: .seconds(600))
            try await two.renewLease(for: .seconds(600))
            for number: UInt64 in 1...3 { try await begin(number, number == 3 ? two : one) }
            #expect(try await one.runsToStop() == [])
            try await two.commit([.requestStop(Samples.id(1))])
            try await two.commit([.requestStop(Samples.id(1))])
            #expect(try await one.runsToStop() == [Samples.id(1)])
            #expect(try await two.runsToStop() == [])
            try await one.commit([.requestStop(Samples.id(3))])
            #expect(try await two.runsToStop() == [Samples.id(3)])
            try await one.commit([
                .finishRun(
                    Samples.id(1),
                    RunEnding(status: .cancelled, stopReason: "cancelled", endedAt: Samples.time(9))
                )
            ])
            #expect(try await one.runsToStop() == [])
            await expect(.conflict) { try await two.commit([.requestStop(Samples.id(1))]) }
            await expect(.notFound) { try await two.commit([.requestStop(Samples.id(99))]) }
        },
        SharedConformanceCase("a command reaches the process that carries out the run, and its answer everybody") {
            one,
            two in
            try await one.renewLease(for: .seconds(600))
            try await two.renewLease(for: .seconds(600))
            for number: UInt64 in 1...2 { try await begin(number, number == 2 ? two : one) }
            let words = JSONObject([("command", "pause")])
            let first = PostedCommand(id: Samples.id(1), run: Samples.id(1), command: words)
            let second = PostedCommand(id: Samples.id(2), run: Samples.id(2), command: words)
            try await two.commit([.postCommand(first)])
            try await one.commit([.postCommand(second)])
            #expect(try await one.commandsToObey() == [first])
            #expect(try await two.commandsToObey() == [second])
            try await one.commit([.answerCommand(first.id, .obeyed)])
            #expect(try await two.command(first.id)?.answer == .obeyed)
            await expect(.conflict) { try await two.commit([.withdrawCommand(first.id)]) }
            try await one.commit([.withdrawCommand(second.id)])
            #expect(try await two.commandsToObey() == [])
            await expect(.notFound) { try await two.commit([.answerCommand(second.id, .obeyed)]) }
        },
        SharedConformanceCase("a run that is reopened is the work of the process that did, whoever made it") {
            one,
            two in
            try await one.renewLease(for: .zero)
            try await two.renewLease(for: .seconds(600))
            for number: UInt64 in 1...2 {
                try await one.createConversation(Samples.conversation(number))
                let run = Samples.run(number, in: number)
                try await one.commit([.createRun(run), .requestStop(run.id), .finishRun(run.id, Samples.runEnding())])
            }
            try await one.commit([.reopenRun(Samples.id(1))])
            try await two.commit([.reopenRun(Samples.id(2))])
            try await one.commit([.requestStop(Samples.id(2))])
            #expect(try await one.runsToStop() == [])
            #expect(try await two.runsToStop() == [Samples.id(2)])
            #expect(try await two.recover(at: Samples.time(20)) == Recovery(runs: 1))
            #expect(try await two.run(Samples.id(1)).status == .interrupted)
            #expect(try await two.run(Samples.id(2)).status == .inProgress)
            await expect(.fenced) { try await one.commit([.reopenRun(Samples.id(1))]) }
            try await two.commit([.reopenRun(Samples.id(1))])
            #expect(try await two.recover(at: Samples.time(30)) == Recovery())
        },
        SharedConformanceCase("a sweep beside writes leaves nothing in progress that was acknowledged to be begun") {
            one,
            two in
            try await one.renewLease(for: .zero)
            let begun = try await withThrowingTaskGroup(of: UInt64?.self) { group in
                for number: UInt64 in 1...60 {
                    group.addTask {
                        do throws(PlenumError) {
                            try await one.recordGeneration(Samples.generation(number), content: nil)
                            return number
                        } catch {
                            #expect(error.code == .fenced)
                            return nil
                        }
                    }
                    if number == 30 {
                        group.addTask {
                            _ = try await two.recover(at: Samples.time(9))
                            return nil
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            for number in begun {
                #expect(try await two.generation(Samples.id(number)).status == .interrupted)
            }
            for number: UInt64 in 1...60 where !begun.contains(number) {
                await expect(.notFound) { _ = try await two.generation(Samples.id(number)) }
            }
        },
    ]
}
