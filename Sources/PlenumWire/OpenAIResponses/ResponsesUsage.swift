import PlenumCore

/// Usage as Responses counts it, and as xAI and OpenRouter extend it (wire notes 2.9).
enum ResponsesUsage {
    private struct Counts {
        var input: Int?
        var output: Int?
        var cached = 0
        var written = 0
        var writtenLong = 0
        var reasoning = 0
        var cost: Money?
    }

    /// Reads the value of `usage`; `nil` for `null` and for an object that counts nothing.
    static func read(_ reader: inout JSONReader) throws(JSONError) -> Usage? {
        guard try reader.enterObjectIfAny() else { return nil }
        var counts = Counts()
        while let key = try reader.nextKey() {
            switch key {
            case "input_tokens": counts.input = try reader.tokensIfAny()
            case "output_tokens": counts.output = try reader.tokensIfAny()
            case "input_tokens_details": try readInput(&reader, &counts)
            case "output_tokens_details": try readOutput(&reader, &counts)
            case "cost":
                guard try reader.peek() == .number else {
                    try reader.skip()
                    continue
                }
                counts.cost = Money(dollars: try reader.readNumber().text)
            case "cost_in_usd_ticks":
                // xAI's unit, 10^-10 dollars.
                if let ticks = try reader.intIfAny(), ticks >= 0 { counts.cost = Money(nanoDollars: Int64(ticks / 10)) }
            default: try reader.skip()
            }
        }
        return counts.input == nil && counts.output == nil ? nil : usage(counts)
    }

    private static func readInput(_ reader: inout JSONReader, _ counts: inout Counts) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        while let key = try reader.nextKey() {
            switch key {
            case "cached_tokens": counts.cached = try reader.tokensIfAny() ?? 0
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
        let output = counts.output ?? 0
        let long = min(counts.writtenLong, counts.written)
        var usage = Usage(
            inputUncached: max(0, (counts.input ?? 0) - counts.cached - counts.written),
            cacheRead: counts.cached,
            cacheWrite: counts.written - long,
            cacheWriteLong: long,
            output: output,
            reasoning: min(counts.reasoning, output)
        )
        usage.reportedCost = counts.cost
        return usage
    }

    /// Writes the value of `usage`; its details are never left out, since the client's type has them as numbers.
    static func write(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("input_tokens", usage.input)
        writer.key("input_tokens_details")
        writer.beginObject()
        writer.member("cached_tokens", usage.cacheRead)
        writer.member("cache_write_tokens", usage.cacheWrite + usage.cacheWriteLong)
        if usage.cacheWriteLong > 0 {
            writer.key("cache_write_tokens_details")
            writer.beginObject()
            writer.member("ttl_30m_tokens", usage.cacheWrite)
            writer.member("ttl_12h_tokens", usage.cacheWriteLong)
            writer.endObject()
        }
        writer.endObject()
        writer.member("output_tokens", usage.output)
        writer.key("output_tokens_details")
        writer.beginObject()
        writer.member("reasoning_tokens", usage.reasoning)
        writer.endObject()
        writer.member("total_tokens", usage.total)
        if let cost = usage.reportedCost {
            writer.key("cost")
            writer.raw(cost.description.utf8)
        }
        writer.endObject()
    }
}
