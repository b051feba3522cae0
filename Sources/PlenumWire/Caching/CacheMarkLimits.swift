import PlenumCore

/// Anthropic's limits on marks for the cache: four in a request, and none of the long time behind one of the short
/// (wire notes 1.3). OpenAI's clients know other limits.
enum CacheMarkLimits {
    private static let most = 4

    /// Takes away the first marks beyond the limit, since the last cover the longest prompt, and evens out the times.
    static func apply(to body: inout JSONObject) {
        var excess = max(0, count(body) - most)
        var isShort = false
        for name in ["tools", "system"] {
            body[name] = body[name].map { list($0, &excess, &isShort) }
        }
        body["messages"] = body["messages"].map { messages in
            guard case .array(let all) = messages else { return messages }
            return .array(
                all.map { message in
                    guard var object = message.object, let content = object["content"] else { return message }
                    object["content"] = list(content, &excess, &isShort)
                    return .object(object)
                }
            )
        }
    }

    private static func count(_ body: JSONObject) -> Int {
        let lists =
            [body["tools"], body["system"]].map { $0?.array ?? [] }
            + (body["messages"]?.array ?? []).map { $0["content"]?.array ?? [] }
        return lists.joined().count { $0["cache_control"] != nil }
    }

    private static func list(_ value: JSONValue, _ excess: inout Int, _ isShort: inout Bool) -> JSONValue {
        guard case .array(let elements) = value, elements.contains(where: { $0["cache_control"] != nil }) else {
            return value
        }
        return .array(
            elements.map { element in
                guard var object = element.object, let mark = object["cache_control"] else { return element }
                if excess > 0 {
                    excess -= 1
                    object["cache_control"] = nil
                } else if mark["ttl"] != "1h" {
                    isShort = true
                } else if isShort {
                    object["cache_control"] = CacheMark(isLong: false).control
                }
                return .object(object)
            }
        )
    }
}
