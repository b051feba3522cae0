import PlenumCore

/// What one delta, or one whole message, says of one call.
struct ChatCallDelta {
    var index: Int?
    var id: String?
    var name: String?
    var arguments: String?
    var signature: String?
    /// Whether the call is of a tool that takes free text, so that ``arguments`` is text and no JSON.
    var isFreeform = false
}

/// Puts the calls of a reply together from their deltas.
///
/// Servers differ (wire notes 2.11): the index may be missing or 0 for every call, the id may be missing or repeated in
/// each delta, the name may come late or again. A call begins when its name is known. The text of a call that takes free
/// text becomes the member `input` of its arguments, escaped piece by piece.
struct ChatToolCalls: Sendable {
    private struct Slot {
        var wireIndex: Int?
        var id: String?
        var name: String?
        /// The index of the call in the events, once it began.
        var started: Int?
        var pending = ""
        var signature: String?
        var isFreeform = false
        /// Whether the text of a free call was begun.
        var isOpen = false
        var isClosed = false
        /// Whether the arguments so far are whole.
        var balance = JSONBalance()
    }
    private var slots: [Slot] = []
    private var count = 0

    /// Whether a call began.
    var isEmpty: Bool { count == 0 }

    /// Whether the arguments of a call stop in the middle.
    var isCutOff: Bool { slots.contains { !$0.isFreeform && $0.started != nil && $0.balance.isOpen } }

    /// Takes one delta. `replyID` goes into ids that must be made up.
    mutating func take(_ delta: ChatCallDelta, replyID: String?, into events: inout [ReplyEvent]) {
        let position = slot(for: delta)
        if slots[position].id == nil, let id = delta.id, !id.isEmpty { slots[position].id = id }
        if slots[position].name == nil, let name = delta.name, !name.isEmpty { slots[position].name = name }
        if slots[position].signature == nil { slots[position].signature = delta.signature }
        if delta.isFreeform { slots[position].isFreeform = true }
        let fragment = delta.arguments ?? ""
        guard let index = slots[position].started else {
            slots[position].pending += fragment
            start(position, replyID, &events)
            return
        }
        tell(fragment, of: position, index, &events)
    }

    /// Ends the calls that take free text.
    mutating func finish(into events: inout [ReplyEvent]) {
        for position in slots.indices where slots[position].isFreeform && !slots[position].isClosed {
            guard let index = slots[position].started else { continue }
            let opening = slots[position].isOpen ? "" : FreeformText.opening
            events.append(.toolArguments(index: index, fragment: opening + FreeformText.closing))
            slots[position].isClosed = true
        }
    }

    private mutating func tell(_ fragment: String, of position: Int, _ index: Int, _ events: inout [ReplyEvent]) {
        guard !fragment.isEmpty else { return }
        guard slots[position].isFreeform else {
            slots[position].balance.take(fragment)
            events.append(.toolArguments(index: index, fragment: fragment))
            return
        }
        guard !slots[position].isClosed else { return }
        let opening = slots[position].isOpen ? "" : FreeformText.opening
        slots[position].isOpen = true
        events.append(.toolArguments(index: index, fragment: opening + FreeformText.escaped(fragment)))
    }

    private mutating func start(_ position: Int, _ replyID: String?, _ events: inout [ReplyEvent]) {
        guard let name = slots[position].name else { return }
        let index = count
        count += 1
        let id = slots[position].id ?? CallIDs.made(for: replyID, index)
        slots[position].started = index
        let state = slots[position].signature.map { OpaqueState(.geminiSignature, $0) }
        events.append(.toolCall(index: index, id: id, name: name, opaque: state))
        let pending = slots[position].pending
        slots[position].pending = ""
        tell(pending, of: position, index, &events)
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
