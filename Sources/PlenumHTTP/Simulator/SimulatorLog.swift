import PlenumCore
import PlenumEngine
import Synchronization

/// What the simulator was called with and what came of it, the latest calls only.
final class SimulatorLog: Sendable {
    /// Who ended what is not whole.
    enum Side: String, Sendable {
        case simulator
        case client
    }

    /// How a call ended.
    enum End: Sendable {
        case completed
        case refused
        case broken(by: Side)
    }

    /// A call.
    struct Call: Sendable {
        /// From 1, also after others were forgotten.
        let sequence: Int
        let dialect: Dialect
        let startedAt: Timestamp
        var model: String?
        var isStreamed: Bool?
        var body: [UInt8] = []
        /// How many bytes the body had.
        var bodySize = 0
        /// How many characters of text were written.
        var characters = 0
        /// What the whole answer tells.
        var usage: Usage?
        var status: Int?
        var endedAt: Timestamp?
        var how: End?

        /// Notes how it ended; what was noted first stays.
        mutating func end(_ end: End, status: Int? = nil) {
            self.status = self.status ?? status
            guard how == nil else { return }
            how = end
            endedAt = EngineClock.system.now()
        }
    }

    private struct State {
        var calls: [Call] = []
        var last = 0
        var bytes = 0
    }

    /// The most calls that are kept.
    static let limit = 10_000
    /// The most bytes that are kept of one body, and of all.
    static let (bodyLimit, totalLimit) = (64 << 10, 64 << 20)

    private let state = Mutex(State())

    /// Notes a call; gives its number.
    func begin(_ dialect: Dialect) -> Int {
        state.withLock { state in
            state.last += 1
            if state.calls.count >= Self.limit || state.bytes > Self.totalLimit { Self.shorten(&state) }
            state.calls.append(
                Call(sequence: state.last, dialect: dialect, startedAt: EngineClock.system.now())
            )
            return state.last
        }
    }

    /// Forgets the oldest tenth: one at a time would move all others each time.
    private static func shorten(_ state: inout State) {
        let count = max(1, state.calls.count / 10)
        state.bytes -= state.calls.prefix(count).reduce(0) { $0 + $1.body.count }
        state.calls.removeFirst(count)
    }

    /// Notes more of a call, if it was not forgotten.
    func change(_ sequence: Int, _ change: (inout Call) -> Void) {
        state.withLock { state in
            guard let place = Self.place(of: sequence, state) else { return }
            change(&state.calls[place])
        }
    }

    /// Notes as much of a call's body as has come.
    func keep(_ body: [UInt8], of sequence: Int) {
        let kept = Array(body.prefix(Self.bodyLimit))
        state.withLock { state in
            guard let place = Self.place(of: sequence, state) else { return }
            state.bytes += kept.count - state.calls[place].body.count
            state.calls[place].body = kept
            state.calls[place].bodySize = body.count
        }
    }

    private static func place(of sequence: Int, _ state: State) -> Int? {
        guard let first = state.calls.first?.sequence, sequence >= first else { return nil }
        let place = sequence - first
        return place < state.calls.count ? place : nil
    }

    /// Forgets all calls.
    func forget() {
        state.withLock { state in
            state.calls.removeAll()
            state.bytes = 0
        }
    }

    /// The calls after one, oldest first.
    func list(after sequence: Int) -> JSONValue {
        let (calls, last) = state.withLock { ($0.calls, $0.last) }
        return [
            "object": "list", "data": .array(calls.filter { $0.sequence > sequence }.map(\.json)),
            "total": .number(JSONNumber(last)),
        ]
    }
}

extension SimulatorLog.Call {
    /// The call as the route shows it. Usage is what was told: `null` unless the answer was whole.
    fileprivate var json: JSONValue {
        var isCompleted = false
        var (status, side) = ("answering", JSONValue.null)
        switch how {
        case .completed?: (status, isCompleted) = ("completed", true)
        case .refused?: status = "refused"
        case .broken(let by)?: (status, side) = ("broken", .string(by.rawValue))
        case nil: break
        }
        return .object(
            JSONObject([
                ("sequence", Self.number(sequence)), ("model", Self.text(model)),
                ("dialect", Self.text(dialect.rawValue)),
                ("stream", isStreamed.map { .bool($0) } ?? .null), ("body", bodyJSON),
                ("body_bytes", Self.number(bodySize)), ("status", .string(status)), ("broken_by", side),
                ("http_status", Self.number(self.status)), ("answer_length", Self.number(characters)),
                ("usage", isCompleted ? usage?.json ?? .null : .null),
                ("started_ms", Self.number(Int(startedAt.milliseconds))),
                ("ended_ms", Self.number(endedAt.map { Int($0.milliseconds) })),
            ])
        )
    }

    private static func number(_ value: Int?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }

    private static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    /// The body as it came: a tree if it is kept whole and is JSON, else text.
    private var bodyJSON: JSONValue {
        if bodySize == body.count, let tree = try? JSONValue(parsing: body) { return tree }
        return .string(String(decoding: body, as: UTF8.self))
    }
}
