import PlenumCore

/// What a model makes of wishes about sampling and thinking, as far as it is known (wire notes 1.1, 2.6 and 2.7).
struct ChatCapabilities {
    let capabilities: ModelCapabilities
    /// The effort that is asked for, as the model takes it; `nil` if none is asked for.
    let effort: String?
    /// Whether the effort that was asked for is another.
    let isEffortChanged: Bool

    init(_ capabilities: ModelCapabilities, _ reasoning: ReasoningRequest?) {
        self.capabilities = capabilities
        let wish = reasoning?.word
        effort = wish.flatMap { EffortLadder.nearest(to: $0, capabilities) }
        isEffortChanged = effort != wish
    }

    /// Whether nothing is thought in this request: known only for models that can be told so.
    var isWithoutThoughts: Bool {
        capabilities.takesEffort("none") == true
            && (effort ?? capabilities.json["default_effort"]?.string) == "none"
    }

    /// Whether temperature and its kin are taken: models that think take them at most while they do not.
    var takesSampling: Bool { capabilities[.samplingParameters] != false || isWithoutThoughts }
    /// Whether penalties and `logit_bias` are taken.
    var takesPenalties: Bool { capabilities[.penalties] != false }
    /// Whether texts that end the answer are taken.
    var takesStop: Bool { capabilities[.stopSequences] != false }
    /// Whether functions are refused unless nothing is thought.
    var mustNotThinkWithTools: Bool { capabilities[.toolsNeedResponses] == true && !isWithoutThoughts }
}
