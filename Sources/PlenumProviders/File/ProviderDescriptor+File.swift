import PlenumCore
import PlenumWire

extension ProviderDescriptor {
    /// Reads an entry.
    init(_ node: FileNode) throws(PlenumError) {
        let entry = try node.object([
            "id", "name", "format", "baseURL", "keyEnv", "headers", "quirks", "discover", "timeouts", "models",
        ])
        let id = try entry.required("id").string()
        guard !id.contains("/") else { throw node.complaint("has an id with a slash") }
        let dialect = try Self.dialect(try entry.required("format"))
        self.init(
            id: id,
            name: try entry["name"]?.string(),
            format: dialect,
            baseURL: try Self.baseURL(try entry.required("baseURL"))
        )
        keyVariable = try entry["keyEnv"]?.string()
        discovers = try entry["discover"]?.bool() ?? false
        for member in try entry["headers"]?.members() ?? [] { headers[member.key] = try member.node.string() }
        if let node = entry["quirks"] { quirks = try Self.quirks(node) }
        if let node = entry["timeouts"] { patience = try Patience(node) }
        var seen: Set<String> = []
        for node in try entry["models"]?.array() ?? [] {
            let model = try Model(node, provider: id)
            guard seen.insert(model.id.model).inserted else {
                throw node.complaint("repeats the model \"\(model.id.model)\"")
            }
            models.append(model)
            // A model may be better reached by another format of the same address: OpenAI's that call tools.
            if let other = node.member("format") { formats[model.upstream] = try Self.dialect(other) }
        }
    }

    private static func dialect(_ node: FileNode) throws(PlenumError) -> Dialect {
        guard let dialect = Dialect(rawValue: try node.string()), WireFormats.format(for: dialect) != nil else {
            let known = Dialect.allCases.filter { WireFormats.format(for: $0) != nil }.map(\.rawValue)
            throw node.complaint("must be one of \(known.joined(separator: ", "))")
        }
        return dialect
    }

    private static func baseURL(_ node: FileNode) throws(PlenumError) -> String {
        var url = try node.string()
        while url.hasSuffix("/") { url.removeLast() }
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), !url.contains("?"), !url.contains("@") else {
            throw node.complaint("must begin with https:// or http:// and have no query and no password")
        }
        return url
    }

    private static func quirks(_ node: FileNode) throws(PlenumError) -> Quirks {
        guard case .object(let object) = node.value else { throw node.complaint("must be an object") }
        do {
            return try Quirks(json: object)
        } catch {
            throw node.complaint("is not understood: \(error.message)")
        }
    }
}

extension Patience {
    /// Reads the timeouts of a provider, in seconds.
    fileprivate init(_ node: FileNode) throws(PlenumError) {
        self.init()
        let entry = try node.object(["connect", "head", "firstContent", "idle", "total"])
        connect = try Self.seconds(entry["connect"]) ?? connect
        head = try Self.seconds(entry["head"]) ?? head
        firstContent = try Self.seconds(entry["firstContent"]) ?? firstContent
        idle = try Self.seconds(entry["idle"]) ?? idle
        total = try Self.seconds(entry["total"]) ?? total
    }

    private static func seconds(_ node: FileNode?) throws(PlenumError) -> Duration? {
        guard let node else { return nil }
        guard let seconds = node.value.number?.double, (0.001...86_400).contains(seconds) else {
            throw node.complaint("must be a number of seconds above 0")
        }
        return .milliseconds(Int64(seconds * 1000))
    }
}

extension Model {
    /// Reads a model of a provider.
    fileprivate init(_ node: FileNode, provider: String) throws(PlenumError) {
        let entry = try node.object([
            "id", "upstream", "format", "name", "context", "maxOutput", "price", "capabilities",
        ])
        self.init(
            id: ModelID(provider: provider, model: try entry.required("id").string()),
            upstream: try entry["upstream"]?.string(),
            name: try entry["name"]?.string(),
            context: try entry["context"]?.count(),
            maxOutput: try entry["maxOutput"]?.count()
        )
        if let node = entry["price"] { price = try Price(node) }
        if let node = entry["capabilities"] {
            guard case .object(let object) = node.value else { throw node.complaint("must be an object") }
            capabilities = ModelCapabilities(object)
        }
    }
}

extension Price {
    private static let rateKeys = ["input", "output", "cacheRead", "cacheWrite", "cacheWriteLong"]

    fileprivate init(_ node: FileNode) throws(PlenumError) {
        let entry = try node.object(Self.rateKeys + ["tiers"])
        self.init(base: try Self.rates(entry))
        for node in try entry["tiers"]?.array() ?? [] {
            let tier = try node.object(Self.rateKeys + ["above"])
            tiers.append(Tier(above: try tier.required("above").count(), rates: try Self.rates(tier)))
        }
    }

    private static func rates(_ entry: FileNode.Object) throws(PlenumError) -> Rates {
        Rates(
            input: try rate(try entry.required("input")),
            output: try rate(try entry.required("output")),
            cacheRead: try optional(entry["cacheRead"]),
            cacheWrite: try optional(entry["cacheWrite"]),
            cacheWriteLong: try optional(entry["cacheWriteLong"])
        )
    }

    private static func optional(_ node: FileNode?) throws(PlenumError) -> Rate? {
        guard let node else { return nil }
        return try rate(node)
    }

    private static func rate(_ node: FileNode) throws(PlenumError) -> Rate {
        guard let text = node.value.string ?? node.value.number?.text, let rate = Rate(perMillion: text) else {
            throw node.complaint("must be a price in dollars a million tokens, such as \"0.075\"")
        }
        return rate
    }
}
