import PlenumCore
import Testing

extension ConformanceCase {
    /// Runs of two conversations, stored in another order than that of their ids: 5, 3, 9 and 2 of the second, 1 and 7 of
    /// the first; a third has none. 3, 1 and 7 are judged.
    private static func makeRuns(_ storage: any Storage) async throws {
        for number: UInt64 in 1...3 { try await storage.createConversation(Samples.conversation(number)) }
        for (number, conversation) in [(5, 2), (3, 2), (9, 2), (1, 1), (7, 1), (2, 2)] as [(UInt64, UInt64)] {
            try await storage.commit([.createRun(Samples.run(number, in: conversation))])
        }
        var patch = RunPatch()
        patch.preference = Samples.preference
        for number: UInt64 in [1, 7, 3] { try await storage.commit([.updateRun(Samples.id(number), patch)]) }
    }

    /// The numbers of all the runs of a list, read page by page.
    private static func numbers(
        _ filter: RunFilter,
        _ order: PageRequest<RunID>.Order,
        by limit: Int,
        _ storage: any Storage
    ) async throws -> [UInt64] {
        var seen: [UInt64] = []
        var page = PageRequest<RunID>(limit: limit, order: order)
        while true {
            let part = try await storage.runs(matching: filter, page: page)
            #expect(part.elements.count <= limit)
            seen += part.elements.map { $0.id.low & 0xFF }
            page.after = part.elements.last?.id
            if !part.hasMore { return seen }
            #expect(part.elements.count == limit)
        }
    }

    /// What lists of runs give.
    static let runLists: [ConformanceCase] = [
        ConformanceCase("runs are listed in the order of storing, in both directions, filtered, and page by page") {
            storage in
            try await makeRuns(storage)
            let lists: [(RunFilter, [UInt64])] = [
                (RunFilter(), [5, 3, 9, 1, 7, 2]), (RunFilter(isJudged: true), [3, 1, 7]),
                (RunFilter(conversation: Samples.id(2)), [5, 3, 9, 2]),
                (RunFilter(conversation: Samples.id(1), isJudged: true), [1, 7]),
                (RunFilter(conversation: Samples.id(2), isJudged: true), [3]),
                (RunFilter(conversation: Samples.id(3)), []),
                (RunFilter(conversation: Samples.id(3), isJudged: true), []),
            ]
            for (filter, expected) in lists {
                for limit in [1, 2, 3, 100] {
                    #expect(try await numbers(filter, .ascending, by: limit, storage) == expected)
                    #expect(try await numbers(filter, .descending, by: limit, storage) == expected.reversed())
                }
            }
        },
        ConformanceCase("a list gives runs as they are, whatever became of them since they were stored") { storage in
            try await makeRuns(storage)
            try await storage.commit([.finishRun(Samples.id(5), Samples.runEnding()), .reopenRun(Samples.id(5))])
            try await storage.commit([.finishRun(Samples.id(3), Samples.runEnding())])
            let listed = try await storage.runs(matching: RunFilter(), page: PageRequest(order: .ascending)).elements
            #expect(listed.map { $0.id.low & 0xFF } == [5, 3, 9, 1, 7, 2])
            for run in listed { #expect(try await storage.run(run.id) == run) }
        },
        ConformanceCase("a list of runs needs its conversation, and a cursor that is in it") { storage in
            await expect(.notFound) {
                _ = try await storage.runs(matching: RunFilter(conversation: Samples.id(9)), page: PageRequest())
            }
            #expect(try await storage.runs(matching: RunFilter(), page: PageRequest()).elements == [])
            try await makeRuns(storage)
            for filter in [RunFilter(), RunFilter(isJudged: true), RunFilter(conversation: Samples.id(1))] {
                await expect(.notFound) {
                    _ = try await storage.runs(matching: filter, page: PageRequest(after: Samples.id(99)))
                }
            }
            await expect(.notFound) {
                let filter = RunFilter(conversation: Samples.id(1))
                _ = try await storage.runs(matching: filter, page: PageRequest(after: Samples.id(5)))
            }
            // A run that nobody has judged is a place in the list all the same.
            let page = PageRequest<RunID>(after: Samples.id(9), order: .ascending)
            let found = try await storage.runs(matching: RunFilter(isJudged: true), page: page)
            #expect(found.elements.map(\.id) == [Samples.id(1), Samples.id(7)])
        },
        ConformanceCase("a deleted conversation's runs are in no list") { storage in
            try await makeRuns(storage)
            try await storage.deleteConversation(Samples.id(2))
            #expect(try await numbers(RunFilter(), .ascending, by: 9, storage) == [1, 7])
            #expect(try await numbers(RunFilter(isJudged: true), .descending, by: 9, storage) == [7, 1])
            await expect(.notFound) {
                _ = try await storage.runs(matching: RunFilter(conversation: Samples.id(2)), page: PageRequest())
            }
        },
    ]
}
