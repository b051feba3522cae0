/// Something in a request that a provider cannot be told as it stands, and what was done about it.
public struct RequestWarning: Sendable, Hashable, CustomStringConvertible {
    /// What was done.
    public enum Action: String, Sendable, Hashable {
        /// It was left out.
        case dropped
        /// Something weaker was asked for.
        case downgraded
        /// It was said in another way.
        case converted
        /// It was put elsewhere.
        case moved
        /// Something was added that the client did not say.
        case added
    }

    /// What it is about, as a path in the words of the canonical request, such as `top_k` or `tools.search`.
    public var path: String
    /// What was done.
    public var action: Action

    /// Makes a warning.
    public init(_ path: String, _ action: Action) {
        self.path = path
        self.action = action
    }

    /// As the header field `x-plenum-warnings` lists it: `top_k;dropped`.
    public var description: String { "\(path);\(action.rawValue)" }
}
