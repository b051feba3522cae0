import PlenumCore

/// The items of a reply as they are written: what is open, what is done, and the events that tell of it.
struct ResponsesWrittenItems {
    /// The value of a member of an event.
    enum Value {
        case raw([UInt8]), json(JSONValue), text(String), int(Int)
    }

    /// An event to be written.
    struct Event {
        var type: StaticString
        var members: [(name: String, value: Value)]
    }

    /// A kind of content part.
    enum PartKind {
        case text, refusal
    }

    private struct Message {
        var id: String
        var index: Int
        var content: [JSONValue] = []
        var kind: PartKind?
        var text = ""
    }

    private struct Thoughts {
        var id: String
        var index: Int
        var text = ""
    }

    private let stem: String
    private let freeformTools: Set<String>
    private var events: [Event] = []
    private var message: Message?
    private var thoughts: Thoughts?
    private var calls: [ResponsesWrittenCall] = []
    private var slots: [JSONValue?] = []

    init(replyID: String, freeformTools: Set<String>) {
        stem = replyID.hasPrefix("resp_") ? String(replyID.dropFirst(5)) : replyID
        self.freeformTools = freeformTools
    }

    /// The items that are complete, in order.
    var done: [JSONValue] { slots.compactMap { $0 } }

    /// Gives the events since the last time.
    mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    /// Closes whatever is open.
    mutating func closeAll() {
        closeBlocks()
        for call in calls { finish(call) }
        calls = []
    }

    /// Closes the message or the thoughts, and the calls that are complete: others may still get arguments.
    private mutating func closeBlocks() {
        closeMessage()
        close(thoughts: nil)
        for call in calls where call.isComplete { finish(call) }
        calls.removeAll { $0.isComplete }
    }

    private mutating func open(_ prefix: String) -> (id: String, index: Int) {
        slots.append(nil)
        return ("\(prefix)_\(stem)_\(slots.count - 1)", slots.count - 1)
    }

    private mutating func tell(_ type: StaticString, _ members: [(name: String, value: Value)]) {
        events.append(Event(type: type, members: members))
    }

    private mutating func added(_ index: Int, _ item: JSONValue) {
        tell("response.output_item.added", [("output_index", .int(index)), ("item", .json(item))])
    }

    private mutating func ended(_ index: Int, _ item: JSONValue) {
        slots[index] = item
        tell("response.output_item.done", [("output_index", .int(index)), ("item", .json(item))])
    }

    // MARK: Messages

    /// Says more of the answer or of a refusal.
    mutating func say(_ text: String, as kind: PartKind) {
        guard !text.isEmpty else { return }
        if message == nil {
            closeBlocks()
            let (id, index) = open("msg")
            message = Message(id: id, index: index)
            added(index, Self.item(id, status: "in_progress", []))
        }
        if message?.kind != kind {
            closePart()
            message?.kind = kind
            tell("response.content_part.added", part() + [("part", .json(Self.part(kind, "")))])
        }
        message?.text += text
        switch kind {
        case .text: tell("response.output_text.delta", part() + [("delta", .text(text)), ("logprobs", .json([]))])
        case .refusal: tell("response.refusal.delta", part() + [("delta", .text(text))])
        }
    }

    private static func item(_ id: String, status: String, _ content: [JSONValue]) -> JSONValue {
        [
            "id": .string(id), "type": "message", "status": .string(status), "role": "assistant",
            "content": .array(content),
        ]
    }

    private static func part(_ kind: PartKind, _ text: String) -> JSONValue {
        switch kind {
        case .text: ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
        case .refusal: ["type": "refusal", "refusal": .string(text)]
        }
    }

    /// Where the open part stands.
    private func part() -> [(name: String, value: Value)] {
        guard let message else { return [] }
        return [
            ("item_id", .text(message.id)), ("output_index", .int(message.index)),
            ("content_index", .int(message.content.count)),
        ]
    }

    private mutating func closePart() {
        guard let open = message, let kind = open.kind else { return }
        let whole = Self.part(kind, open.text)
        switch kind {
        case .text:
            tell("response.output_text.done", part() + [("text", .text(open.text)), ("logprobs", .json([]))])
        case .refusal: tell("response.refusal.done", part() + [("refusal", .text(open.text))])
        }
        tell("response.content_part.done", part() + [("part", .json(whole))])
        message?.content.append(whole)
        message?.kind = nil
        message?.text = ""
    }

