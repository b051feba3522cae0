public import PlenumCore

/// Every model on offer, found by name.
public struct Catalogue: Sendable {
    /// All deployments, in the order of the file they come from.
    public let deployments: [Deployment]
    /// Other names: each stands for a model's full name.
    public let aliases: [String: String]
    /// The positions in ``deployments`` of each full name and of each short name that only one model has: first those that
    /// can be asked.
    private let positions: [String: [Int]]

    /// Makes a catalogue. Several deployments may have one name: the first is asked, the others when it fails.
    public init(_ deployments: [Deployment], aliases: [String: String] = [:]) {
        self.deployments = deployments.enumerated().map { Deployment($1, at: $0) }
        self.aliases = aliases
        var short: [String: [Int]] = [:]
        var positions: [String: [Int]] = [:]
        for (index, deployment) in deployments.enumerated() {
            short[deployment.model.id.model, default: []].append(index)
            positions[deployment.model.id.description, default: []].append(index)
        }
        for (name, candidates) in short where positions[name] == nil {
            // A short name may stand for the one model that can be asked.
            let available = candidates.filter { deployments[$0].isAvailable }
            for choice in [candidates, available] where Set(choice.map { deployments[$0].model.id }).count == 1 {
                positions[name] = choice
            }
        }
        self.positions = positions.mapValues { all in
            all.filter { deployments[$0].isAvailable } + all.filter { !deployments[$0].isAvailable }
        }
    }

    /// One deployment of each model, in order: one that can be asked, if there is one.
    public var models: [Deployment] {
        deployments.enumerated().compactMap { index, deployment in
            positions[deployment.model.id.description]?.first == index ? deployment : nil
        }
    }

    /// Finds a deployment, available or not.
    /// - Parameter name: `provider/model`, a short name that only one model has, an alias, each also with `:floor` or
    ///   `:nitro` behind it, or ``auto``.
    /// - Throws: `notFound`, naming models that are spelled nearly so.
    public func deployment(named name: String) throws(PlenumError) -> Deployment {
        deployments[try positions(of: name)[0]]
    }

    /// Finds the positions of all deployments of a name; there is at least one.
    private func positions(of name: String) throws(PlenumError) -> [Int] {
        if let found = known(name) { return found }
        let bare = RouteName(name)?.base ?? name
        if bare != name, let found = known(bare) { return found }
        if bare == Self.auto {
            let found = automatic.map(\.id.position)
            guard found.isEmpty else { return found }
            throw PlenumError(
                .notFound,
                "There is no model that can be asked: set a provider's key.",
                parameter: "model"
            )
        }
        throw PlenumError(.notFound, Self.complaint(name, near: nearMatches(to: name)), parameter: "model")
    }

    /// The positions of all deployments of a name as it is, without what a suffix says.
    private func known(_ name: String) -> [Int]? { positions[name] ?? aliases[name].flatMap { positions[$0] } }

    /// Whether a model has this very name.
    func isKnown(_ name: String) -> Bool { known(name) != nil }

    /// Finds a deployment that can be asked.
    /// - Throws: `notFound`, or `upstreamAuthentication` naming the variable that should hold the key.
    public func availableDeployment(named name: String) throws(PlenumError) -> Deployment {
        let deployment = try deployment(named: name)
        try deployment.checkAvailable()
        return deployment
    }

    /// Finds all deployments of a name that can be asked, in the order in which they should be.
    /// - Throws: as ``availableDeployment(named:)``.
    func availableDeployments(named name: String) throws(PlenumError) -> [Deployment] {
        let found = try positions(of: name)
        try deployments[found[0]].checkAvailable()
        return found.lazy.map { deployments[$0] }.filter(\.isAvailable)
    }

    /// Finds all deployments of several names that can be asked, in the order in which they should be.
    /// - Throws: `notFound` if one of the names is no model's; `upstreamAuthentication` if none can be asked.
    func availableDeployments(named names: [String]) throws(PlenumError) -> [Deployment] {
        var all: [Deployment] = []
        for group in try groups(named: names) {
            all += group.deployments.filter { found in !all.contains { $0.id == found.id } }
        }
        return all
    }

    /// Finds the deployment to ask first of those of several names, the first name before the others.
    /// - Throws: `notFound` if one of the names is no model's; `upstreamAuthentication` if none can be asked.
    public func availableDeployment(among names: [String]) throws(PlenumError) -> Deployment {
        guard names.count > 1 else { return try availableDeployment(named: names.first ?? "") }
        guard let first = try availableDeployments(named: names).first else { throw .nobody }
        return first
    }

    private static func complaint(_ name: String, near matches: [String]) -> String {
        let shown = name.prefix(100)
        guard !matches.isEmpty else { return "There is no model \"\(shown)\". GET /v1/models lists what there is." }
        return "There is no model \"\(shown)\". Did you mean \(matches.joined(separator: ", "))?"
    }

    /// Full names that are spelled nearly so, nearest first, three at most.
    func nearMatches(to name: String) -> [String] {
        let lowered = name.prefix(100).lowercased()
        let wanted = Array(lowered.utf8)
        let ranked = deployments.map { deployment -> (distance: Int, name: String) in
            let full = deployment.model.id.description
            let distances = [full, deployment.model.id.model].map {
                EditDistance.between(wanted, Array($0.lowercased().utf8))
            }
            let contains = full.lowercased().contains(lowered) && !lowered.isEmpty
            return (contains ? 0 : distances.min() ?? .max, full)
        }
        return ranked.filter { $0.distance <= max(2, wanted.count / 3) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
    }
}

/// Levenshtein's distance.
enum EditDistance {
    static func between(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substituted = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
            }
        }
        return row[right.count]
    }
}
