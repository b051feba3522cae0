import PlenumCore

/// What a model of Google's takes, as far as it is known (wire notes 1.4 and 2.7). What is not said is as in Gemini 3.
struct GeminiAbilities {
    private let capabilities: ModelCapabilities

    init(_ request: CompletionRequest) { capabilities = request.capabilities }

    /// Whether a capability that only Google's models differ in is said not to be there.
    private func lacks(_ name: String) -> Bool { capabilities.json[name] == .bool(false) }

    var takesSampling: Bool { capabilities[.samplingParameters] != false }
    /// Whether thinking goes by levels; by budgets in tokens in Gemini 2.5.
    var hasLevels: Bool { !lacks("thinking_levels") }
    /// Whether results of tools may hold pictures.
    var takesMediaInResults: Bool { !lacks("media_in_tool_results") }
    /// Whether the form of the answer may be told along with tools.
    var takesSchemaWithTools: Bool { !lacks("schema_with_tools") }
    /// Whether schemas must keep to Google's own subset, as before Gemini 2.0.
    var needsSubset: Bool { capabilities.says("schema_subset") }

    /// The value of `thinkingConfig` for a wish; `nil` if nothing is wished.
    func thinking(_ wish: ReasoningRequest, _ written: inout RequestBody) -> JSONObject? {
        var config = JSONObject()
        config["includeThoughts"] = wish.includeText.map { .bool($0) }
        if hasLevels {
            config["thinkingLevel"] = wish.word.flatMap { level($0, &written) }.map { .string($0) }
        } else if let budget = budget(wish, &written) {
            config["thinkingBudget"] = .whole(budget)
        }
        return config.isEmpty ? nil : config
    }

    private func level(_ effort: String, _ written: inout RequestBody) -> String? {
        let level = EffortLadder.nearest(to: effort) { word in
            switch word {
            case "minimal": capabilities.takesEffort(word) != false
            case "low", "medium", "high": true
            case "xhigh": capabilities.takesEffort(word) == true
            default: false
            }
        }
        guard let level else {
            written.warn("reasoning.effort", .dropped)
            return nil
        }
        // The least that there is stands for none, and the next for the least, as near as anybody can tell.
        if level != effort, level != "minimal", effort != "minimal" { written.warn("reasoning.effort", .downgraded) }
        return level.uppercased()
    }

    private func budget(_ wish: ReasoningRequest, _ written: inout RequestBody) -> Int? {
        let most = capabilities.takesEffort("xhigh") == true ? 32768 : 24576
        switch wish.budgetTokens == nil ? wish.effort : wish.budgetTokens == 0 ? "none" : nil {
        case nil: return wish.budgetTokens
        case "none"?:
            guard capabilities.takesEffort("none") == false else { return 0 }
            written.warn("reasoning.effort", .downgraded)
            return 128
        case "minimal"?: return 512
        case "low"?: return 1024
        case "medium"?: return 8192
        case "high"?: return 24576
        case "xhigh"?, "max"?: return most
        default:
            written.warn("reasoning.effort", .dropped)
            return nil
        }
    }
}
