import PlenumCore

/// Puts the items of a reply together from their events, by their position in the output.
///
/// Servers differ: an item may come in deltas that its end repeats, at its end alone, or only in the reply's last event.
/// Each word of it is told once (wire notes 2.11).
struct ResponsesOutputItems: Sendable {
    private var items: [Int: ResponsesOutputItem] = [:]
    private var callCount = 0
    private var doneCount = 0
    private var doneIDs: Set<String> = []
    private(set) var hasRefusal = false
    /// A call's signature that was sent before it, as our own writer does.
    private var signature: OpaqueState?

    /// Whether a call was asked for.
    var hasCalls: Bool { callCount > 0 }

    /// Takes the beginning of an item.
    mutating func begin(_ item: JSONValue, at index: Int, _ events: inout [ReplyEvent]) {
        var opened = items[index].flatMap { $0.isDone ? nil : $0 } ?? ResponsesOutputItem()
        if !Self.isCall(item) { dropSignature(&events) }
        opened.begin(item, &callCount, &signature, &events)
        items[index] = opened
    }

    /// Takes a piece of an item, or the whole of such a piece.
    mutating func take(_ text: String, of event: ResponsesEvent, _ events: inout [ReplyEvent]) {
        var item = items.removeValue(forKey: event.index) ?? ResponsesOutputItem()
        switch event.kind {
        case .textDelta: item.say(text, .text(event.part), &events)
        case .textDone: item.repair(text, .text(event.part), &events)
        case .refusalDelta: item.say(text, .refusal(event.part), &events)
        case .refusalDone: item.repair(text, .refusal(event.part), &events)
        case .thoughtDelta: item.say(text, .thought(event.part), &events)
        case .thoughtDone: item.repair(text, .thought(event.part), &events)
        case .summaryDelta: item.say(text, .summary(event.part), &events)
        case .summaryDone: item.repair(text, .summary(event.part), &events)
        case .argumentsDelta, .inputDelta: item.say(text, .call, &events)
        case .argumentsDone, .inputDone: item.repair(text, .call, &events)
        default: break
        }
        if event.kind == .refusalDelta || event.kind == .refusalDone { hasRefusal = true }
        items[event.index] = item
    }

    /// Takes a complete item.
    mutating func end(_ item: JSONValue, at index: Int, _ events: inout [ReplyEvent]) {
        let id = item["id"]?.string ?? ""
        // A server that counts every item as the first begins a new one in the place of one that has ended.
        var ended = items[index].flatMap { $0.isDone ? nil : $0 } ?? ResponsesOutputItem()
        if !id.isEmpty, !doneIDs.insert(id).inserted { return }
        doneCount += 1
        if !Self.isCall(item) { dropSignature(&events) }
        ended.end(item, &callCount, &signature, &events)
        if (item["content"]?.array ?? []).contains(where: { $0["type"] == "refusal" }) { hasRefusal = true }
        items[index] = ended
    }

    private static func isCall(_ item: JSONValue) -> Bool {
        item["type"] == "function_call" || item["type"] == "custom_tool_call"
    }

    /// Tells a signature for itself if no call follows it.
    private mutating func dropSignature(_ events: inout [ReplyEvent]) {
        if let state = signature { events.append(.reasoningState(state)) }
        signature = nil
    }

    /// Takes the output as the reply's last event lists it, which may be empty: what is new in it is told.
    mutating func complete(_ output: [JSONValue], _ events: inout [ReplyEvent]) {
        if doneCount < output.count {
            for (index, item) in output.enumerated() where items[index]?.isDone != true {
                end(item, at: index, &events)
            }
        }
        dropSignature(&events)
        for index in items.keys.sorted() { items[index]?.close(&events) }
    }
}
