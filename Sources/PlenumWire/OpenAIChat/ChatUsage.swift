import PlenumCore

/// Usage as OpenAI counts it and others extend it (wire notes 2.9).
enum ChatUsage {
    private struct Counts {
        var prompt = 0
        var completion = 0
        var total: Int?
        var cached: Int?
        var cacheHit: Int?
        var written = 0
        var reasoning = 0
        var cost: Money?
    }

    /// Reads the value of `usage`; `nil` for `null` and for an object that counts nothing.
    static func read(_ reader: inout JSONReader) throws(JSONError) -> Usage? {
        guard try reader.enterObjectIfAny() else { return nil }
        var counts = Counts()
        var isCounted = false
        while let key = try reader.nextKey() {
            switch key {
            case "prompt_tokens":
                counts.prompt = try reader.tokensIfAny() ?? 0
                isCounted = true
            case "completion_tokens":
                counts.completion = try reader.tokensIfAny() ?? 0
                isCounted = true
            case "total_tokens": counts.total = try reader.tokensIfAny()
            case "prompt_cache_hit_tokens": counts.cacheHit = try reader.tokensIfAny()
            case "prompt_tokens_details": try readPrompt(&reader, &counts)
            case "completion_tokens_details": try readCompletion(&reader, &counts)
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
        return isCounted ? usage(counts) : nil
    }

    private static func readPrompt(_ reader: inout JSONReader, _ counts: inout Counts) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "cached_tokens": counts.cached = try reader.tokensIfAny()
            case "cache_write_tokens": counts.written = try reader.tokensIfAny() ?? 0
            default: try reader.skip()
            }
        }
    }

    private static func readCompletion(_ reader: inout JSONReader, _ counts: inout Counts) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "reasoning_tokens": counts.reasoning = try reader.tokensIfAny() ?? 0
            default: try reader.skip()
            }
        }
    }

    private static func usage(_ counts: Counts) -> Usage {
        let read = max(counts.cached ?? 0, counts.cacheHit ?? 0)
        // What was written cannot be more than what was not read: OpenRouter's count repeats the one in the other.
        let written = min(counts.written, max(0, counts.prompt - read))
        var output = counts.completion
        // xAI leaves thoughts out of the completion, and only the total tells.
        if counts.reasoning > 0, counts.total == counts.prompt + output + counts.reasoning {
            output += counts.reasoning
        }
        var usage = Usage(
            inputUncached: max(0, counts.prompt - read - written),
            cacheRead: read,
            cacheWrite: written,
            output: output,
            reasoning: min(counts.reasoning, output)
        )
        usage.reportedCost = counts.cost
        return usage
    }

    /// Writes the value of `usage`.
    static func write(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("prompt_tokens", usage.input)
        writer.member("completion_tokens", usage.output)
        writer.member("total_tokens", usage.total)
        writer.key("prompt_tokens_details")
        writer.beginObject()
        writer.member("cached_tokens", usage.cacheRead)
        let written = usage.cacheWrite + usage.cacheWriteLong
        if written > 0 { writer.member("cache_write_tokens", written) }
        writer.endObject()
        writer.key("completion_tokens_details")
        writer.beginObject()
        writer.member("reasoning_tokens", usage.reasoning)
        writer.endObject()
        if let cost = usage.reportedCost {
            writer.key("cost")
            writer.raw(cost.description.utf8)
        }
        writer.endObject()
    }
}
