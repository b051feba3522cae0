public import PlenumCore
public import PlenumWire

/// What `providers.json` says: whom to ask, how, and for which models. `docs/providers.md` describes every field.
public struct ProvidersFile: Sendable, Hashable {
    /// The version of its prices, noted beside costs; `nil` if it has none.
    public var version: String?
    /// The providers, in order.
    public var providers: [ProviderDescriptor]
    /// Other names for models.
    public var aliases: [String: String]

    /// Makes a value.
    public init(version: String? = nil, providers: [ProviderDescriptor], aliases: [String: String] = [:]) {
        self.version = version
        self.providers = providers
        self.aliases = aliases
    }

    /// Reads a file.
    /// - Parameters:
    ///   - bytes: its bytes.
    ///   - date: what stands for the version of its prices where it names none.
    /// - Throws: `invalidRequest` that says where the mistake is and what should stand there.
    public init(parsing bytes: [UInt8], date: String? = nil) throws(PlenumError) {
        let tree: JSONValue
        do {
            tree = try JSONValue(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw PlenumError(.invalidRequest, "providers.json is not JSON: \(error.reason) in line \(line).")
        }
        let file = try FileNode(tree, at: "providers.json").object(["version", "providers", "aliases"])
        version = try file["version"]?.string() ?? date
        var providers: [ProviderDescriptor] = []
        for node in try file.required("providers").array() {
            providers.append(try ProviderDescriptor(node).priced(asOf: version))
        }
        // One id at several addresses or with several keys: the models have several deployments.
        var seen: Set<[String]> = []
        for provider in providers
        where !seen.insert([provider.id, provider.baseURL, provider.keyVariable ?? ""]).inserted {
            throw PlenumError(
                .invalidRequest,
                "providers.json has two providers with the id \"\(provider.id)\", one address and one key."
            )
        }
        self.providers = providers
        aliases = [:]
        for member in try file["aliases"]?.members() ?? [] { aliases[member.key] = try member.node.string() }
    }
}

extension ProviderDescriptor {
    /// The same provider, its prices marked with a version.
    fileprivate func priced(asOf version: String?) -> ProviderDescriptor {
        var marked = self
        for index in models.indices { marked.models[index].price?.version = version }
        return marked
    }
}

/// One provider: an entry of `providers.json`.
public struct ProviderDescriptor: Sendable, Hashable {
    /// Its id: the part of its models' names before the slash.
    public var id: String
    /// Its name for people.
    public var name: String
    /// The dialect it speaks.
    public var format: Dialect
    /// Where it is reached, without a slash at the end.
    public var baseURL: String
    /// The environment variable that holds the key; `nil` for one that asks for none.
    public var keyVariable: String?
    /// Header fields to send along.
    public var headers: [String: String]
    /// Where it deviates from its dialect.
    public var quirks: Quirks
    /// Whether to ask it for its models when Plenum starts.
    public var discovers: Bool
    /// How long it is waited for.
    public var patience: Patience
    /// Its models.
    public var models: [Model]
    /// The dialects of those models that speak another than ``format`` there, by the provider's names for them.
    public var formats: [String: Dialect] = [:]

    /// Makes a descriptor.
    public init(
        id: String,
        name: String? = nil,
        format: Dialect,
        baseURL: String,
        keyVariable: String? = nil,
        headers: [String: String] = [:],
        quirks: Quirks = Quirks(),
        discovers: Bool = false,
        patience: Patience = Patience(),
        models: [Model] = []
    ) {
        self.id = id
        self.name = name ?? id
        self.format = format
        self.baseURL = baseURL
        self.keyVariable = keyVariable
        self.headers = headers
        self.quirks = quirks
        self.discovers = discovers
        self.patience = patience
        self.models = models
    }
}
