import PlenumCore

/// Everything that can be read of a storage that holds ``RandomChanges``: two of them are equal or the storages differ.
struct StorageSnapshot: Equatable {
    private var answers: [String: String] = [:]

    init(of storage: any Storage) async {
        for number in 1...RandomChanges.ids {
            await readConversation(number, storage)
            await ask("message \(number)") { try await storage.message(Samples.id(number)) }
            for limit in [2, 100] {
                await ask("thread \(number) \(limit)") {
                    try await storage.thread(endingAt: Samples.id(number), limit: limit)
                }
            }
            await ask("command \(number)") { try await storage.command(Samples.id(number)) }
            await ask("run \(number)") { try await storage.run(Samples.id(number)) }
            await ask("messages of run \(number)") { try await storage.messages(ofRun: Samples.id(number)) }
            await ask("events \(number)") { try await storage.events(ofRun: Samples.id(number), after: 3, limit: 9) }
            await ask("generation \(number)") { try await storage.generation(Samples.id(number)) }
            await ask("generations of \(number)") { try await storage.generations(ofRun: Samples.id(number)) }
            await ask("content \(number)") { try await storage.content(of: Samples.id(number)) }
        }
        for number: UInt8 in 1...6 {
            await ask("claim \(number)") { try await storage.claim(Samples.key(number)) }
        }
        await ask("call states") { try await storage.callStates(of: RandomChanges.words) }
        await readLists(storage)
    }

    /// The questions whose answers differ.
    func differences(from other: StorageSnapshot) -> [String] {
        answers.keys.filter { answers[$0] != other.answers[$0] }.sorted().map {
            "\($0): \(answers[$0] ?? "-") / \(other.answers[$0] ?? "-")"
        }
    }

    /// The questions whose answers differ though they must outlive a copy. Claims live for a
    /// day, what calls had in mind for a week, and are not copied; hits
    /// come in the order in which their texts were stored, which is another in a copy.
    func differencesOfCopy(from other: StorageSnapshot) -> [String] {
        differences(from: other).filter { difference in
            !["claim ", "search ", "runs to stop", "command", "call states"].contains { difference.hasPrefix($0) }
        }
    }

    private mutating func ask<Answer>(_ question: String, _ read: () async throws -> Answer) async {
        do { answers[question] = "\(try await read())" } catch let error as PlenumError {
            answers[question] = "\(error.code): \(error.message)"
        } catch { answers[question] = "\(error)" }
    }

    private mutating func readConversation(_ number: UInt64, _ storage: any Storage) async {
        await ask("conversation \(number)") { try await storage.conversation(Samples.id(number)) }
        for order in [PageRequest<MessageID>.Order.ascending, .descending] {
            await ask("messages \(number) \(order)") {
                let page = PageRequest<MessageID>(limit: 3, order: order)
                let first = try await storage.messages(in: Samples.id(number), page: page)
                let after = PageRequest(limit: 2, after: first.elements.last?.id, order: order)
                return [first, try await storage.messages(in: Samples.id(number), page: after)]
            }
        }
        await readRuns(of: Samples.id(number), "runs of \(number)", storage)
    }

    private mutating func readRuns(of id: ConversationID?, _ question: String, _ storage: any Storage) async {
        for order in [PageRequest<RunID>.Order.ascending, .descending] {
            for isJudged in [false, true] {
                await ask("\(question) \(order) \(isJudged)") {
                    let filter = RunFilter(conversation: id, isJudged: isJudged)
                    let first = try await storage.runs(matching: filter, page: PageRequest(limit: 3, order: order))
                    let after = PageRequest(limit: 20, after: first.elements.last?.id, order: order)
                    return [first, try await storage.runs(matching: filter, page: after)]
                }
            }
        }
    }

    private mutating func readLists(_ storage: any Storage) async {
        await readRuns(of: nil, "runs", storage)
        for order in [PageRequest<ConversationID>.Order.ascending, .descending] {
            for isArchived in [nil, true, false] {
                await ask("list \(order) \(isArchived as Any)") {
                    let filter = ConversationFilter(isArchived: isArchived)
                    let page = PageRequest<ConversationID>(limit: 4, order: order)
                    let first = try await storage.conversations(matching: filter, page: page)
                    let after = PageRequest(limit: 3, after: first.elements.last?.id, order: order)
                    return [first, try await storage.conversations(matching: filter, page: after)]
                }
            }
        }
        for isArchived in [nil, true, false] {
            for words in ["b", "%", "GR", "a x", "alpha"] {
                await ask("search \(isArchived as Any) \(words)") {
                    let query = try SearchQuery(words, isArchived: isArchived)
                    let first = try await storage.search(query, limit: 4, after: nil)
                    return [first, try await storage.search(query, limit: 100, after: first.elements.last?.place)]
                }
            }
        }
        await ask("runs to stop") { try await storage.runsToStop() }
        await ask("commands to obey") { try await storage.commandsToObey() }
        for grouping in UsageRow.Grouping.allCases {
            await ask("usage \(grouping)") { try await storage.usage(by: grouping, since: nil) }
            await ask("late usage \(grouping)") {
                try await storage.usage(by: grouping, since: Samples.time(86_400_000))
            }
        }
    }
}
