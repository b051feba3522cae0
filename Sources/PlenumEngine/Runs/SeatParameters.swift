public import PlenumCore

/// The parameters of a seat, as the API and the database write them.
public struct SeatParameters: Sendable, Hashable {
    /// The members, each checked: `temperature`, `top_p`, `max_output_tokens`, `reasoning_effort`, `seed`, `stop`.
    public let json: JSONObject

    /// Makes parameters that leave every default.
    public init() { json = JSONObject() }

    /// Checks an object.
    /// - Parameters:
    ///   - object: the members.
    ///   - path: where the object stands, for the error.
    /// - Throws: `invalidRequest` naming the member that is not known or not of its type.
    public init(_ object: JSONObject, path: String) throws(PlenumError) {
        for (name, value) in object.members {
            guard let fits = Self.checks[name] else {
                let known = Self.checks.keys.sorted().joined(separator: ", ")
                throw PlenumError(
                    .invalidRequest,
                    "A seat has no parameter \"\(name)\". It has: \(known).",
                    parameter: "\(path).\(name)"
                )
            }
            guard fits(value) else {
                throw PlenumError(
                    .invalidRequest,
                    "The parameter \"\(name)\" has a value that it cannot have.",
                    parameter: "\(path).\(name)"
                )
            }
        }
        json = object
    }

    private static let checks: [String: @Sendable (JSONValue) -> Bool] = [
        "temperature": { (0...2).contains($0.number?.double ?? .nan) },
        "top_p": { (0...1).contains($0.number?.double ?? .nan) },
        "max_output_tokens": { ($0.int ?? 0) > 0 },
        "reasoning_effort": { !($0.string ?? "").isEmpty },
        "seed": { $0.int != nil },
        "stop": { value in value.array.map { $0.allSatisfy { $0.string?.isEmpty == false } && $0.count <= 16 } ?? false
        },
    ]

    /// Sets parameters that were checked before into a request.
    static func apply(_ json: JSONObject, to chat: inout ChatRequest) {
        chat.sampling.temperature = json["temperature"]?.number
        chat.sampling.topP = json["top_p"]?.number
        chat.sampling.seed = json["seed"]?.number
        chat.maxOutputTokens = json["max_output_tokens"]?.int ?? chat.maxOutputTokens
        chat.stop = json["stop"]?.array?.compactMap(\.string) ?? []
        if let effort = json["reasoning_effort"]?.string { chat.reasoning = ReasoningRequest(effort: effort) }
    }
}
