import PlenumCore

/// One item of a reply on its way.
struct ResponsesOutputItem: Sendable {
    /// A text of an item.
    enum Place: Hashable, Sendable {
        case text(Int), refusal(Int), thought(Int), summary(Int), call
    }

    private var said: [Place: SaidText] = [:]
    private var callIndex: Int?
    private var isFreeform = false
    private var isOpen = false
    /// What came of a call before its name was known.
    private var pending = ""
    private(set) var isDone = false

    /// Takes the item as it is at its beginning, which may hold all of a call already.
    mutating func begin(
        _ item: JSONValue,
        _ callCount: inout Int,
        _ signature: inout OpaqueState?,
        _ events: inout [ReplyEvent]
    ) {
        guard let text = beginCall(item, &callCount, &signature, &events) else { return }
        repair(text, .call, &events)
    }

    /// Begins a call if the item is one and its name is known.
    /// - Returns: the arguments or the text that stand in the item; `nil` if it is no call.
    private mutating func beginCall(
        _ item: JSONValue,
        _ callCount: inout Int,
        _ signature: inout OpaqueState?,
        _ events: inout [ReplyEvent]
    ) -> String? {
        let type = item["type"]?.string
        guard type == "function_call" || type == "custom_tool_call" else { return nil }
        isFreeform = type == "custom_tool_call"
        let field = item[isFreeform ? "input" : "arguments"]
        let text = field?.string ?? field?.object.map { JSONValue.object($0).text } ?? ""
        guard callIndex == nil, let name = item["name"]?.string, !name.isEmpty else { return text }
        let ids = [item["call_id"]?.string, item["id"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        callIndex = callCount
        let id = ids.first ?? CallIDs.made(for: name, callCount)
        events.append(.toolCall(index: callCount, id: id, name: name, opaque: signature))
        signature = nil
        callCount += 1
        if !pending.isEmpty {
            let held = pending
            pending = ""
            tellArguments(held, &events)
        }
        return text
    }

    /// Takes a delta.
    mutating func say(_ text: String, _ place: Place, _ events: inout [ReplyEvent]) {
        guard !isDone else { return }
        let isFirst = said[place, default: SaidText()].isEmpty
        said[place, default: SaidText()].add(text)
        switch place {
        case .text: events.append(.text(text))
        case .refusal: events.append(.refusal(text))
        case .thought, .summary:
            // The parts of a summary are paragraphs.
            if isFirst, said.count > 1 { events.append(.reasoning("\n\n")) }
            events.append(.reasoning(text))
        case .call:
            if callIndex == nil { pending += text } else { tellArguments(text, &events) }
        }
    }

    /// Takes the whole of a text: what is missing of it is told.
    mutating func repair(_ whole: String, _ place: Place, _ events: inout [ReplyEvent]) {
        guard let rest = said[place, default: SaidText()].missing(of: whole) else { return }
        say(rest, place, &events)
    }

    private mutating func tellArguments(_ text: String, _ events: inout [ReplyEvent]) {
        guard let callIndex else { return }
        guard isFreeform else { return events.append(.toolArguments(index: callIndex, fragment: text)) }
        let opening = isOpen ? "" : FreeformText.opening
        isOpen = true
        events.append(.toolArguments(index: callIndex, fragment: opening + FreeformText.escaped(text)))
    }

    /// Takes the complete item.
    mutating func end(
        _ item: JSONValue,
        _ callCount: inout Int,
        _ signature: inout OpaqueState?,
        _ events: inout [ReplyEvent]
    ) {
        switch item["type"]?.string {
        case "message":
            for (index, part) in (item["content"]?.array ?? []).enumerated() {
                if let text = part["text"]?.string { repair(text, .text(index), &events) }
                if let text = part["refusal"]?.string { repair(text, .refusal(index), &events) }
            }
        case "reasoning": endReasoning(item, &signature, &events)
        case "function_call", "custom_tool_call":
            if let text = beginCall(item, &callCount, &signature, &events) { repair(text, .call, &events) }
            close(&events)
        case nil: break
        default: events.append(.opaque(.openAIResponses, item))
        }
        isDone = true
    }

    private mutating func endReasoning(
        _ item: JSONValue,
        _ signature: inout OpaqueState?,
        _ events: inout [ReplyEvent]
    ) {
        for (index, part) in (item["summary"]?.array ?? []).enumerated() {
            if let text = part["text"]?.string { repair(text, .summary(index), &events) }
        }
        for (index, part) in (item["content"]?.array ?? []).enumerated() {
            if let text = part["text"]?.string { repair(text, .thought(index), &events) }
        }
        guard let closed = item["encrypted_content"]?.string, !closed.isEmpty else { return }
        let state = OpaqueEnvelope.open(closed) ?? OpaqueState(.openAIEncrypted, closed)
        if state.kind == .geminiSignature, said.isEmpty {
            signature = state
        } else {
            events.append(.reasoningState(state))
        }
    }

    /// Ends the free text of a call, whose arguments are JSON only then.
    mutating func close(_ events: inout [ReplyEvent]) {
        guard isFreeform, !isDone, let callIndex else { return }
        let opening = isOpen ? "" : FreeformText.opening
        events.append(.toolArguments(index: callIndex, fragment: opening + FreeformText.closing))
        isDone = true
    }
}
