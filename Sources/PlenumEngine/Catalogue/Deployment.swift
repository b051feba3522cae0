public import PlenumCore

/// A model at a provider that can be asked for it.
public struct Deployment: Sendable {
    /// Whether asking makes sense.
    public enum Availability: Sendable, Hashable {
        /// It can be asked.
        case available
        /// No key is set; the environment variable that would hold it.
        case missingKey(variable: String)
    }

    /// Which one it is in its catalogue.
    struct ID: Sendable, Hashable {
        var position: Int
    }

    /// Which one it is, once it is in a catalogue.
    var id = ID(position: -1)
    /// The model.
    public var model: Model
    /// Whom to ask.
    public var provider: any LLMProvider
    /// The provider's name for people.
    public var providerName: String
    /// Whether asking makes sense.
    public var availability: Availability
    /// A name for the key that it is asked with, which tells nothing of the key: when the provider refuses that, all that
    /// have it rest. `nil` for one that shares its key with nobody.
    public var key: String?
    /// How long its provider is waited for.
    public var patience: Patience
    /// Whether its answers are made up by Plenum itself, to try things out without a key.
    public var isSimulated: Bool

    /// Makes a deployment.
    public init(
        model: Model,
        provider: any LLMProvider,
        providerName: String,
        availability: Availability = .available,
        key: String? = nil,
        patience: Patience = Patience(),
        isSimulated: Bool = false
    ) {
        self.model = model
        self.provider = provider
        self.providerName = providerName
        self.availability = availability
        self.key = key
        self.patience = patience
        self.isSimulated = isSimulated
    }

    /// The dialect in which it is asked; `nil` for one without a wire.
    /// - Parameter own: the dialect of a client's bytes without tools, which may go through as they are.
    public func dialect(accepting own: Dialect? = nil) -> Dialect? {
        provider.dialect(of: model.upstream, accepting: own)
    }

    /// Whether it can be asked.
    public var isAvailable: Bool { availability == .available }
}
