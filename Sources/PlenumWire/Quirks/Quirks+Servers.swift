/// Servers that anybody may run anywhere: an entry of `providers.json` says `"quirks": {"like": "vllm"}`, and those that
/// are found on this machine have the same (wire notes 1.6).
extension Quirks {
    /// The quirks of each server, by its id.
    public static let servers: [String: Quirks] = ["llamacpp": llamaCpp, "ollama": ollama, "vllm": vllm]

    /// What the three have in common: functions alone, `max_tokens`, and templates that want the system text first.
    private static let local: Quirks = {
        var quirks = Quirks()
        quirks.maxTokensField = "max_tokens"
        quirks.developerRole = false
        quirks.systemOnlyFirst = true
        quirks.functionsOnly = true
        quirks.cacheMarks = .none
        quirks.topK = true
        return quirks
    }()

    /// Ollama knows no `top_k` here, and ignores `tool_choice`.
    public static let ollama: Quirks = {
        var quirks = local
        quirks.topK = false
        quirks.reasoningField = "reasoning"
        return quirks
    }()

    /// llama.cpp hands wishes about thinking to the model's template.
    public static let llamaCpp: Quirks = {
        var quirks = local
        quirks.reasoningControl = .template
        quirks.reasoningField = "reasoning_content"
        quirks.replayReasoning = .calls
        return quirks
    }()

    /// vLLM has models whose template takes a string alone; such an entry adds `stringContentOnly`.
    public static let vllm: Quirks = {
        var quirks = local
        quirks.reasoningControl = .template
        quirks.reasoningField = "reasoning"
        quirks.replayReasoning = .calls
        return quirks
    }()
}
