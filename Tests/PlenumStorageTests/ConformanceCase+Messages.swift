import PlenumCore
import Testing

extension ConformanceCase {
    static let messages: [ConformanceCase] = [
        ConformanceCase("a message reads as it was added, every part of it") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var message = Samples.question(1)
            message.parts = Samples.everyPart
            message.run = Samples.id(4)
            message.seat = 2
            message.provider = "alpha"
            message.model = "alpha/one"
            message.finish = FinishReason(.maxTokens)
            message.usage = Usage(inputUncached: 1, output: 2)
            message.usage?.reportedCost = Money(nanoDollars: 5)
            message.cost = .zero
            message.error = RecordedError(code: "x", message: "y", isRetryable: true)
            try await storage.addMessage(message)
            #expect(try await storage.message(message.id) == message)
        },
        ConformanceCase("a message needs its conversation and its parent, and an id of its own") { storage in
            await expect(.notFound) { try await storage.addMessage(Samples.question(1)) }
            try await storage.createConversation(Samples.conversation(1))
            try await storage.createConversation(Samples.conversation(2))
            try await storage.addMessage(Samples.question(1))
            await expect(.conflict) { try await storage.addMessage(Samples.question(1)) }
            await expect(.notFound) { try await storage.addMessage(Samples.question(2, parent: 9)) }
            await expect(.notFound) { try await storage.addMessage(Samples.question(2, in: 2, parent: 1)) }
            await expect(.notFound) { _ = try await storage.message(Samples.id(2)) }
        },
        ConformanceCase("a message moves the time of its conversation, and the leaf if it is to") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.appendMessage(Samples.question(1, at: 10), movesLeaf: true)])
            try await storage.commit([.appendMessage(Samples.question(2, parent: 1, at: 20), movesLeaf: false)])
            let conversation = try await storage.conversation(Samples.id(1))
            #expect(conversation.leaf == Samples.id(1) && conversation.updatedAt == Samples.time(20))
        },
        ConformanceCase("messages are listed in the order of storing, page by page in both directions") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.createConversation(Samples.conversation(2))
            for number: UInt64 in [5, 3, 9, 1, 7] {
                try await storage.addMessage(Samples.question(number, at: Int64(100 - number)))
                try await storage.addMessage(Samples.question(number + 100, in: 2))
            }
            for order in [PageRequest<MessageID>.Order.ascending, .descending] {
                var seen: [UInt64] = []
                var page = PageRequest<MessageID>(limit: 2, order: order)
                while true {
                    let part = try await storage.messages(in: Samples.id(1), page: page)
                    seen += part.elements.map { $0.id.low & 0xFF }
                    page.after = part.elements.last?.id
                    if !part.hasMore { break }
                }
                #expect(seen == (order == .ascending ? [5, 3, 9, 1, 7] : [7, 1, 9, 3, 5]))
            }
            await expect(.notFound) {
                _ = try await storage.messages(in: Samples.id(1), page: PageRequest(after: Samples.id(105)))
            }
        },
        ConformanceCase("a thread goes from the root to the leaf, and keeps the latest when it is cut") { storage in
            try await storage.createConversation(Samples.conversation(1))
            for number: UInt64 in 1...5 {
                try await storage.addMessage(Samples.question(number, parent: number == 1 ? nil : number - 1))
            }
            try await storage.addMessage(Samples.question(6, parent: 2))
            func thread(_ leaf: UInt64, _ limit: Int) async throws -> [UInt64] {
                try await storage.thread(endingAt: Samples.id(leaf), limit: limit).map { $0.id.low & 0xFF }
            }
            #expect(try await thread(5, 100) == [1, 2, 3, 4, 5])
            #expect(try await thread(6, 100) == [1, 2, 6])
            #expect(try await thread(5, 2) == [4, 5])
            #expect(try await thread(5, 0) == [])
            #expect(try await thread(5, -1) == [])
            await expect(.notFound) { _ = try await storage.thread(endingAt: Samples.id(9), limit: 1) }
        },
        ConformanceCase("a message in progress ends once, and keeps what the ending does not say") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var message = Samples.answer(1)
            message.model = "alpha/one"
            message.provider = "alpha"
            message.generation = Samples.id(1)
            try await storage.addMessage(message)
            var ending = Samples.messageEnding(.incomplete, parts: Samples.everyPart)
            ending.finish = FinishReason(.maxTokens, native: "length")
            ending.usage = Usage(inputUncached: 3, output: 4)
            ending.cost = Money(nanoDollars: 7)
            ending.provider = "beta"
            ending.error = RecordedError(code: "timeout", message: "late", isRetryable: true)
            try await storage.commit([.finishMessage(message.id, ending)])
            message.status = .incomplete
            message.parts = ending.parts
            message.provider = "beta"
            message.finish = ending.finish
            message.usage = ending.usage
            message.cost = ending.cost
            message.error = ending.error
            message.endedAt = ending.endedAt
            #expect(try await storage.message(message.id) == message)
            #expect(try await storage.conversation(Samples.id(1)).updatedAt == ending.endedAt)
            await expect(.conflict) { [ending] in try await storage.commit([.finishMessage(Samples.id(1), ending)]) }
            await expect(.notFound) { [ending] in try await storage.commit([.finishMessage(Samples.id(2), ending)]) }
        },
        ConformanceCase("no terminal state of a message changes") { storage in
            try await storage.createConversation(Samples.conversation(1))
            for (number, status) in Status.allCases.enumerated() where status.isTerminal {
                try await storage.addMessage(Samples.answer(UInt64(number)))
                try await storage.commit([.finishMessage(Samples.id(UInt64(number)), Samples.messageEnding(status))])
                for other in Status.allCases where other.isTerminal {
                    await expect(.conflict) {
                        let ending = Samples.messageEnding(other)
                        try await storage.commit([.finishMessage(Samples.id(UInt64(number)), ending)])
                    }
                }
                #expect(try await storage.message(Samples.id(UInt64(number))).status == status)
            }
        },
        ConformanceCase("an ending has a terminal status") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([
                .appendMessage(Samples.answer(1), movesLeaf: true), .createRun(Samples.run(1)),
                .createGeneration(Samples.generation(1), nil),
            ])
            let changes: [StorageChange] = [
                .finishMessage(Samples.id(1), Samples.messageEnding(.inProgress)),
                .finishGeneration(Samples.id(1), Samples.ending(.queued), reply: nil),
                .createGeneration(Samples.ended(Samples.generation(2), Samples.ending(.inProgress)), nil),
                .finishRun(Samples.id(1), RunEnding(status: .inProgress, stopReason: "no", endedAt: Samples.time(1))),
            ]
            for change in changes { await expect(.invalidRequest) { try await storage.commit([change]) } }
        },
        ConformanceCase("a deleted message leaves its answers without a parent and hands the leaf to its parent") {
            storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.addMessage(Samples.question(1))
            try await storage.addMessage(Samples.question(3, parent: 1))
            try await storage.addMessage(Samples.question(2, parent: 1))
            let content = GenerationContent(request: [1])
            try await storage.commit([.createGeneration(Samples.generation(1, making: 2), content)])
            try await storage.commit([.deleteMessage(Samples.id(2))])
            #expect(try await storage.conversation(Samples.id(1)).leaf == Samples.id(1))
            #expect(try await storage.content(of: Samples.id(1)) == nil)
            #expect(try await storage.generation(Samples.id(1)).message == Samples.id(2))
            try await storage.commit([.deleteMessage(Samples.id(1))])
            #expect(try await storage.conversation(Samples.id(1)).leaf == nil)
            #expect(try await storage.message(Samples.id(3)).parent == nil)
            #expect(try await storage.messages(in: Samples.id(1), page: PageRequest()).elements.count == 1)
            await expect(.notFound) { try await storage.commit([.deleteMessage(Samples.id(1))]) }
        },
    ]

    static let progress: [ConformanceCase] = [
        ConformanceCase("a message in progress has the text of its checkpoints, wherever it is read") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var answer = Samples.answer(1)
            answer.run = Samples.id(1)
            answer.seat = 0
            answer.step = RunStep(phase: .answer)
            try await storage.commit([
                .createRun(Samples.run(1)), .appendMessage(answer, movesLeaf: true),
                .createGeneration(Samples.generation(1, making: 1), nil),
            ])
            try await storage.checkpoint([(Samples.id(1), Progress(sequence: 0, text: "Hel", reasoning: "hm"))])
            try await storage.checkpoint([(Samples.id(1), Progress(sequence: 2, text: "o", reasoning: ""))])
            try await storage.checkpoint([(Samples.id(1), Progress(sequence: 1, text: "l", reasoning: "m"))])
            let parts: [ContentPart] = [.reasoning(Reasoning("hmm")), .text("Hello")]
            #expect(try await storage.message(answer.id).parts == parts)
            #expect(try await storage.thread(endingAt: answer.id, limit: 1)[0].parts == parts)
            #expect(try await storage.messages(in: Samples.id(1), page: PageRequest()).elements[0].parts == parts)
            #expect(try await storage.messages(ofRun: Samples.id(1))[0].parts == parts)
        },
        ConformanceCase("a message shows the latest stored of its generations that are in progress") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var answer = Samples.answer(1)
            answer.generation = Samples.id(1)
            try await storage.commit([
                .createGeneration(Samples.generation(1), nil), .appendMessage(answer, movesLeaf: true),
                .checkpoint(Samples.id(1), Progress(sequence: 0, text: "first", reasoning: "")),
            ])
            #expect(try await storage.message(answer.id).text == "first")
            try await storage.commit([
                .createGeneration(Samples.generation(2, making: 1), nil),
                .checkpoint(Samples.id(2), Progress(sequence: 0, text: "second", reasoning: "")),
            ])
            #expect(try await storage.message(answer.id).text == "second")
            try await storage.commit([.finishGeneration(Samples.id(2), Samples.ending(.failed), reply: nil)])
            #expect(try await storage.message(answer.id).text == "first")
        },
        ConformanceCase("a checkpoint needs a generation in progress and a number of its own") { storage in
            let progress = Progress(sequence: 0, text: "a", reasoning: "")
            await expect(.notFound) { try await storage.checkpoint([(Samples.id(1), progress)]) }
            try await storage.recordGeneration(Samples.generation(1), content: nil)
            try await storage.checkpoint([(Samples.id(1), progress)])
            await expect(.conflict) { try await storage.checkpoint([(Samples.id(1), progress)]) }
            try await storage.commit([.finishGeneration(Samples.id(1), Samples.ending(), reply: nil)])
            await expect(.conflict) {
                try await storage.checkpoint([(Samples.id(1), Progress(sequence: 1, text: "b", reasoning: ""))])
            }
        },
        ConformanceCase("the end of a message drops its checkpoints") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.beginReply(
                question: Samples.question(1),
                answer: Samples.answer(2, parent: 1),
                generation: Samples.generation(1, making: 2),
                content: nil
            )
            try await storage.checkpoint([(Samples.id(1), Progress(sequence: 0, text: "part", reasoning: ""))])
            try await storage.commit([.finishMessage(Samples.id(2), Samples.messageEnding(.cancelled, parts: []))])
            #expect(try await storage.message(Samples.id(2)).parts == [])
            // Its number is free again, which shows that the old checkpoint is gone.
            try await storage.checkpoint([(Samples.id(1), Progress(sequence: 0, text: "again", reasoning: ""))])
        },
    ]
}
