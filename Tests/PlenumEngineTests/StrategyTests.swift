import PlenumCore
import PlenumEngine
import PlenumTesting
import Synchronization
import Testing

@Suite("Strategies")
struct StrategyTests {
    @Test("fan-out calls every seat at once, then waits, then says how it went")
    func fanOut() {
        var state = StrategyState(seatCount: 3)
        #expect(FanOut().next(state) == .call([0, 1, 2]))
        state.seats = [.answering, .ended(.completed), .answering]
        #expect(FanOut().next(state) == .wait)
        state.seats = [.ended(.completed), .ended(.incomplete), .ended(.completed)]
        #expect(FanOut().next(state) == .finish(.completed, stopReason: "completed"))
        state.seats = [.ended(.completed), .ended(.failed), .ended(.completed)]
        #expect(FanOut().next(state) == .finish(.incomplete, stopReason: "some_seats_failed"))
        state.seats = [.ended(.failed), .ended(.failed), .ended(.cancelled)]
        #expect(FanOut().next(state) == .finish(.failed, stopReason: "failed"))
    }
}

@Suite("Ids")
struct IdentifierSourceTests {
    @Test("ids grow, also within a millisecond and when the clock steps back")
    func monotonic() {
        let times = Times()
        let source = IdentifierSource(clock: EngineClock(now: { times.next() }, ticks: { 0 }))
        var last = source.next(Message.self)
        for _ in 0..<20_000 {
            let id = source.next(Message.self)
            #expect(id > last)
            #expect(id.high & 0xF000 == 0x7000)
            #expect(id.low >> 62 == 2)
            last = id
        }
    }

    /// A clock that stands still for long and then steps back.
    private final class Times: Sendable {
        private let count = Mutex(0)

        func next() -> Timestamp {
            let step = count.withLock { count in
                count += 1
                return count
            }
            return Timestamp(milliseconds: step < 10_000 ? 1_700_000_000_000 : 1_600_000_000_000)
        }
    }
}

@Suite("Catalogue")
struct CatalogueTests {
    private func catalogue() -> Catalogue {
        let provider = ScriptedProvider { _ in [] }
        return Catalogue(
            [("x", "big"), ("x", "small"), ("y", "big")].map {
                Deployment(
                    model: Model(id: ModelID(provider: $0.0, model: $0.1)),
                    provider: provider,
                    providerName: $0.0,
                    availability: $0.0 == "y" && $0.1 == "big" ? .missingKey(variable: "Y_KEY") : .available
                )
            },
            aliases: ["fast": "x/small"]
        )
    }

    @Test("a model is found by its full name, a short name that is unique, and an alias")
    func names() throws {
        #expect(try catalogue().deployment(named: "y/big").model.id.description == "y/big")
        #expect(try catalogue().deployment(named: "small").model.id.description == "x/small")
        #expect(try catalogue().deployment(named: "fast").model.id.description == "x/small")
        // Two have this short name, and one of them can be asked.
        #expect(try catalogue().deployment(named: "big").model.id.description == "x/big")
    }

    @Test("a model without a key names the variable to set")
    func missingKey() {
        let error = #expect(throws: PlenumError.self) { _ = try catalogue().availableDeployment(named: "y/big") }
        #expect(error?.message.contains("Y_KEY") == true)
    }
}
