public import PlenumCore

/// Where a provider deviates from the pure dialect; every default is the dialect itself.
///
/// The evidence stands in section 1.6 of the wire notes: a vendor gets a value, never a branch.
public struct Quirks: Sendable, Hashable {
    /// The member that limits the answer's tokens: `max_tokens` for most servers that imitate OpenAI.
    public var maxTokensField: String?
    /// Whether the role `developer` is known; it becomes `system` if not.
    public var developerRole = true
    /// Top-level members that are left out.
    public var dropFields: Set<String> = []
    /// Whether `stream_options` is refused, so that usage comes by itself or not at all.
    public var noStreamOptions = false
    /// The member of an assistant message in which thoughts go back; they are left out if `nil`.
    public var reasoningField: String?
    /// The word for "call at least one tool": Mistral's is `any`.
    public var requiredToolChoice: String?
    /// The member for the seed: Mistral's is `random_seed`.
    public var seedField: String?
    /// Whether a message's text parts are joined into one string.
    public var stringContentOnly = false
    /// Whether `strict` is left out of tools.
    public var noStrictTools = false
    /// Whether `top_k` is understood.
    public var topK = false

    /// The pure dialect.
    public init() {}

    /// Reads the `quirks` of an entry of `providers.json`.
    /// - Throws: ``PlenumError/Code/invalidRequest`` for a name that is not known or a value of the wrong type.
    public init(json: JSONObject) throws(PlenumError) {
        for (name, value) in json.members {
            let node = JSONNode(value, "quirks.\(name)")
            switch name {
            case "maxTokensField": maxTokensField = try node.string()
            case "developerRole": developerRole = try node.bool()
            case "systemRole": developerRole = try node.string() != "system"
            case "dropFields":
                var fields: Set<String> = []
                for element in try node.elements() { fields.insert(try element.string()) }
                dropFields = fields
            case "noStreamOptions": noStreamOptions = try node.bool()
            case "reasoningField": reasoningField = try node.string()
            case "requiredToolChoice": requiredToolChoice = try node.string()
            case "seedField": seedField = try node.string()
            case "stringContentOnly": stringContentOnly = try node.bool()
            case "noStrictTools": noStrictTools = try node.bool()
            case "topK": topK = try node.bool()
            default:
                throw PlenumError(
                    .invalidRequest,
                    "\(node.path): there is no quirk of this name; the names stand in Quirks.swift.",
                    parameter: node.path
                )
            }
        }
    }
}
