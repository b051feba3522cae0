import PlenumCore
import Testing

extension ConformanceCase {
    static let runs: [ConformanceCase] = [
        ConformanceCase("a run reads as it was made, and ends once") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var run = Samples.run(1)
            try await storage.commit([.createRun(run)])
            #expect(try await storage.run(run.id) == run)
            let end = StorageChange.finishRun(
                run.id,
                RunEnding(status: .completed, stopReason: "completed", endedAt: Samples.time(9))
            )
            try await storage.commit([end])
            run.status = .completed
            run.stopReason = "completed"
            run.endedAt = Samples.time(9)
            #expect(try await storage.run(run.id) == run)
            await expect(.conflict) { try await storage.commit([end]) }
        },
        ConformanceCase("a run needs its conversation and an id of its own") { storage in
            await expect(.notFound) { try await storage.commit([.createRun(Samples.run(1))]) }
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1))])
            await expect(.conflict) { try await storage.commit([.createRun(Samples.run(1))]) }
            let absent: RunID = Samples.id(2)
            await expect(.notFound) { _ = try await storage.run(absent) }
            await expect(.notFound) { _ = try await storage.messages(ofRun: absent) }
            await expect(.notFound) { _ = try await storage.generations(ofRun: absent) }
            await expect(.notFound) { _ = try await storage.events(ofRun: absent, after: 0, limit: 1) }
            await expect(.notFound) { try await storage.appendEvents([], to: absent) }
            await expect(.notFound) {
                try await storage.commit([
                    .finishRun(absent, RunEnding(status: .failed, stopReason: "x", endedAt: Samples.time(1)))
                ])
            }
        },
        ConformanceCase("a run gives its steps' messages and its generations in the order of storing") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1))])
            for number: UInt64 in [7, 5, 6] {
                var message = Samples.answer(number)
                message.run = Samples.id(1)
                message.step = number == 5 ? nil : RunStep(round: Int(number), phase: .answer)
                var generation = Samples.generation(number)
                generation.run = Samples.id(1)
                try await storage.beginReply(question: nil, answer: message, generation: generation, content: nil)
            }
            try await storage.addMessage(Samples.question(8))
            #expect(try await storage.messages(ofRun: Samples.id(1)).map(\.id) == [7, 6].map { Samples.id($0) })
            #expect(try await storage.generations(ofRun: Samples.id(1)).map(\.id) == [7, 5, 6].map { Samples.id($0) })
        },
        ConformanceCase("events are read after a number, in order, up to a limit") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1)), .createRun(Samples.run(2))])
            try await storage.appendEvents([1, 2, 5].map(Samples.event), to: Samples.id(1))
            try await storage.appendEvents([4, 9].map(Samples.event), to: Samples.id(1))
            try await storage.appendEvents([Samples.event(3)], to: Samples.id(2))
            func numbers(_ after: Int, _ limit: Int) async throws -> [Int] {
                try await storage.events(ofRun: Samples.id(1), after: after, limit: limit).map(\.sequence)
            }
            #expect(try await storage.events(ofRun: Samples.id(1), after: 0, limit: 1) == [Samples.event(1)])
            #expect(try await numbers(0, 100) == [1, 2, 4, 5, 9])
            #expect(try await numbers(2, 2) == [4, 5])
            #expect(try await numbers(9, 5) == [])
            #expect(try await numbers(0, 0) == [])
            #expect(try await numbers(0, -1) == [])
        },
        ConformanceCase("an event's number is used once, and may come after the run's end") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([
                .createRun(Samples.run(1)), .appendRunEvents(Samples.id(1), [Samples.event(1)]),
                .finishRun(
                    Samples.id(1),
                    RunEnding(status: .completed, stopReason: "completed", endedAt: Samples.time(1))
                ),
                .appendRunEvents(Samples.id(1), [Samples.event(2)]),
            ])
            for events in [[Samples.event(2)], [Samples.event(3), Samples.event(3)]] {
                await expect(.conflict) { try await storage.appendEvents(events, to: Samples.id(1)) }
            }
            #expect(try await storage.events(ofRun: Samples.id(1), after: 0, limit: 9).map(\.sequence) == [1, 2])
        },
        ConformanceCase("pruning drops the events of runs that ended before a moment, and no others") { storage in
            try await storage.createConversation(Samples.conversation(1))
            for number: UInt64 in 1...3 {
                try await storage.commit([
                    .createRun(Samples.run(number)), .appendRunEvents(Samples.id(number), [Samples.event(1)]),
                ])
            }
            for (number, at) in [(1, 10), (2, 20)] as [(UInt64, Int64)] {
                try await storage.commit([
                    .finishRun(
                        Samples.id(number),
                        RunEnding(status: .failed, stopReason: "failed", endedAt: Samples.time(at))
                    )
                ])
            }
            try await storage.commit([.pruneRunEvents(endedBefore: Samples.time(20))])
            for (number, count) in [(1, 0), (2, 1), (3, 1)] as [(UInt64, Int)] {
                #expect(try await storage.events(ofRun: Samples.id(number), after: 0, limit: 9).count == count)
            }
        },
    ]

    static let recovery: [ConformanceCase] = [
        ConformanceCase("recovery interrupts what is in progress, keeps its text, and finds nothing twice") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var queued = Samples.answer(3)
            queued.status = .queued
            try await storage.beginReply(
                question: Samples.question(1),
                answer: Samples.answer(2, parent: 1),
                generation: Samples.generation(1, making: 2),
                content: GenerationContent(request: [1])
            )
            try await storage.commit([
                .appendMessage(queued, movesLeaf: false), .createRun(Samples.run(1)),
                .createGeneration(Samples.ended(Samples.generation(2)), nil),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "so far", reasoning: "")),
            ])
            let recovery = try await storage.recover(at: Samples.time(500))
            #expect(recovery == Recovery(messages: 2, generations: 1, runs: 1))
            let message = try await storage.message(Samples.id(2))
            #expect(message.status == .interrupted && message.text == "so far" && message.endedAt == Samples.time(500))
            #expect(message.error?.code == "interrupted" && message.error?.isRetryable == true)
            let generation = try await storage.generation(Samples.id(1))
            #expect(generation.status == .interrupted && generation.ending?.duration == 500)
            #expect(generation.ending?.error?.code == "interrupted")
            #expect(try await storage.content(of: Samples.id(1)) == GenerationContent(request: [1]))
            let run = try await storage.run(Samples.id(1))
            #expect(run.status == .interrupted && run.stopReason == "interrupted" && run.endedAt == Samples.time(500))
            #expect(try await storage.message(Samples.id(1)).status == .completed)
            #expect(try await storage.conversation(Samples.id(1)).updatedAt == Samples.time(1))
            #expect(try await storage.recover(at: Samples.time(600)) == Recovery())
        },
        ConformanceCase("recovery leaves alone what belongs to a lease that runs") { storage in
            try await storage.renewLease(for: .seconds(600))
            try await storage.renewLease(for: .seconds(600))
            try await storage.recordGeneration(Samples.generation(1), content: nil)
            #expect(try await storage.recover(at: Samples.time(0)) == Recovery())
            #expect(try await storage.generation(Samples.id(1)).status == .inProgress)
            try await storage.renewLease(for: .zero)
            #expect(try await storage.recover(at: Samples.time(0)) == Recovery(generations: 1))
        },
        ConformanceCase("a run in progress can be asked to stop, one that has ended cannot") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1)), .createRun(Samples.run(2))])
            #expect(try await storage.runsToStop() == [])
            try await storage.commit([.requestStop(Samples.id(2)), .requestStop(Samples.id(1))])
            #expect(try await storage.runsToStop() == [Samples.id(1), Samples.id(2)])
            try await storage.commit([
                .finishRun(
                    Samples.id(1),
                    RunEnding(status: .cancelled, stopReason: "cancelled", endedAt: Samples.time(9))
                )
            ])
            #expect(try await storage.runsToStop() == [Samples.id(2)])
            await expect(.conflict) { try await storage.commit([.requestStop(Samples.id(1))]) }
            await expect(.notFound) { try await storage.commit([.requestStop(Samples.id(9))]) }
        },
        ConformanceCase("what was interrupted does not go on") { storage in
            try await storage.recordGeneration(Samples.generation(1), content: nil)
            _ = try await storage.recover(at: Samples.time(0))
            await expect(.conflict) {
                try await storage.commit([.finishGeneration(Samples.id(1), Samples.ending(), reply: nil)])
            }
        },
    ]

    static let atomicity: [ConformanceCase] = [
        ConformanceCase("a commit is done whole or not at all, wherever it fails") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.addMessage(Samples.answer(1))
            let before = try await storage.conversation(Samples.id(1))
            var patch = ConversationPatch(updatedAt: Samples.time(77))
            patch.title = "changed"
            var judged = RunPatch()
            judged.preference = Samples.preference
            let good: [StorageChange] = [
                .updateConversation(Samples.id(1), patch), .createRun(Samples.run(1)),
                .updateRun(Samples.id(1), judged), .finishRun(Samples.id(1), Samples.runEnding()),
                .reopenRun(Samples.id(1)), .appendRunEvents(Samples.id(1), [Samples.event(1)]),
                .createGeneration(Samples.generation(1, making: 1), GenerationContent(request: [1])),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "x", reasoning: "")),
                .finishMessage(Samples.id(1), Samples.messageEnding()), .deleteMessage(Samples.id(1)),
                .createConversation(Samples.conversation(2)),
            ]
            for length in 0...good.count {
                await expect(.notFound) {
                    try await storage.commit(good.prefix(length) + [.deleteConversation(Samples.id(99))])
                }
                #expect(try await storage.conversation(Samples.id(1)) == before)
                #expect(try await storage.message(Samples.id(1)) == Samples.answer(1))
                await expect(.notFound) { _ = try await storage.run(Samples.id(1)) }
                await expect(.notFound) { _ = try await storage.generation(Samples.id(1)) }
                await expect(.notFound) { _ = try await storage.conversation(Samples.id(2)) }
            }
            try await storage.commit(good)
            #expect(try await storage.conversation(Samples.id(1)).title == "changed")
        },
        ConformanceCase("a fault of one caller never undoes what others commit beside it") { storage in
            try await storage.createConversation(Samples.conversation(1))
            let failures = await withTaskGroup(of: Bool.self) { group in
                for number: UInt64 in 1...200 {
                    group.addTask {
                        let doomed: [StorageChange] =
                            number % 5 == 0 ? [.deleteMessage(Samples.id(9999))] : []
                        do {
                            try await storage.commit(
                                [.appendMessage(Samples.question(number), movesLeaf: false)] + doomed
                            )
                            return false
                        } catch { return true }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failures == 40)
            let page = try await storage.messages(in: Samples.id(1), page: PageRequest(limit: 1000))
            #expect(Set(page.elements.map { $0.id.low & 0xFFF }) == Set((1...200).filter { $0 % 5 != 0 }))
        },
        ConformanceCase("an empty commit is done") { storage in try await storage.commit([]) },
        ConformanceCase("a commit whose caller is cancelled is carried out") { storage in
            let task = Task { try await storage.createConversation(Samples.conversation(1)) }
            task.cancel()
            try await task.value
            #expect(try await storage.conversation(Samples.id(1)).id == Samples.id(1))
        },
    ]
}
