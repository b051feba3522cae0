import PlenumCore
import Testing

extension ConformanceCase {
    /// A patch with a preference alone.
    private static func judging(_ preference: Preference) -> RunPatch {
        var patch = RunPatch()
        patch.preference = preference
        return patch
    }

    /// What becomes of runs after they were made.
    static let runChanges: [ConformanceCase] = [
        ConformanceCase("a run that is made with an end, a result and a preference reads as it was made") { storage in
            try await storage.createConversation(Samples.conversation(1))
            for (number, kind) in [(1, .debate), (2, .synthesis)] as [(UInt64, Run.Kind)] {
                var run = Samples.run(number)
                run.kind = kind
                run.status = .incomplete
                run.stopReason = "budget"
                run.result = Samples.result
                run.preference = number == 1 ? nil : Samples.preference
                run.endedAt = Samples.time(8)
                try await storage.commit([.createRun(run)])
                #expect(try await storage.run(run.id) == run)
            }
            var bare = Samples.run(3)
            bare.seats = []
            bare.settings = JSONObject()
            try await storage.commit([.createRun(bare)])
            #expect(try await storage.run(bare.id) == bare)
        },
        ConformanceCase("a run is changed before its end and after it, by what a patch names and nothing else") {
            storage in
            try await storage.createConversation(Samples.conversation(1))
            var run = Samples.run(1)
            try await storage.commit([.createRun(run), .createRun(Samples.run(2))])
            for _ in 1...2 {
                var patch = RunPatch()
                patch.seats = [Samples.opponent]
                run.seats = [Samples.opponent]
                try await storage.commit([.updateRun(run.id, patch)])
                #expect(try await storage.run(run.id) == run)
                for settings in [JSONObject([("paused", true)]), JSONObject()] {
                    patch = RunPatch()
                    patch.settings = settings
                    run.settings = settings
                    try await storage.commit([.updateRun(run.id, patch)])
                    #expect(try await storage.run(run.id) == run)
                }
                try await storage.commit([.updateRun(run.id, RunPatch())])
                #expect(try await storage.run(run.id) == run)
                guard !run.status.isTerminal else { break }
                try await storage.commit([.finishRun(run.id, Samples.runEnding())])
                run = try await storage.run(run.id)
                #expect(run.result == Samples.result)
                run.seats = []
                patch.seats = []
                try await storage.commit([.updateRun(run.id, patch)])
            }
            #expect(try await storage.run(Samples.id(2)) == Samples.run(2))
            await expect(.notFound) { try await storage.commit([.updateRun(Samples.id(9), RunPatch())]) }
        },
        ConformanceCase("what a person says of the answers is kept, and takes the place of what was said before") {
            storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1))])
            #expect(try await storage.run(Samples.id(1)).preference == nil)
            let preferences =
                [Samples.preference]
                + Preference.Kind.allCases.map { Preference(kind: $0, isBlind: false, createdAt: Samples.time(-5)) }
            for preference in preferences {
                try await storage.commit([.updateRun(Samples.id(1), judging(preference))])
                #expect(try await storage.run(Samples.id(1)).preference == preference)
            }
            try await storage.commit([.finishRun(Samples.id(1), Samples.runEnding())])
            #expect(try await storage.run(Samples.id(1)).preference == preferences.last)
            try await storage.commit([.updateRun(Samples.id(1), judging(Samples.preference))])
            #expect(try await storage.run(Samples.id(1)).preference == Samples.preference)
        },
        ConformanceCase("a run that has ended is reopened without its end, and ends again") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var run = Samples.run(1)
            run.preference = Samples.preference
            try await storage.commit([.createRun(run), .appendRunEvents(run.id, [Samples.event(1)])])
            try await storage.commit([.finishRun(run.id, Samples.runEnding(.failed))])
            try await storage.commit([.reopenRun(run.id)])
            #expect(try await storage.run(run.id) == run)
            try await storage.commit([.pruneRunEvents(endedBefore: Samples.time(1000))])
            try await storage.appendEvents([Samples.event(2)], to: run.id)
            #expect(try await storage.events(ofRun: run.id, after: 0, limit: 9).map(\.sequence) == [1, 2])
            var ending = Samples.runEnding(at: 50)
            ending.result = JSONObject([("method", "again")])
            try await storage.commit([.finishRun(run.id, ending)])
            run.status = .completed
            run.stopReason = "completed"
            run.result = ending.result
            run.endedAt = Samples.time(50)
            #expect(try await storage.run(run.id) == run)
            await expect(.conflict) { try await storage.commit([.finishRun(Samples.id(1), Samples.runEnding())]) }
            ending.result = nil
            try await storage.commit([.reopenRun(run.id), .finishRun(run.id, ending)])
            #expect(try await storage.run(run.id).result == nil)
        },
        ConformanceCase("a run that has not ended is not reopened") { storage in
            try await storage.createConversation(Samples.conversation(1))
            var queued = Samples.run(2)
            queued.status = .queued
            try await storage.commit([.createRun(Samples.run(1)), .createRun(queued)])
            for number: UInt64 in 1...2 {
                await expect(.conflict) { try await storage.commit([.reopenRun(Samples.id(number))]) }
            }
            await expect(.notFound) { try await storage.commit([.reopenRun(Samples.id(3))]) }
            try await storage.commit([.finishRun(Samples.id(1), Samples.runEnding())])
            await expect(.conflict) {
                try await storage.commit([.reopenRun(Samples.id(1)), .reopenRun(Samples.id(1))])
            }
            #expect(try await storage.run(Samples.id(1)).status == .completed)
        },
        ConformanceCase("a request to stop ends with the run that it was for") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1)), .requestStop(Samples.id(1))])
            #expect(try await storage.runsToStop() == [Samples.id(1)])
            try await storage.commit([.finishRun(Samples.id(1), Samples.runEnding(.cancelled))])
            try await storage.commit([.reopenRun(Samples.id(1))])
            #expect(try await storage.runsToStop() == [])
            try await storage.commit([.requestStop(Samples.id(1))])
            #expect(try await storage.runsToStop() == [Samples.id(1)])
        },
        ConformanceCase("recovery interrupts a run that was reopened, as often as it is") { storage in
            try await storage.renewLease(for: .seconds(600))
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1)), .finishRun(Samples.id(1), Samples.runEnding())])
            try await storage.commit([.reopenRun(Samples.id(1))])
            #expect(try await storage.recover(at: Samples.time(20)) == Recovery())
            try await storage.renewLease(for: .zero)
            #expect(try await storage.recover(at: Samples.time(30)) == Recovery(runs: 1))
            let run = try await storage.run(Samples.id(1))
            #expect(run.status == .interrupted && run.stopReason == "interrupted" && run.result == nil)
            #expect(run.endedAt == Samples.time(30))
        },
        ConformanceCase("what is reopened without a lease is nobody's, and interrupted every time") { storage in
            try await storage.createConversation(Samples.conversation(1))
            try await storage.commit([.createRun(Samples.run(1))])
            for number: Int64 in 1...3 {
                #expect(try await storage.recover(at: Samples.time(number)) == Recovery(runs: 1))
                #expect(try await storage.run(Samples.id(1)).endedAt == Samples.time(number))
                try await storage.commit([.reopenRun(Samples.id(1))])
            }
        },
    ]
}
