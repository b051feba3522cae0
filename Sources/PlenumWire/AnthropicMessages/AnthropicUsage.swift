import PlenumCore

/// Usage as Anthropic counts it: told at the start, and again, cumulative, at the end (wire notes 2.9).
struct AnthropicUsage: Sendable {
    private var usage = Usage()
    private(set) var isCounted = false

    var value: Usage { usage }

    /// Takes in one `usage`: the greatest of the input counters, the last of the output's.
    mutating func read(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.enterObjectIfAny() else { return }
        var written: Int?
        var split: (short: Int, long: Int)?
        while let key = try reader.nextKey() {
            switch key {
            case "input_tokens": usage.inputUncached = max(usage.inputUncached, try count(&reader))
            case "cache_read_input_tokens": usage.cacheRead = max(usage.cacheRead, try count(&reader))
            case "cache_creation_input_tokens": written = try reader.tokensIfAny()
            case "cache_creation": split = try Self.readSplit(&reader) ?? split
            case "output_tokens": usage.output = try count(&reader)
            case "output_tokens_details":
                guard try reader.enterObjectIfAny() else { continue }
                while let detail = try reader.nextKey() {
                    switch detail {
                    case "thinking_tokens": usage.reasoning = try count(&reader)
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        if let split, split.short + split.long >= written ?? 0 {
            usage.cacheWrite = max(usage.cacheWrite, split.short)
            usage.cacheWriteLong = max(usage.cacheWriteLong, split.long)
        } else if let written, usage.cacheWriteLong == 0 {
            usage.cacheWrite = max(usage.cacheWrite, written)
        }
        usage.reasoning = min(usage.reasoning, usage.output)
    }

    private mutating func count(_ reader: inout JSONReader) throws(JSONError) -> Int {
        isCounted = true
        return try reader.tokensIfAny() ?? 0
    }

    private static func readSplit(_ reader: inout JSONReader) throws(JSONError) -> (short: Int, long: Int)? {
        guard try reader.enterObjectIfAny() else { return nil }
        var split = (short: 0, long: 0)
        while let key = try reader.nextKey() {
            switch key {
            case "ephemeral_5m_input_tokens": split.short = try reader.tokensIfAny() ?? 0
            case "ephemeral_1h_input_tokens": split.long = try reader.tokensIfAny() ?? 0
            default: try reader.skip()
            }
        }
        return split
    }

    /// Writes the value of `usage`.
    static func write(_ usage: Usage, _ writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("input_tokens", usage.inputUncached)
        writer.member("cache_creation_input_tokens", usage.cacheWrite + usage.cacheWriteLong)
        writer.member("cache_read_input_tokens", usage.cacheRead)
        if usage.cacheWriteLong > 0 {
            writer.key("cache_creation")
            writer.beginObject()
            writer.member("ephemeral_5m_input_tokens", usage.cacheWrite)
            writer.member("ephemeral_1h_input_tokens", usage.cacheWriteLong)
            writer.endObject()
        }
        writer.member("output_tokens", usage.output)
        if usage.reasoning > 0 {
            writer.key("output_tokens_details")
            writer.beginObject()
            writer.member("thinking_tokens", usage.reasoning)
            writer.endObject()
        }
        writer.endObject()
    }
}
