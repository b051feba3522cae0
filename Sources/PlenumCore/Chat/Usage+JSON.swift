/// Usage as Plenum's own API writes it.
extension Usage {
    /// `input_tokens` is the whole prompt; the details tell how much of it a cache had.
    public var json: JSONValue {
        [
            "input_tokens": .number(JSONNumber(input)),
            "input_tokens_details": [
                "cached_tokens": .number(JSONNumber(cacheRead)),
                "cache_write_tokens": .number(JSONNumber(cacheWrite + cacheWriteLong)),
            ],
            "output_tokens": .number(JSONNumber(output)),
            "output_tokens_details": ["reasoning_tokens": .number(JSONNumber(reasoning))],
            "total_tokens": .number(JSONNumber(total)),
        ]
    }
}

extension RecordedError {
    /// The error as Plenum's own API writes it.
    public var json: JSONValue {
        ["code": .string(code), "message": .string(message), "retryable": .bool(isRetryable)]
    }
}
