import PlenumCore

/// A deployment that is not asked, and why.
struct Exclusion: Sendable {
    /// What of the request leaves it out.
    enum Reason: Sendable, Hashable {
        case only
        case ignore
        case order
        case maxPrice
        case parameters([String])
        case needs([String])
        case context

        /// The member of the request; `nil` for what it needs.
        var parameter: String? {
            switch self {
            case .only: "provider.only"
            case .ignore: "provider.ignore"
            case .order: "provider.allow_fallbacks"
            case .maxPrice: "provider.max_price"
            case .parameters: "provider.require_parameters"
            case .needs, .context: nil
            }
        }

        /// The reason in words that follow "leaves out".
        fileprivate var words: String {
            switch self {
            case .parameters(let names): "provider.require_parameters (\(names.joined(separator: ", ")))"
            case .needs(let names): "what the request needs (\(names.joined(separator: ", ")))"
            case .context: "the length of the prompt"
            default: parameter ?? ""
            }
        }
    }

    var deployment: Deployment
    var reason: Reason

    /// How many are named in an error.
    private static let mostNamed = 8

    /// What is said when nobody is left.
    static func complaint(_ all: [Exclusion], _ names: [String]) -> PlenumError {
        var reasons: [(reason: Reason, who: [String])] = []
        for one in all.prefix(mostNamed) {
            let who = "\(one.deployment.model.id) at \(one.deployment.providerName)"
            if let place = reasons.firstIndex(where: { $0.reason == one.reason }) {
                reasons[place].who.append(who)
            } else {
                reasons.append((one.reason, [who]))
            }
        }
        let told = reasons.map { "\($0.reason.words) leaves out \($0.who.joined(separator: ", "))" }
        let more = all.count > mostNamed ? ", and \(all.count - mostNamed) others are left out" : ""
        let asked = names.map { "\"\($0.prefix(100))\"" }.joined(separator: ", ")
        let parameters = Set(all.map { $0.reason.parameter ?? "model" })
        return PlenumError(
            .notFound,
            "Nobody is left to ask for \(asked): \(told.joined(separator: "; "))\(more).",
            parameter: parameters.count == 1 ? parameters.first : "provider"
        )
    }
}
