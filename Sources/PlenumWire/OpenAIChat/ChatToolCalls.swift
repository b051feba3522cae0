import PlenumCore

/// What one delta, or one whole message, says of one call.
struct ChatCallDelta {
    var index: Int?
    var id: String?
    var name: String?
    var arguments: String?
    var signature: String?
}

/// Puts the calls of a reply together from their deltas.
///
/// Servers differ (wire notes 2.11): the index may be missing or 0 for every call, the id may be missing or repeated in
/// each delta, the name may come late or again. A call begins when its name is known.
struct ChatToolCalls: Sendable {
    private struct Slot {
        var wireIndex: Int?
        var id: String?
        var name: String?
        /// The index of the call in the events, once it began.
        var started: Int?
        var pending = ""
        var signature: String?
    }
    private var slots: [Slot] = []
    private var count = 0

    /// Whether a call began.
    var isEmpty: Bool { count == 0 }

    /// Takes one delta. `replyID` goes into ids that must be made up.
    mutating func take(_ delta: ChatCallDelta, replyID: String?, into events: inout [ReplyEvent]) {
        let position = slot(for: delta)
        if slots[position].id == nil, let id = delta.id, !id.isEmpty { slots[position].id = id }
        if slots[position].name == nil, let name = delta.name, !name.isEmpty { slots[position].name = name }
        if slots[position].signature == nil { slots[position].signature = delta.signature }
        let fragment = delta.arguments ?? ""
        guard let index = slots[position].started else {
            slots[position].pending += fragment
            start(position, replyID, &events)
            return
        }
        if !fragment.isEmpty { events.append(.toolArguments(index: index, fragment: fragment)) }
    }

    private mutating func start(_ position: Int, _ replyID: String?, _ events: inout [ReplyEvent]) {
        guard let name = slots[position].name else { return }
        let index = count
        count += 1
        let id = slots[position].id ?? SyntheticID.call(replyID, index)
        slots[position].started = index
        let state = slots[position].signature.map { OpaqueState(.geminiSignature, $0) }
        events.append(.toolCall(index: index, id: id, name: name, opaque: state))
        guard !slots[position].pending.isEmpty else { return }
        events.append(.toolArguments(index: index, fragment: slots[position].pending))
        slots[position].pending = ""
    }

    /// Finds the call that a delta goes on with, or begins a new one.
    private mutating func slot(for delta: ChatCallDelta) -> Int {
        let id = delta.id.flatMap { $0.isEmpty ? nil : $0 }
        let candidate: Int?
        if let index = delta.index {
            candidate = slots.lastIndex { $0.wireIndex == index }
        } else if let id {
            candidate = slots.lastIndex { $0.id == id }
        } else {
            candidate = delta.name?.isEmpty == false ? nil : slots.indices.last
        }
        if let candidate, id == nil || slots[candidate].id == nil || slots[candidate].id == id { return candidate }
        slots.append(Slot(wireIndex: delta.index))
        return slots.count - 1
    }
}

/// Ids for calls to which a provider gave none: the same reply always gives the same ids.
enum SyntheticID {
    static func call(_ replyID: String?, _ index: Int) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in (replyID ?? "").utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "call_\(String(hash, radix: 36))_\(index)"
    }
}
