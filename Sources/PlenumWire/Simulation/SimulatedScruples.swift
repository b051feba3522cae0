public import PlenumCore

/// What a simulated model refuses because the provider whose dialect it speaks would: a strict judge of translations.
///
/// It looks at the body as it came, not at what a reader of this house makes of it, so that a mistake that reader and
/// writer share is found too. The rules are those of the wire notes, sections 1.1 to 1.4; each complaint names the place.
public struct SimulatedScruples: Sendable, Hashable {
    /// Whether the model thinks: Gemini wants signatures back then.
    public var thinks: Bool

    /// Makes a judge.
    public init(thinks: Bool) { self.thinks = thinks }

    /// Judges a request for a completion.
    /// - Parameters:
    ///   - body: its body.
    ///   - dialect: the dialect of the door.
    ///   - header: gives a header field by its name in lower case.
    /// - Throws: `invalidRequest` that says what the provider would refuse.
    public func check(
        _ body: [UInt8],
        in dialect: Dialect,
        header: (String) -> String?
    ) throws(PlenumError) {
        let root = try JSONNode(body: body)
        switch dialect {
        case .openAIChat: try checkChat(root)
        case .openAIResponses: try checkResponses(root)
        case .anthropicMessages: try checkAnthropic(root, header)
        case .gemini: try checkGemini(root)
        }
    }

    /// Refuses members that the provider does not know.
    static func refuseUnknown(_ node: JSONNode, _ known: Set<String>) throws(PlenumError) {
        guard let name = node.rest(known).members.first?.key else { return }
        let place = node.path.isEmpty ? name : "\(node.path).\(name)"
        throw PlenumError(.invalidRequest, "\(place): Unknown name, extra inputs are not permitted.", parameter: place)
    }

    /// Refuses a tool's name that has other characters than letters, digits and some more, or too many.
    static func checkName(_ node: JSONNode, most: Int, also: String = "_-") throws(PlenumError) {
        let name = try node.string()
        let isLegal = name.unicodeScalars.allSatisfy { scalar in
            (scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil))
                || also.unicodeScalars.contains(scalar)
        }
        guard !name.isEmpty, name.utf8.count <= most, isLegal else {
            throw node.complaint("a name of at most \(most) letters, digits and \(also) was expected")
        }
    }
}
