import PlenumCore
import Synchronization

/// What models had in mind when they asked for calls, for clients whose dialect could not carry it (wire notes 2.7): it goes
/// back to its model with the calls' results, or to nobody.
final class CallMemory: Sendable {
    private struct State {
        var states: [String: CallState] = [:]
        /// Calls in the order in which they were noted, oldest first.
        var order: [String] = []
        var bytes = 0
    }

    private let state = Mutex(State())

    /// The most turns, and the most bytes of them, that are held in memory: the storage has the others.
    private static let (countLimit, byteLimit) = (4096, 64 << 20)
    /// How many turns back are looked for: what is older is no turn that goes on.
    private static let reach = 64
    /// How long it is kept: a loop that a person has to agree to may wait for a weekend.
    static let lifetime: Int64 = 7 * 86_400_000

    /// What is worth keeping of a reply: a turn with calls that has state; `nil` for any other.
    static func state(of reply: Reply, at time: Timestamp) -> CallState? {
        guard let first = reply.toolCalls.first, first.id.utf8.count <= CallState.idLimit, hasState(reply.parts) else {
            return nil
        }
        let parts = reply.parts.filter { $0.reasoning != nil || $0.toolCall != nil }
        guard parts.byteCount <= CallState.limit else { return nil }
        return CallState(call: first.id, parts: parts, createdAt: time)
    }

    /// Notes a turn.
    func note(_ call: CallState) {
        state.withLock { state in
            if let old = state.states.updateValue(call, forKey: call.call) {
                state.bytes -= old.parts.byteCount
            } else {
                state.order.append(call.call)
            }
            state.bytes += call.parts.byteCount
            var dropped = 0
            while state.bytes > Self.byteLimit || state.order.count - dropped > Self.countLimit {
                guard dropped < state.order.count else { break }
                if let old = state.states.removeValue(forKey: state.order[dropped]) {
                    state.bytes -= old.parts.byteCount
                }
                dropped += 1
            }
            state.order.removeFirst(dropped)
        }
    }

    /// Gives turns back what their models had in mind, where the client did not bring it.
    func restore(_ turns: [Turn], from storage: any Storage) async -> [Turn] {
        var places: [(place: Int, call: String)] = []
        for (place, turn) in turns.enumerated() where turn.role == .assistant && !Self.hasState(turn.parts) {
            guard let call = turn.parts.lazy.compactMap(\.toolCall).first, !call.id.isEmpty else { continue }
            places.append((place, call.id))
        }
        guard !places.isEmpty else { return turns }
        places = places.suffix(Self.reach)
        var known = state.withLock { state in places.compactMap { state.states[$0.call] } }
        let names = Set(known.map(\.call))
        let missing = places.map(\.call).filter { !names.contains($0) }
        // Without what is kept the answer is a little worse; without an answer it is nothing.
        if !missing.isEmpty, let found = try? await storage.callStates(of: missing) { known += found }
        var restored = turns
        for (place, call) in places {
            guard let kept = known.first(where: { $0.call == call }) else { continue }
            restored[place].parts = Self.restore(turns[place].parts, kept.parts)
        }
        return restored
    }

    /// Puts state back to the calls that have the same ids and say the same: ids of other turns may be equal by chance.
    private static func restore(_ parts: [ContentPart], _ kept: [ContentPart]) -> [ContentPart] {
        let calls = kept.compactMap(\.toolCall)
        for call in parts.lazy.compactMap(\.toolCall) {
            guard calls.contains(where: { $0.id == call.id && $0.name == call.name }) else { return parts }
        }
        let thoughts = kept.filter { $0.reasoning != nil }
        let rest = parts.filter { $0.reasoning == nil }.map { part -> ContentPart in
            guard var call = part.toolCall else { return part }
            call.opaque = calls.first { $0.id == call.id }?.opaque
            return .toolCall(call)
        }
        return thoughts + rest
    }

    private static func hasState(_ parts: [ContentPart]) -> Bool {
        parts.contains { $0.reasoning?.opaque != nil || $0.toolCall?.opaque != nil }
    }
}
