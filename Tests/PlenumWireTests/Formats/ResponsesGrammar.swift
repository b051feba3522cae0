import PlenumCore
import Testing

/// The grammar of a Responses stream, as official clients hold a server to it (wire notes 1.2 and 5.1).
struct ResponsesGrammar {
    let events: [JSONValue]
    private var items: [Int: JSONValue] = [:]
    private var ended: [JSONValue] = []
    private var openParts: Set<String> = []
    private var said: [String: String] = [:]
    private(set) var faults: [String] = []

    /// Reads a stream.
    init(_ stream: [UInt8]) throws {
        var events: [JSONValue] = []
        var name: String?
        var faults: [String] = []
        for line in String(decoding: stream, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
            guard line.hasPrefix("data: ") else { continue }
            let event = try JSONValue(parsing: String(line.dropFirst(6)))
            if event["type"]?.string != name { faults.append("\(name ?? "no name") is not the type \(event.text)") }
            events.append(event)
        }
        self.events = events
        self.faults = faults
    }

    /// The types, in order.
    var types: [String] { events.compactMap { $0["type"]?.string?.replacing("response.", with: "") } }

    /// The items of the last event.
    var output: [JSONValue] { events.last?["response"]?["output"]?.array ?? [] }

    /// Checks every rule.
    mutating func check() {
        for (number, event) in events.enumerated() where event["sequence_number"]?.int != number {
            faults.append("event \(number) has another number")
        }
        if types.prefix(2) != ["created", "in_progress"] { faults.append("it begins with \(types.prefix(2))") }
        let terminals = types.filter { ["completed", "incomplete", "failed"].contains($0) }
        if terminals.count != 1 || types.last != terminals.first { faults.append("it ends with \(terminals)") }
        for event in events { follow(event) }
        if !openParts.isEmpty { faults.append("parts stay open: \(openParts)") }
        if ended.count != items.count { faults.append("\(items.count - ended.count) items stay open") }
        let byPosition = ended.sorted { ($0["at"]?.int ?? 0) < ($1["at"]?.int ?? 0) }.compactMap { $0["item"] }
        if output != byPosition { faults.append("the last event has other items") }
    }

    private mutating func follow(_ event: JSONValue) {
        let type = event["type"]?.string?.replacing("response.", with: "") ?? ""
        if let response = event["response"] { return follow(response: response, type) }
        guard let index = event["output_index"]?.int else { return faults.append("\(type) has no position") }
        switch type {
        case "output_item.added":
            if index != items.count { faults.append("position \(index) after \(items.count) items") }
            items[index] = event["item"]
            if event["item"]?["type"] == "function_call", event["item"]?["arguments"] != "" {
                faults.append("a call begins with \(event["item"]?["arguments"]?.text ?? "no arguments")")
            }
        case "output_item.done":
            if items[index]?["id"] != event["item"]?["id"] { faults.append("item \(index) ends with another id") }
            if event["item"]?["id"] == "" { faults.append("item \(index) has an empty id") }
            ended.append(["at": .number(JSONNumber(index)), "item": event["item"] ?? .null])
        default: follow(event, type, index)
        }
    }

    private mutating func follow(response: JSONValue, _ type: String) {
        let status = ["created": "in_progress"][type] ?? type
        if response["status"]?.string != status { faults.append("\(type) has another status") }
        for name in ["id", "object", "created_at", "model", "output", "tools", "tool_choice", "parallel_tool_calls"] {
            if response[name] == nil || response[name]?.isNull == true { faults.append("\(type) lacks \(name)") }
        }
        if type == "completed" {
            let usage = response["usage"]
            for detail in [
                usage?["input_tokens_details"]?["cached_tokens"], usage?["output_tokens_details"]?["reasoning_tokens"],
            ] where detail?.int == nil { faults.append("usage has no details") }
        }
        if type == "failed", response["error"]?["message"]?.string == nil { faults.append("the error is elsewhere") }
    }

    private mutating func follow(_ event: JSONValue, _ type: String, _ index: Int) {
        if event["item_id"] != items[index]?["id"] || event["item_id"] == nil {
            faults.append("\(type) of item \(index) names another id, or comes before it")
        }
        let position = event["content_index"]?.int ?? event["summary_index"]?.int
        let part = "\(index).\(position ?? 0)"
        let isCall = type.contains("arguments") || type.contains("input")
        if type.hasSuffix("part.added") {
            openParts.insert(part)
        } else if type.hasSuffix("part.done") {
            if openParts.remove(part) == nil { faults.append("\(type) of a part that is not open") }
        } else if !isCall, !openParts.contains(part) {
            faults.append("\(type) of a part that is not open")
        }
        if type.hasSuffix(".delta") { said[part, default: ""] += event["delta"]?.string ?? "" }
        guard type.hasSuffix(".done"), !type.hasSuffix("part.done") else { return }
        let whole = ["text", "refusal", "arguments", "input"].compactMap { event[$0]?.string }.first
        if whole != said[part, default: ""] { faults.append("\(type) is \(whole ?? "nothing"), not what was said") }
    }
}
