import PlenumCore

/// The tool in whose arguments a model answers that has no schemas for answers (wire notes 2.5): writing the request and
/// reading the reply go by the same rule.
enum AnthropicOutputTool {
    static let name = "json_output"

    /// The schema of the answer, if it is to come as this tool's arguments: not while a model thinks, nor from one that
    /// cannot be made to call a tool, nor where the client forbids or chooses tools, nor for an answer that is no object.
    static func schema(_ chat: ChatRequest, _ request: CompletionRequest) -> JSONValue? {
        let abilities = AnthropicAbilities(request)
        guard case .jsonSchema(_, let schema, _, _)? = chat.output, !abilities.hasSchemas, abilities.canBeForced,
            chat.extra?.dialect != .anthropicMessages, abilities.thinking == .legacy || abilities.thinking == .unknown,
            chat.reasoning?.wantsThoughts != true, schema["type"] == nil || schema["type"] == "object",
            !chat.tools.contains(where: { $0.name == name })
        else { return nil }
        switch chat.toolChoice {
        case nil, .auto?: return schema
        default: return nil
        }
    }

    /// Whether the reply to a request has its answer there.
    static func isUsed(_ request: CompletionRequest) -> Bool {
        guard request.capabilities[.nativeStructuredOutput] == false, !request.isVerbatim(in: .anthropicMessages),
            let chat = try? request.chat()
        else { return false }
        return schema(chat, request) != nil
    }
}

extension ReasoningRequest {
    /// Whether it asks for thoughts at all.
    var wantsThoughts: Bool { (effort.map { $0 != "none" } ?? false) || (budgetTokens.map { $0 != 0 } ?? false) }
}
