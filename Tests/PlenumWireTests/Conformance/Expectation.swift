import PlenumCore

/// What a recording says, found by walking its trees: none of the code under test is used but the JSON reader.
struct Expectation: Equatable {
    struct Call: Equatable {
        var name = ""
        var arguments = ""
    }

    var text = ""
    var thoughts = ""
    var calls: [Call] = []
    var stop = ""
    /// Uncached input, cache read, cache written, output, thoughts.
    var usage: [Int] = []

    init?(_ recording: Recording) throws {
        let frames = try Self.frames(recording)
        guard !frames.isEmpty else { return nil }
        switch recording.dialect {
        case .openAIChat: walkChat(frames)
        case .openAIResponses: walkResponses(frames)
        case .anthropicMessages: walkAnthropic(frames)
        case .gemini: walkGemini(frames)
        }
    }

    /// The JSON values of a body: one, an array's, or those of the `data:` lines.
    static func frames(_ recording: Recording) throws -> [JSONValue] {
        let text = String(decoding: recording.body, as: UTF8.self)
        if let whole = try? JSONValue(parsing: recording.body) { return whole.array ?? [whole] }
        return try text.replacing("\r\n", with: "\n").split(separator: "\n").compactMap { line in
            guard line.hasPrefix("data:") else { return nil }
            let data = line.dropFirst(5).drop { $0 == " " }
            return data == "[DONE]" ? nil : try JSONValue(parsing: String(data))
        }
    }

    private static func number(_ value: JSONValue?, _ path: String...) -> Int {
        path.reduce(value) { $0?[$1] }?.int ?? 0
    }

    private mutating func walkChat(_ frames: [JSONValue]) {
        for frame in frames {
            for choice in frame["choices"]?.array ?? [] where choice["index"]?.int == 0 {
                let message = choice["delta"] ?? choice["message"]
                text += message?["content"]?.string ?? ""
                let details = (message?["reasoning_details"]?.array ?? []).compactMap {
                    $0["text"]?.string ?? $0["summary"]?.string
                }
                thoughts +=
                    message?["reasoning_content"]?.string ?? message?["reasoning"]?.string
                    ?? details.joined(separator: "\n\n")
                walkPieces(message?["content"]?.array ?? [])
                for (offset, call) in (message?["tool_calls"]?.array ?? []).enumerated() {
                    let index = call["index"]?.int ?? offset
                    while calls.count <= index { calls.append(Call()) }
                    calls[index].name += call["function"]?["name"]?.string ?? ""
                    calls[index].arguments += call["function"]?["arguments"]?.string ?? ""
                }
                if let word = choice["finish_reason"]?.string, !word.isEmpty { stop = word }
            }
            guard let counts = frame["usage"] ?? frame["x_groq"]?["usage"], !counts.isNull else { continue }
            let cached = Self.number(counts, "prompt_tokens_details", "cached_tokens")
            let uncached = max(0, Self.number(counts, "prompt_tokens") - cached)
            let written = min(uncached, Self.number(counts, "prompt_tokens_details", "cache_write_tokens"))
            let thinking = Self.number(counts, "completion_tokens_details", "reasoning_tokens")
            // xAI alone counts thoughts in the total and not in the answer.
            let rest = Self.number(counts, "total_tokens") - Self.number(counts, "prompt_tokens")
            let answer = Self.number(counts, "completion_tokens")
            usage = [
                uncached - written, cached, written,
                rest == answer + thinking ? rest : answer, thinking,
            ]
        }
        stop =
            ["stop": calls.isEmpty ? "end_turn" : "tool_use", "length": "max_tokens", "tool_calls": "tool_use"][stop]
            ?? stop
    }

    /// The items as each of them ends, or as a whole reply lists them.
    private mutating func walkResponses(_ frames: [JSONValue]) {
        let ended = frames.filter { $0["type"] == "response.output_item.done" }.compactMap { $0["item"] }
        guard let last = frames.last.map({ $0["response"] ?? $0 }) else { return }
        for item in ended.isEmpty ? last["output"]?.array ?? [] : ended {
            let content = (item["content"]?.array ?? []).compactMap { $0["text"]?.string }
            switch item["type"]?.string {
            case "message": text += content.joined()
            case "reasoning":
                let summary = (item["summary"]?.array ?? []).compactMap { $0["text"]?.string }
                thoughts += (summary + content).joined(separator: "\n\n")
            case "function_call":
                calls.append(Call(name: item["name"]?.string ?? "", arguments: item["arguments"]?.string ?? ""))
            default: break
            }
        }
        stop = last["status"] == "incomplete" ? "max_tokens" : calls.isEmpty ? "end_turn" : "tool_use"
        let cached = Self.number(last["usage"], "input_tokens_details", "cached_tokens")
        let written = Self.number(last["usage"], "input_tokens_details", "cache_write_tokens")
        usage = [
            Self.number(last["usage"], "input_tokens") - cached - written, cached, written,
            Self.number(last["usage"], "output_tokens"),
            Self.number(last["usage"], "output_tokens_details", "reasoning_tokens"),
        ]
    }

