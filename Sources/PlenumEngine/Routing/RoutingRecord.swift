public import PlenumCore

/// What was tried for an answer and why: what OpenRouter calls `openrouter_metadata`.
public struct RoutingRecord: Sendable, Hashable {
    /// Somebody who could be asked.
    public struct Endpoint: Sendable, Hashable {
        /// The provider's name for people.
        public var provider: String
        /// The model, as `provider/id`.
        public var model: String
        /// Whether it gave the answer, or was the last to be asked for it.
        public var isSelected: Bool
    }

    /// An attempt at the answer.
    public struct Attempt: Sendable, Hashable {
        /// The provider's name for people.
        public var provider: String
        /// The model, as `provider/id`.
        public var model: String
        /// The HTTP status of the provider's answer; `nil` if there was none, or not yet.
        public var status: Int?
        /// Why it failed; `nil` if it did not.
        public var error: PlenumError.Code?
    }

    /// The model that was asked for, in the client's words.
    public var requested: String
    /// What the order of those who could be asked comes from: `direct`, `fallback`, `auto`, `order`, `price`, `throughput`
    /// or `latency`; `sticky` where the session's last deployment comes first.
    public var strategy: String
    /// Those who could be asked, in order.
    public var endpoints: [Endpoint]
    /// The attempts, in order.
    public var attempts: [Attempt]
    /// Members of `provider` that mean nothing to this server.
    public var ignored: [String]

    /// How many endpoints are told of one by one.
    private static let mostShown = 50

    /// A sentence for people.
    public var summary: String {
        let last = attempts.last
        let tried = attempts.count == 1 ? "1 attempt" : "\(attempts.count) attempts"
        let end = last.map { "\($0.error == nil ? "answered by" : "last asked:") \($0.model) at \($0.provider)" }
        return "\(endpoints.count) available, \(tried)" + (end.map { ", \($0)" } ?? "")
    }

    /// The record as a member of a reply.
    public var json: JSONObject {
        var members: [JSONObject.Member] = [
            ("requested", .string(requested)), ("strategy", .string(strategy)), ("region", .null),
            ("summary", .string(summary)), ("attempt", .number(JSONNumber(attempts.count))), ("is_byok", true),
            (
                "endpoints",
                [
                    "total": .number(JSONNumber(endpoints.count)),
                    "available": .array(endpoints.prefix(Self.mostShown).map(\.json)),
                ]
            ), ("attempts", .array(attempts.map(\.json))),
        ]
        if !ignored.isEmpty { members.append(("ignored_parameters", .array(ignored.map { .string($0) }))) }
        return JSONObject(members)
    }
}

extension RoutingRecord.Endpoint {
    fileprivate var json: JSONValue {
        ["provider": .string(provider), "model": .string(model), "selected": .bool(isSelected)]
    }
}

extension RoutingRecord.Attempt {
    fileprivate var json: JSONValue {
        var members: [JSONObject.Member] = [
            ("provider", .string(provider)), ("model", .string(model)),
            ("status", status.map { .number(JSONNumber($0)) } ?? .null),
        ]
        if let error { members.append(("error", .string(error.rawValue))) }
        return .object(JSONObject(members))
    }
}
