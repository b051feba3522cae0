import PlenumCore

/// Tokens in the export: as the API writes them, and beside that what makes them exact.
extension Usage {
    /// The most that a counter may say in a file, so that no sum of such can overflow: a million million.
    private static let limit = 1_000_000_000_000

    var exportJSON: JSONValue {
        guard var object = json.object else { return .null }
        object["uncached_tokens"] = .number(JSONNumber(inputUncached))
        object["cache_write_tokens"] = .number(JSONNumber(cacheWrite))
        object["cache_write_long_tokens"] = .number(JSONNumber(cacheWriteLong))
        object["reported_cost"] = reportedCost.map { .string($0.description) } ?? .null
        return .object(object)
    }

    init?(exported json: JSONValue) {
        guard json.object != nil else { return nil }
        self.init()
        inputUncached = Self.count(json["uncached_tokens"])
        cacheRead = Self.count(json["input_tokens_details"]?["cached_tokens"])
        cacheWrite = Self.count(json["cache_write_tokens"])
        cacheWriteLong = Self.count(json["cache_write_long_tokens"])
        output = Self.count(json["output_tokens"])
        reasoning = Self.count(json["output_tokens_details"]?["reasoning_tokens"])
        reportedCost = json["reported_cost"]?.string.flatMap(Money.init(dollars:))
    }

    private static func count(_ json: JSONValue?) -> Int {
        min(max(json?.int ?? 0, -limit), limit)
    }
}