    /// Mistral's content.
    private mutating func walkPieces(_ pieces: [JSONValue]) {
        for piece in pieces {
            text += piece["text"]?.string ?? ""
            for thought in piece["thinking"]?.array ?? [] { thoughts += thought["text"]?.string ?? "" }
        }
    }

    private mutating func walkAnthropic(_ frames: [JSONValue]) {
        var calls: [Int: Call] = [:]
        var order: [Int] = []
        var counts: [String: Int] = [:]
        func note(_ usage: JSONValue?) {
            for member in usage?.object?.members ?? [] {
                guard let value = member.value.int else { continue }
                counts[member.key] = member.key == "output_tokens" ? value : max(value, counts[member.key] ?? 0)
            }
            if let thinking = usage?["output_tokens_details"]?["thinking_tokens"]?.int { counts["thinking"] = thinking }
        }
        for frame in frames {
            note(frame["usage"])
            note(frame["message"]?["usage"])
            stop = frame["stop_reason"]?.string ?? frame["delta"]?["stop_reason"]?.string ?? stop
            let starts = frame["content_block"].map { [(frame["index"]?.int ?? 0, $0)] }
            let whole = frame["content"]?.array?.enumerated().map { ($0.offset, $0.element) }
            for (index, block) in starts ?? whole ?? [] {
                if block["type"] == "text" { text += block["text"]?.string ?? "" }
                if block["type"] == "thinking" { thoughts += block["thinking"]?.string ?? "" }
                guard block["type"] == "tool_use" else { continue }
                let input = block["input"]?.text ?? ""
                calls[index] = Call(name: block["name"]?.string ?? "", arguments: input == "{}" ? "" : input)
                order.append(index)
            }
            guard let delta = frame["delta"], let index = frame["index"]?.int else { continue }
            text += delta["text"]?.string ?? ""
            thoughts += delta["thinking"]?.string ?? ""
            calls[index]?.arguments += delta["partial_json"]?.string ?? ""
        }
        self.calls = order.compactMap { calls[$0] }.map {
            Call(name: $0.name, arguments: $0.arguments.isEmpty ? "{}" : $0.arguments)
        }
        usage = [
            counts["input_tokens"] ?? 0, counts["cache_read_input_tokens"] ?? 0,
            counts["cache_creation_input_tokens"] ?? 0, counts["output_tokens"] ?? 0, counts["thinking"] ?? 0,
        ]
    }

    private mutating func walkGemini(_ frames: [JSONValue]) {
        for frame in frames {
            let candidate = frame["candidates"]?.array?.first
            for part in candidate?["content"]?["parts"]?.array ?? [] {
                if let call = part["functionCall"] {
                    calls.append(Call(name: call["name"]?.string ?? "", arguments: call["args"]?.text ?? "{}"))
                } else if part["thought"] == true {
                    thoughts += part["text"]?.string ?? ""
                } else {
                    text += part["text"]?.string ?? ""
                }
            }
            if let word = candidate?["finishReason"]?.string { stop = word }
            guard let counts = frame["usageMetadata"], counts["promptTokenCount"] != nil else { continue }
            let cached = Self.number(counts, "cachedContentTokenCount")
            let thinking = Self.number(counts, "thoughtsTokenCount")
            usage = [
                Self.number(counts, "promptTokenCount") + Self.number(counts, "toolUsePromptTokenCount") - cached,
                cached,
                0, Self.number(counts, "candidatesTokenCount") + thinking, thinking,
            ]
        }
        stop = ["STOP": calls.isEmpty ? "end_turn" : "tool_use", "MAX_TOKENS": "max_tokens"][stop] ?? stop
    }
}

extension Expectation {
    /// The same of a reply that was read.
    init(_ reply: Reply) {
        text = reply.text
        thoughts = reply.reasoningText
        calls = reply.toolCalls.map { Call(name: $0.name, arguments: $0.arguments) }
        stop = reply.finish?.meaning.rawValue ?? ""
        if let read = reply.usage {
            let written = read.cacheWrite + read.cacheWriteLong
            usage = [read.inputUncached, read.cacheRead, written, read.output, read.reasoning]
        }
    }
}
