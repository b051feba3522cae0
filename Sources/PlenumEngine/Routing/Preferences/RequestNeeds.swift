public import PlenumCore

/// What a request needs of a model to be answered as it is meant.
public struct RequestNeeds: Sendable, Hashable {
    /// Whether it brings tools.
    public var tools = false
    /// Whether a tool must be called.
    public var forcedTool = false
    /// Whether there are pictures in it.
    public var vision = false
    /// Whether the answer must satisfy a schema.
    public var structuredOutput = false
    /// Whether it sets temperature, `top_p` or `top_k`.
    public var sampling = false
    /// How much the model should think.
    public var effort: String?
    /// About how many tokens the prompt has.
    public var promptTokens = 0

    /// Makes a value that needs nothing.
    public init() {}

    /// Finds out what a request needs.
    public init(_ chat: ChatRequest) {
        tools = !chat.tools.isEmpty
        switch chat.toolChoice {
        case .required, .tool, .allowed(required: true, _): forcedTool = tools
        default: break
        }
        vision = chat.turns.contains { $0.parts.contains(where: Self.isPicture) }
        if case .jsonSchema = chat.output { structuredOutput = true }
        let sampling = chat.sampling
        self.sampling = sampling.temperature != nil || sampling.topP != nil || sampling.topK != nil
        effort = chat.reasoning?.effort
        promptTokens = TokenBound(chat).likely
    }

    private static func isPicture(_ part: ContentPart) -> Bool {
        switch part {
        case .image: true
        case .toolResult(let result): result.parts.contains(where: isPicture)
        default: false
        }
    }

    /// What of it a model is known not to do, by the parameters' names; of what is not known nothing is said.
    func refused(by model: Model) -> [String] {
        let can = model.capabilities
        var names = lacking(in: model)
        if forcedTool, can[.forcedToolChoice] == false { names.append("tool_choice") }
        if sampling, can[.samplingParameters] == false { names.append("temperature") }
        if let effort, can.takesEffort(effort) == false { names.append("reasoning.effort") }
        return names
    }

    /// What of it a model is known not to have, without which its answer would be another one.
    func lacking(in model: Model) -> [String] {
        let can = model.capabilities
        var names: [String] = []
        if tools, can[.tools] == false { names.append("tools") }
        if vision, can[.vision] == false { names.append("images") }
        if structuredOutput, can[.nativeStructuredOutput] == false { names.append("response_format") }
        return names
    }
}
