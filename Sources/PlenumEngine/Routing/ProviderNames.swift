import PlenumCore

/// Names of providers as a client lists them, ready to be looked up: the list is the client's, and may be long.
struct ProviderNames: Sendable {
    private let ranks: [String: Int]

    /// Takes a list; of a name that is in it twice the first place counts.
    init(_ names: [String]) {
        ranks = Dictionary(names.enumerated().map { ($1.lowercased(), $0) }) { first, _ in first }
    }

    /// Whether nobody is named.
    var isEmpty: Bool { ranks.isEmpty }

    /// The place of a deployment's provider in the list, by its id or its name for people; `nil` if it is not named.
    func rank(of deployment: Deployment) -> Int? {
        guard !isEmpty else { return nil }
        let places = [deployment.model.id.provider, deployment.providerName].compactMap { ranks[$0.lowercased()] }
        return places.min()
    }

    /// Whether a deployment's provider is named.
    func contain(_ deployment: Deployment) -> Bool { rank(of: deployment) != nil }
}
