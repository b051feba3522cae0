/// A model that is offered.
public struct Model: Sendable, Hashable {
    /// The name under which clients know it.
    public var id: ModelID
    /// The provider's own name for it, sent upstream.
    public var upstream: String
    /// A name for people.
    public var name: String
    /// The most prompt tokens; `nil` if not known.
    public var context: Int?
    /// The most answer tokens; `nil` if not known.
    public var maxOutput: Int?
    /// What its tokens cost; `nil` if not known, which is not the same as free.
    public var price: Price?
    /// What it can do, as `providers.json` says it.
    public var capabilities: ModelCapabilities

    /// Makes a model.
    public init(
        id: ModelID,
        upstream: String? = nil,
        name: String? = nil,
        context: Int? = nil,
        maxOutput: Int? = nil,
        price: Price? = nil,
        capabilities: ModelCapabilities = ModelCapabilities()
    ) {
        self.id = id
        self.upstream = upstream ?? id.model
        self.name = name ?? id.model
        self.context = context
        self.maxOutput = maxOutput
        self.price = price
        self.capabilities = capabilities
    }
}
