/// The name under which clients know a model: the provider's id, a slash, and the model's.
public struct ModelID: Sendable, Hashable, CustomStringConvertible {
    /// The provider's id, without a slash.
    public let provider: String
    /// The model's id at that provider; it may have slashes of its own.
    public let model: String

    /// Puts a name together.
    public init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }

    /// Takes a name apart at its first slash; `nil` if there is none or a side of it is empty.
    public init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/"), slash != text.startIndex else { return nil }
        let model = text[text.index(after: slash)...]
        guard !model.isEmpty else { return nil }
        self.init(provider: String(text[..<slash]), model: String(model))
    }

    /// `provider/model`
    public var description: String { "\(provider)/\(model)" }
}
