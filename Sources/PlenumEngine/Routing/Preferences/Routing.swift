public import PlenumCore

/// What a client says of who is to be asked.
public struct Routing: Sendable, Hashable {
    /// Which deployments, in which order.
    public var preferences = RoutingPreferences()
    /// The client's name for what belongs together: its requests go to one deployment, whose cache knows them, while that is
    /// well. At most ``longestSession`` characters; `nil` for a request by itself.
    public var session: String?
    /// What the request needs of a model; found out from a canonical prompt if `nil`, and nothing where the prompt is a
    /// client's own bytes.
    public var needs: RequestNeeds?

    /// The most characters of a session's name, as at OpenRouter.
    public static let longestSession = 256

    /// Makes a value that says nothing.
    public init() {}

    /// Reads what a request says of it.
    /// - Parameters:
    ///   - provider: the body's `provider`; `nil` if it is not there.
    ///   - session: the body's `session_id`; `nil` if it is not there.
    ///   - header: the header field `x-session-id`, which counts where the body says nothing.
    /// - Throws: `invalidRequest` with the path of what is wrong.
    public init(provider: JSONValue?, session: JSONValue? = nil, header: String? = nil) throws(PlenumError) {
        if let provider, !provider.isNull { preferences = try RoutingPreferences(json: provider) }
        if let session, !session.isNull {
            guard let name = session.string else { throw Self.wrongSession("session_id") }
            self.session = try Self.session(name, "session_id")
        } else if let header {
            self.session = try Self.session(header, "x-session-id")
        }
    }

    private static func session(_ name: String, _ path: String) throws(PlenumError) -> String? {
        // Bytes first: a hostile name is not counted to its end.
        guard name.utf8.count <= longestSession * 8, name.count <= longestSession else { throw wrongSession(path) }
        return name.isEmpty ? nil : name
    }

    private static func wrongSession(_ path: String) -> PlenumError {
        PlenumError(
            .invalidRequest,
            "\"\(path)\" must be a string of at most \(longestSession) characters.",
            parameter: path
        )
    }
}
