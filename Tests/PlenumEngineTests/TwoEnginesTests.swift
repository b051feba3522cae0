import PlenumCore
import PlenumEngine
import PlenumTesting
import Testing

@Suite("Two engines on one database")
struct TwoEnginesTests {
    typealias Backend = TwoEnginesUnderTest.Backend

    /// Waits until a follower has seen text of a run.
    private func waitForText(_ test: EngineUnderTest, _ run: RunID) async throws {
        for try await batch in try await test.engine.events(ofRun: run, after: 0)
        where batch.contains(where: { $0.name == "seat.delta" }) { break }
    }

    @Test("a run is followed through the other engine while it goes on, to its end", arguments: Backend.allCases)
    func follow(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { _ in
            [.events([.text("half ")]), .wait(gate)] + ScriptedProvider.answer("and ", "half")
        } _: { test in
            let run = try await test.one.engine.start(EngineUnderTest.compare("a", "b"))
            // What came before the end is seen before the end.
            try await waitForText(test.two, run.id)
            #expect(try await test.two.storage.run(run.id).status == .inProgress)
            gate.open()
            let events = try await test.two.follow(run.id)
            #expect(events.first?.name == "run.created")
            #expect(events.last?.name == "run.completed")
            #expect(try events.text(of: 0) == "half and half")
            #expect(try events.text(of: 1) == "half and half")
            #expect(events.map(\.sequence) == events.map(\.sequence).sorted())
            await test.two.engine.waitForRun(run.id)
            #expect(try await test.two.storage.run(run.id).status == .completed)
        }
    }

    @Test("a run is cancelled through the other engine and keeps the text that came", arguments: Backend.allCases)
    func cancel(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { _ in
            [.events([.text("half")]), .wait(gate)]
        } _: { test in
            let run = try await test.one.engine.start(EngineUnderTest.compare("a"))
            try await waitForText(test.one, run.id)
            try await test.two.engine.cancelRun(run.id)
            await test.two.engine.waitForRun(run.id)
            #expect(try await test.two.storage.run(run.id).status == .cancelled)
            let messages = try await test.two.storage.messages(ofRun: run.id)
            #expect(messages.map(\.status) == [.cancelled])
            #expect(messages.map(\.text) == ["half"])
            // Again is nothing.
            try await test.two.engine.cancelRun(run.id)
        }
    }

    @Test("who follows a run whose process died is told so", arguments: Backend.allCases)
    func death(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { _ in
            [.events([.text("half")]), .wait(gate)]
        } _: { test in
            let run = try await test.one.engine.start(EngineUnderTest.compare("a"))
            try await waitForText(test.two, run.id)
            async let followed = test.two.follow(run.id)
            try await test.overtake()
            let events = try await followed
            let last = try JSONValue(parsing: try #require(events.last).data)
            #expect(last["type"]?.string == "run.completed")
            #expect(last["status"]?.string == "interrupted")
            #expect(events.contains { $0.name == "snapshot" })
        }
    }

    @Test("an engine that was taken for dead stops its stream, says so, and serves on", arguments: Backend.allCases)
    func fencedStream(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { request in
            request.model == "a" ? [.events([.text("so far")]), .wait(gate)] : ScriptedProvider.answer("fine")
        } _: { test in
            let place = try await test.place()
            let open = try await test.one.engine.open(EngineUnderTest.ask("a", streamed: true, place: place))
            let id = try #require(open.message)
            let shown = Gate()
            async let delivered: PlenumError? = {
                do throws(PlenumError) {
                    try await open.deliver { _ in shown.open() }
                    return nil
                } catch { return error }
            }()
            await shown.wait()
            try await test.overtake()
            // The next write finds out, and goes through under a new lease.
            let served = try await test.one.engine.complete(EngineUnderTest.ask("b", streamed: false))
            #expect(try await test.two.storage.generation(served.generation.id).status == .completed)
            let error = await delivered
            #expect(error?.code == .interrupted)
            #expect(error?.isRetryable == false)
            #expect(try await test.two.storage.message(id).status == .interrupted)
            #expect(try await test.two.storage.generation(open.generation.id).status == .interrupted)
            // What it begins from then on is its own again.
            let again = ConversationPlace(conversation: place.conversation, parent: id)
            let answer = try await test.one.engine.complete(EngineUnderTest.ask("b", streamed: false, place: again))
            #expect(try await test.two.storage.recover(at: test.two.engine.clock.now()) == Recovery())
            #expect(try await test.two.storage.message(try #require(answer.message)).status == .completed)
        }
    }

    @Test("an engine that was taken for dead stops whole answers and runs", arguments: Backend.allCases)
    func fencedRun(backend: Backend) async throws {
        let gates = [Gate(), Gate()]
        try await TwoEnginesUnderTest.run(backend) { request in
            switch request.model {
            case "a": [.events([.text("half")]), .wait(gates[0])]
            case "b": [.wait(gates[1])]
            default: ScriptedProvider.answer("fine")
            }
        } _: { test in
            let place = try await test.place()
            let run = try await test.one.engine.start(EngineUnderTest.compare("a"))
            try await waitForText(test.one, run.id)
            async let followed = test.one.follow(run.id)
            async let answered: PlenumError? = {
                do throws(PlenumError) {
                    _ = try await test.one.engine.complete(EngineUnderTest.ask("b", streamed: false, place: place))
                    return nil
                } catch { return error }
            }()
            while test.one.provider.requests.count < 2 { await Task.yield() }
            try await test.overtake()
            _ = try await test.one.engine.complete(EngineUnderTest.ask("c", streamed: false))
            #expect(await answered?.code == .interrupted)
            let events = try await followed
            #expect(events.contains { $0.name == "seat.failed" })
            let last = try JSONValue(parsing: try #require(events.last).data)
            #expect(last["type"]?.string == "run.completed")
            #expect(last["status"]?.string == "interrupted")
            #expect(try await test.two.storage.run(run.id).status == .interrupted)
            #expect(try await test.two.storage.messages(ofRun: run.id).map(\.status) == [.interrupted])
        }
    }

    @Test("a question that is being answered elsewhere is not answered twice", arguments: Backend.allCases)
    func busy(backend: Backend) async throws {
        let gate = Gate()
        try await TwoEnginesUnderTest.run(backend) { _ in
            [.wait(gate)] + ScriptedProvider.answer("fine")
        } _: { test in
            let run = try await test.one.engine.start(EngineUnderTest.compare("a", "b"))
            let place = ConversationPlace(conversation: run.conversation)
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.two.engine.start(EngineUnderTest.compare("c", place: place))
            }
            #expect(error?.code == .conflict)
            gate.open()
            await test.two.engine.waitForRun(run.id)
            let next = try await test.two.engine.start(EngineUnderTest.compare("c", place: place))
            #expect(try await test.one.follow(next.id).last?.name == "run.completed")
        }
    }
}