    private mutating func closeMessage() {
        closePart()
        guard let message else { return }
        self.message = nil
        ended(message.index, Self.item(message.id, status: "completed", message.content))
    }

    // MARK: Thoughts

    /// Says more of the thoughts, which go out as a summary: clients show it.
    mutating func think(_ text: String) {
        guard !text.isEmpty else { return }
        if thoughts == nil { openThoughts() }
        if thoughts?.text.isEmpty == true {
            tell("response.reasoning_summary_part.added", summary() + [("part", .json(Self.summary("")))])
        }
        thoughts?.text += text
        tell("response.reasoning_summary_text.delta", summary() + [("delta", .text(text))])
    }

    private mutating func openThoughts() {
        closeBlocks()
        let (id, index) = open("rs")
        thoughts = Thoughts(id: id, index: index)
        added(index, ["id": .string(id), "type": "reasoning", "summary": []])
    }

    private static func summary(_ text: String) -> JSONValue { ["type": "summary_text", "text": .string(text)] }

    private func summary() -> [(name: String, value: Value)] {
        guard let thoughts else { return [] }
        return [
            ("item_id", .text(thoughts.id)), ("output_index", .int(thoughts.index)), ("summary_index", .int(0)),
        ]
    }

    /// Ends the thoughts with the state that belongs to them; state without thoughts is an item too.
    mutating func close(thoughts state: OpaqueState?) {
        if thoughts == nil, state != nil { openThoughts() }
        guard let open = thoughts else { return }
        var item = JSONObject([("id", .string(open.id)), ("type", "reasoning"), ("summary", [])])
        if !open.text.isEmpty {
            tell("response.reasoning_summary_text.done", summary() + [("text", .text(open.text))])
            tell("response.reasoning_summary_part.done", summary() + [("part", .json(Self.summary(open.text)))])
            item["summary"] = [Self.summary(open.text)]
        }
        if let state {
            let closed = state.kind == .openAIEncrypted ? state.payload : OpaqueEnvelope.close(state)
            item["encrypted_content"] = .string(closed)
        }
        thoughts = nil
        ended(open.index, .object(item))
    }

    // MARK: Calls and other items

    /// Begins a call. A signature of its own goes before it as reasoning, which clients bring back unread.
    mutating func beginCall(_ callIndex: Int, id callID: String, name: String, state: OpaqueState?) {
        closeBlocks()
        if let state { close(thoughts: state) }
        let isFreeform = freeformTools.contains(name)
        let (id, index) = open(isFreeform ? "ctc" : "fc")
        let call = ResponsesWrittenCall(
            callIndex: callIndex,
            callID: callID,
            name: name,
            id: id,
            index: index,
            isFreeform: isFreeform
        )
        calls.append(call)
        added(index, call.item(status: "in_progress", ""))
    }

    /// Says more of a call's arguments.
    mutating func addArguments(_ callIndex: Int, _ fragment: String) {
        guard !fragment.isEmpty, let position = calls.firstIndex(where: { $0.callIndex == callIndex }) else { return }
        let delta = calls[position].take(fragment)
        guard !delta.isEmpty else { return }
        tell(calls[position].deltaType, calls[position].place + [("delta", .text(delta))])
    }

    private mutating func finish(_ call: ResponsesWrittenCall) {
        let (text, rest) = call.ending
        if !rest.isEmpty { tell(call.deltaType, call.place + [("delta", .text(rest))]) }
        if call.isFreeform {
            tell("response.custom_tool_call_input.done", call.place + [("input", .text(text))])
        } else {
            tell(
                "response.function_call_arguments.done",
                call.place + [("name", .text(call.name)), ("arguments", .text(text))]
            )
        }
        ended(call.index, call.item(status: "completed", text))
    }

    /// Adds an item that is known in this dialect alone.
    mutating func add(_ item: JSONValue) {
        closeBlocks()
        let (_, index) = open("item")
        added(index, item)
        ended(index, item)
    }
}
