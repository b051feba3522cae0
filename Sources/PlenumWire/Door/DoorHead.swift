public import PlenumCore

/// The top level of a client's request: what a gateway must know before it can pass the bytes on.
public struct DoorHead: Sendable, Hashable {
    /// The dialect it is written in.
    public var dialect: Dialect
    /// The model that is asked for; `nil` where the dialect has it in the path.
    public var model: String?
    /// Whether the answer should be streamed; in Gemini's dialect the path says so.
    public var stream = false
    /// The span of the model's value, quotes included.
    public var modelSpan: Range<Int>?
    /// The span of the value of `stream_options`.
    public var streamOptionsSpan: Range<Int>?
    /// Whether the client wants usage in the stream.
    public var wantsUsage = true
    /// The conversation that this continues.
    public var conversation: String?
    /// The message that this answers.
    public var parent: String?
    /// OpenRouter's list of models to fall back to, in order.
    public var models: [String] = []
    /// OpenRouter's preferences among providers.
    public var provider: JSONValue?
    /// OpenRouter's name for what belongs together.
    public var session: JSONValue?
    /// Whether the words may be kept; the server's setting if `nil`.
    public var store: Bool?
    /// How many answers are asked for.
    public var n: Int?
    /// Whether there are tools.
    public var hasTools = false
    /// Whether it says in OpenRouter's words how much to think.
    public var hasReasoning = false
    /// The span of the value of `store`, in the dialect in which a provider has one that the gateway sets.
    public var storeSpan: Range<Int>?
    /// The reply that this continues, by the id under which the client knows it: OpenAI's `previous_response_id`.
    public var previousResponse: String?
    /// Whether the client will come back for the answer: OpenAI's `background`.
    public var isBackground = false
    /// Members for the gateway itself, each from its key's quote to the end of its value.
    public var ownMembers: [Range<Int>] = []

    /// Makes a head that says nothing.
    public init(dialect: Dialect) { self.dialect = dialect }

    /// The request to pass through, made of the body that was scanned.
    public func verbatim(_ body: [UInt8]) -> VerbatimRequest {
        var request = VerbatimRequest(
            dialect: dialect,
            body: body,
            modelSpan: modelSpan,
            streamOptionsSpan: streamOptionsSpan,
            wantsUsage: wantsUsage,
            ownMembers: ownMembers
        )
        request.hasTools = hasTools
        request.hasReasoning = hasReasoning
        request.storeSpan = storeSpan
        return request
    }
}

/// A client's request, read.
public struct DoorRequest: Sendable, Hashable {
    /// What the gateway itself must know.
    public var head: DoorHead
    /// What is asked of the model.
    public var chat: ChatRequest
    /// Members that replies of its dialect repeat, as the client wrote them.
    public var echoed = JSONObject()

    /// Makes a request.
    public init(head: DoorHead, chat: ChatRequest) {
        self.head = head
        self.chat = chat
    }
}

extension DoorHead {
    /// Names that mean something to the gateway in every dialect and nothing to a provider.
    static let ownNames: Set<String> = [
        "conversation", "parent", "models", "provider", "plugins", "route", "transforms", "session_id",
    ]

    /// Looks over the top level of a body in one pass.
    init(scanning body: [UInt8], dialect: Dialect) throws(PlenumError) {
        self.init(dialect: dialect)
        if dialect == .openAIChat { wantsUsage = false }
        let members: [Member]
        do {
            members = try Self.scan(body, dialect)
        } catch {
            throw PlenumError(.invalidRequest, "The body is not valid JSON: \(error).")
        }
        var seen: [String: Range<Int>] = [:]
        for member in members {
            if member.name == "reasoning" {
                hasReasoning = true
                continue
            }
            if member.name == "tools" {
                // They may be long, and that they are there is enough.
                hasTools = hasTools || member.value.count > 2
                continue
            }
            // A repeated member would be read one way here and perhaps another way by the provider: the last counts.
            if isOwn(member.name) {
                ownMembers.append(member.span)
            } else if let earlier = seen.updateValue(member.span, forKey: member.name) {
                ownMembers.append(earlier)
            }
            try take(member.name, body, member.value)
        }
    }

    /// A member that matters: from its key's quote to the end of its value, and the value alone.
    private typealias Member = (name: String, span: Range<Int>, value: Range<Int>)

    private static func scan(_ body: [UInt8], _ dialect: Dialect) throws(JSONError) -> [Member] {
        var members: [Member] = []
        var reader = JSONReader(body)
        try reader.enterObject()
        while let key = try reader.nextKey() {
            let start = key.range.lowerBound - 1
            let name = name(of: key, dialect)
            let value = try reader.skip()
            if let name { members.append((name, start..<value.upperBound, value)) }
        }
        try reader.finish()
        return members
    }

    private func isOwn(_ name: String) -> Bool {
        if Self.ownNames.contains(name) { return true }
        return switch dialect {
        case .anthropicMessages: name == "store"
        case .openAIResponses: name == "previous_response_id" || name == "background"
        case .openAIChat, .gemini: false
        }
    }

    /// The name of a member that matters, as a constant.
    private static func name(of key: JSONKey, _ dialect: Dialect) -> String? {
        switch key {
        case "conversation": "conversation"
        case "parent": "parent"
        case "models": "models"
        case "provider": "provider"
        case "plugins": "plugins"
        case "route": "route"
        case "transforms": "transforms"
        case "session_id": "session_id"
        case "store": "store"
        case "tools", "functions": "tools"
        case "reasoning" where dialect == .openAIChat: "reasoning"
        case "model" where dialect != .gemini: "model"
        case "stream" where dialect != .gemini: "stream"
        case "stream_options" where dialect == .openAIChat: "stream_options"
        case "n" where dialect == .openAIChat: "n"
        case "previous_response_id" where dialect == .openAIResponses: "previous_response_id"
        case "background" where dialect == .openAIResponses: "background"
        default: nil
        }
    }

    private mutating func take(_ name: String, _ body: [UInt8], _ span: Range<Int>) throws(PlenumError) {
        guard let value = try? JSONValue(parsing: Array(body[span])) else { return }
        let node = JSONNode(value, name)
        switch name {
        case "model":
            model = try node.string()
            modelSpan = span
        case "stream": stream = value.isNull ? false : try node.bool()
        case "stream_options":
            streamOptionsSpan = span
            wantsUsage = value["include_usage"]?.bool ?? false
        case "n": n = value.isNull ? nil : try node.int()
        case "store":
            store = value.isNull ? nil : try node.bool()
            if dialect == .openAIResponses { storeSpan = span }
        case "previous_response_id": previousResponse = value.isNull ? nil : try node.string()
        case "background": isBackground = value.isNull ? false : try node.bool()
        case "conversation":
            if let id = value["id"]?.string {
                conversation = id
            } else {
                conversation = value.isNull ? nil : try node.string()
            }
        case "parent": parent = value.isNull ? nil : try node.string()
        case "models": models = value.isNull ? [] : try node.strings()
        case "provider": provider = value.isNull ? nil : value
        case "session_id": session = value.isNull ? nil : value
        default: break
        }
    }
}
