import Testing

@testable import PlenumTransport

@Suite("The parts of the reactor")
struct ReactorPartTests {
    @Test("deadlines come out in order, whatever was changed and removed in between")
    func deadlineOrder() {
        var heap = DeadlineHeap()
        var model: [Int: Int64] = [:]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            let slot = Int.random(in: 0..<200, using: &generator)
            let deadline = Int64.random(in: 0..<1000, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0:
                heap.remove(slot)
                model[slot] = nil
            case 1:
                heap.advance(Instant(nanoseconds: deadline), for: slot)
                if let old = model[slot] { model[slot] = min(old, deadline) }
            default:
                heap.set(Instant(nanoseconds: deadline), for: slot)
                model[slot] = deadline
            }
            #expect(heap.earliest?.nanoseconds == model.values.min())
        }
        #expect(heap.popExpired(at: Instant(nanoseconds: -1)) == nil)
        var last: Int64 = 0
        while let slot = heap.popExpired(at: .never) {
            let deadline = model.removeValue(forKey: slot) ?? -1
            #expect(deadline >= last)
            last = deadline
        }
        #expect(model.isEmpty && heap.isEmpty)
    }

    @Test("a request on a kept connection costs no change to what the kernel watches")
    func lazyInterest() {
        var table = SocketTable()
        table.opened(5)
        #expect(table.want(.write, of: 5) == .watch(.write, isKnown: false))
        #expect(table.want(.read, of: 5) == .watch(.read, isKnown: true))
        #expect(table.want([], of: 5) == .none)
        #expect(table.want(.read, of: 5) == .none)
        #expect(table.want([], of: 5) == .none)
        #expect(table.settle(5) == .forget)
        #expect(table.settle(5) == .none)
        #expect(table.want(.read, of: 5) == .watch(.read, isKnown: false))
        table.closed(5)
        #expect(table.openCount == 0)
        #expect(table.wanted(of: 5) == [])
    }

    @Test("a socket that libcurl opened for itself is forgotten at once")
    func foreignSocket() {
        var table = SocketTable()
        #expect(table.want(.read, of: 900) == .watch(.read, isKnown: false))
        #expect(table.want([], of: 900) == .forget)
        table.closed(900)
        #expect(table.openCount == 0)
    }

    @Test("sums of time saturate, and milliseconds are rounded up")
    func instants() {
        let start = Instant(nanoseconds: 1_000)
        #expect(start + .seconds(Int64.max) == .never)
        #expect((start + .seconds(Int64.min)).nanoseconds <= start.nanoseconds)
        #expect(start + .nanoseconds(5) == Instant(nanoseconds: 1_005))
        #expect(start.milliseconds(until: Instant(nanoseconds: 1_001)) == 1)
        #expect(start.milliseconds(until: Instant(nanoseconds: 3_001_000)) == 3)
        #expect(start.milliseconds(until: Instant(nanoseconds: 0)) == 0)
        #expect(start.milliseconds(until: .never) == .max)
    }

    @Test("headers keep their order and are found in any case")
    func headers() {
        let headers: TransportHeaders = ["Content-Type": "a", "x": "", "content-TYPE": "b"]
        #expect(headers["content-type"] == "a")
        #expect(headers.values(of: "CONTENT-TYPE") == ["a", "b"])
        #expect(headers["x"] == "" && headers["y"] == nil)
        #expect(headers.map(\.name) == ["Content-Type", "x", "content-TYPE"])
        #expect(headers == TransportHeaders([("Content-Type", "a"), ("x", ""), ("content-TYPE", "b")]))
    }

    @Test(
        "a message names the host and port, never credentials, path or query",
        arguments: [
            ("https://user:secret@api.test:8443/v1?key=secret", "api.test:8443"), ("http://h?secret", "h"),
            ("http://[::1]:80/", "[::1]:80"),
        ]
    )
    func origin(url: String, origin: String) {
        #expect(TransportRequest(url: url).origin == origin)
    }
}
