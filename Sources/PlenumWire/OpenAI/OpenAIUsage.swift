import PlenumCore

/// Usage as OpenAI counts it, and as others extend it (wire notes 2.9). Its two dialects have the same numbers under
/// other names.
enum OpenAIUsage {
    case chat
    case responses

    private var input: String { self == .chat ? "prompt_tokens" : "input_tokens" }
    private var output: String { self == .chat ? "completion_tokens" : "output_tokens" }

    private struct Counts {
        var input: Int?
        var output: Int?
        var total: Int?
        var cached = 0
        var written = 0
        var writtenLong = 0
        var reasoning = 0
        var cost: Money?
    }

    /// Reads the value of `usage`; `nil` for `null` and for an object that counts nothing.
    func read(_ reader: inout JSONReader) throws(JSONError) -> Usage? {
        guard try reader.enterObjectIfAny() else { return nil }
        var counts = Counts()
        while let key = try reader.nextKey() {
            switch key {
            case "prompt_tokens" where self == .chat, "input_tokens" where self == .responses:
                counts.input = try reader.tokensIfAny()
            case "completion_tokens" where self == .chat, "output_tokens" where self == .responses:
                counts.output = try reader.tokensIfAny()
            case "total_tokens": counts.total = try reader.tokensIfAny()
            case "prompt_cache_hit_tokens": counts.cached = max(counts.cached, try reader.tokensIfAny() ?? 0)
            case "prompt_tokens_details" where self == .chat, "input_tokens_details" where self == .responses:
                try Self.readInput(&reader, &counts)
            case "completion_tokens_details" where self == .chat, "output_tokens_details" where self == .responses:
                try Self.readOutput(&reader, &counts)
            case "cost":
                guard try reader.peek() == .number else {
                    try reader.skip()
                    continue
                }
                counts.cost = Money(dollars: try reader.readNumber().text)
            case "cost_in_usd_ticks":
                // xAI's unit, 10^-10 dollars: checked against the prices of a recorded grok-4-fast reply.
                if let ticks = try reader.intIfAny(), ticks >= 0 { counts.cost = Money(nanoDollars: Int64(ticks / 10)) }
            default: try reader.skip()
            }
        }
        return counts.input == nil && counts.output == nil ? nil : Self.usage(counts)
    }

    private static func readInput(_ reader: inout JSONReader, _ counts: inout Counts) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "cached_tokens": counts.cached = max(counts.cached, try reader.tokensIfAny() ?? 0)
            case "cache_write_tokens": counts.written = try reader.tokensIfAny() ?? 0
            case "cache_write_tokens_details":
                guard try reader.enterObjectIfAny() else { continue }
                while let detail = try reader.nextKey() {
                    switch detail {
                    case "ttl_12h_tokens": counts.writtenLong = try reader.tokensIfAny() ?? 0
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
    }

    private static func readOutput(_ reader: inout JSONReader, _ counts: inout Counts) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "reasoning_tokens": counts.reasoning = try reader.tokensIfAny() ?? 0
            default: try reader.skip()
            }
        }
    }

    private static func usage(_ counts: Counts) -> Usage {
        let input = counts.input ?? 0
        // What was written cannot be more than what was not read: OpenRouter's count repeats the one in the other.
        let written = min(counts.written, max(0, input - counts.cached))
        let long = min(counts.writtenLong, written)
        var output = counts.output ?? 0
        // xAI leaves thoughts out of the completion, and only the total tells.
        if counts.reasoning > 0, counts.total == input + output + counts.reasoning { output += counts.reasoning }
        var usage = Usage(
            inputUncached: max(0, input - counts.cached - written),
            cacheRead: counts.cached,
            cacheWrite: written - long,
            cacheWriteLong: long,
            output: output,
            reasoning: min(counts.reasoning, output)
        )
        usage.reportedCost = counts.cost
        return usage
    }

    /// Writes the value of `usage`, with the members in the order of the dialect.
    func write(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member(input, usage.input)
        if self == .responses { writeInput(usage, &writer) }
        writer.member(output, usage.output)
        if self == .responses { writeOutput(usage, &writer) }
        writer.member("total_tokens", usage.total)
        if self == .chat {
            writeInput(usage, &writer)
            writeOutput(usage, &writer)
        }
        if let cost = usage.reportedCost {
            writer.key("cost")
            writer.raw(cost.description.utf8)
        }
        writer.endObject()
    }

    private func writeInput(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.key("\(input)_details")
        writer.beginObject()
        writer.member("cached_tokens", usage.cacheRead)
        let written = usage.cacheWrite + usage.cacheWriteLong
        // Clients of Responses have it as a number that is always there.
        if self == .responses || written > 0 { writer.member("cache_write_tokens", written) }
        if self == .responses, usage.cacheWriteLong > 0 {
            writer.key("cache_write_tokens_details")
            writer.beginObject()
            writer.member("ttl_30m_tokens", usage.cacheWrite)
            writer.member("ttl_12h_tokens", usage.cacheWriteLong)
            writer.endObject()
        }
        writer.endObject()
    }

    private func writeOutput(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.key("\(output)_details")
        writer.beginObject()
        writer.member("reasoning_tokens", usage.reasoning)
        writer.endObject()
    }
}
