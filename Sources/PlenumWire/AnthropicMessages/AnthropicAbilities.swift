import PlenumCore

/// What a model of Anthropic's takes, as far as it is known (wire notes 0 and 2.7).
struct AnthropicAbilities {
    /// How a model thinks.
    enum Thinking {
        /// Whatever the request says.
        case always
        /// As long as it sees fit, when asked.
        case adaptive
        /// Within a budget, as models up to 4.5.
        case legacy
        /// Nothing is known: it is asked as the newer ones are.
        case unknown
    }

    private let capabilities: ModelCapabilities
    /// The version of the API, which the client chooses along with its body.
    let version: String

    init(_ request: CompletionRequest) {
        capabilities = request.capabilities
        version = request.fields.value("anthropic-version", in: .anthropicMessages) ?? "2023-06-01"
    }

    /// Temperature and its kin: no version from 2026-10-21 on has them. The versions are dates, and sort as texts.
    var takesSampling: Bool { capabilities[.samplingParameters] != false && version < "2026-10-21" }
    var canBeForced: Bool { capabilities[.forcedToolChoice] != false }
    var takesPrefill: Bool { capabilities[.assistantPrefill] != false }
    var hasSchemas: Bool { capabilities[.nativeStructuredOutput] != false }

    /// Whether system text stands in mid-conversation; a client of the dialect is trusted to know.
    func takesSystem(own isOwn: Bool) -> Bool { capabilities[.midConversationSystem] ?? isOwn }

    var thinking: Thinking {
        if capabilities[.thinkingAlwaysOn] == true { return .always }
        switch capabilities[.adaptiveThinking] {
        case true?: return .adaptive
        case false?: return .legacy
        case nil: return .unknown
        }
    }

    /// The word for an effort that the model takes; `nil` for a word that is none.
    func effort(_ wanted: String) -> String? {
        EffortLadder.nearest(to: wanted) { word in
            switch word {
            case "low", "medium", "high": true
            case "xhigh", "max":
                // Where the catalogue names some of a model's higher efforts, it has no others.
                capabilities.takesEffort(word) ?? !capabilities.json.members.contains { $0.key.hasPrefix("effort_") }
            default: false
            }
        }
    }
}
