import Testing

@testable import PlenumEngine

@Suite("How fast a deployment was")
struct PaceTests {
    @Test("the averages move with each answer, the last one counting most")
    func averages() {
        var pace = Pace()
        pace.add(.init(firstContent: 100, tokens: 50, milliseconds: 1000))
        #expect(pace.firstContent == 100 && pace.tokensPerSecond == 50)
        pace.add(.init(firstContent: 200, tokens: 100, milliseconds: 1000))
        #expect(pace.firstContent == 120 && pace.tokensPerSecond == 60)
        // An answer in one piece, one without tokens and one in no time say nothing.
        pace.add(.init(firstContent: nil, tokens: 0, milliseconds: 10))
        pace.add(.init(firstContent: nil, tokens: 10, milliseconds: 0))
        #expect(pace.firstContent == 120 && pace.tokensPerSecond == 60)
    }

    @Test("ten thousand sessions are remembered, and the oldest make room")
    func sessions() {
        let sessions = StickySessions()
        func key(_ number: Int) -> StickySessions.Key { .init(session: "s\(number)", models: ["m"]) }
        let place = Deployment.ID(position: 1)
        for number in 0..<10_000 { sessions.remember(key(number), place, at: UInt64(number)) }
        #expect(sessions.count == 10_000 && sessions.place(of: key(0), at: 1) == place)
        sessions.remember(key(10_000), place, at: 10_000)
        #expect(sessions.count < 10_000 && sessions.count > 8000)
        #expect(sessions.place(of: key(0), at: 10_000) == nil && sessions.place(of: key(9999), at: 10_000) == place)
        #expect(sessions.place(of: .init(session: "s9999", models: ["other"]), at: 10_000) == nil)
        for number in 20_000..<40_000 { sessions.remember(key(number), place, at: UInt64(number)) }
        #expect(sessions.count <= 10_000)
        // What is over goes first.
        let later = StickySessions.idle + 50_000
        #expect(sessions.place(of: key(39_999), at: later) == nil)
        for number in 50_000..<62_000 { sessions.remember(key(number), place, at: later) }
        #expect(sessions.place(of: key(61_999), at: later) == place && sessions.count <= 10_000)
    }
}
