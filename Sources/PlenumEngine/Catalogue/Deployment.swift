public import PlenumCore

/// A model at a provider that can be asked for it. It is one object, whoever knows of it: a request hands it on many times.
public final class Deployment: Sendable {
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
    let id: ID
    /// The model.
    public let model: Model
    /// Whom to ask.
    public let provider: any LLMProvider
    /// The provider's name for people.
    public let providerName: String
    /// Whether asking makes sense.
    public let availability: Availability
    /// A name for the key that it is asked with, which tells nothing of the key: when the provider refuses that, all that
    /// have it rest. `nil` for one that shares its key with nobody.
    public let key: String?
    /// How long its provider is waited for.
    public let patience: Patience
    /// Whether its answers are made up by Plenum itself, to try things out without a key.
    public let isSimulated: Bool

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
        id = ID(position: -1)
        self.model = model
        self.provider = provider
        self.providerName = providerName
        self.availability = availability
        self.key = key
        self.patience = patience
        self.isSimulated = isSimulated
    }

    /// Gives a deployment its place in a catalogue.
    init(_ deployment: Deployment, at position: Int) {
        id = ID(position: position)
        model = deployment.model
        provider = deployment.provider
        providerName = deployment.providerName
        availability = deployment.availability
        key = deployment.key
        patience = deployment.patience
        isSimulated = deployment.isSimulated
    }

    /// The dialect in which it is asked; `nil` for one without a wire.
    /// - Parameter own: the dialect of a client's bytes without tools, which may go through as they are.
    public func dialect(accepting own: Dialect? = nil) -> Dialect? {
        provider.dialect(of: model.upstream, accepting: own)
    }

    /// Whether it can be asked.
    public var isAvailable: Bool { availability == .available }

    /// Checks that it can be asked.
    /// - Throws: `upstreamAuthentication` naming the variable that should hold the key.
    func checkAvailable() throws(PlenumError) {
        guard case .missingKey(let variable) = availability else { return }
        throw PlenumError(
            .upstreamAuthentication,
            "\(model.id) needs a key: set \(variable) in the environment or in .env and restart Plenum.",
            parameter: "model"
        )
    }
}
