import PlenumCore

/// Reads the tools of a client's request and which of them may be called (wire notes 1.1 and 2.4).
enum ChatToolReader {
    /// Reads `tools`, `tool_choice`, and the members that stood for them once.
    static func read(_ root: JSONNode, _ chat: inout ChatRequest) throws(PlenumError) {
        for tool in try root.optional("tools")?.elements() ?? [] { chat.tools.append(try readTool(tool)) }
        for function in try root.optional("functions")?.elements() ?? [] {
            chat.tools.append(try readFunction(function, extra: JSONObject()))
        }
        if let choice = root.optional(["tool_choice", "function_call"]) { chat.toolChoice = try readChoice(choice) }
    }

    private static func readTool(_ node: JSONNode) throws(PlenumError) -> Tool {
        let type = try node.optional("type")?.string() ?? "function"
        switch type {
        case "function":
            return try readFunction(try node.required("function"), extra: node.rest(["type", "function"]))
        case "custom": return try readCustom(try node.required("custom"), extra: node.rest(["type", "custom"]))
        default:
            let own = node.optional(type)
            return Tool(
                own?.value["name"]?.string ?? type,
                description: own?.value["description"]?.string,
                verbatim: node.value,
                .openAIChat
            )
        }
    }

    private static func readFunction(_ node: JSONNode, extra: JSONObject) throws(PlenumError) -> Tool {
        Tool(
            try node.required("name").string(),
            description: try node.optional("description")?.string(),
            schema: node.optional("parameters")?.value,
            strict: try node.optional("strict")?.bool(),
            extra: DialectFields(.openAIChat, extra)
        )
    }

    private static func readCustom(_ node: JSONNode, extra: JSONObject) throws(PlenumError) -> Tool {
        var tool = Tool(
            try node.required("name").string(),
            description: try node.optional("description")?.string(),
            extra: DialectFields(.openAIChat, extra)
        )
        tool.freeform = .text
        guard let format = node.optional("format") else { return tool }
        switch try format.required("type").string() {
        case "text": break
        case "grammar":
            let grammar = try format.required("grammar")
            tool.freeform = .grammar(
                syntax: try grammar.required("syntax").string(),
                definition: try grammar.required("definition").string()
            )
        default: throw format.complaint("type must be text or grammar")
        }
        return tool
    }

    /// Reads a choice; `nil` for one that has no equal elsewhere.
    private static func readChoice(_ node: JSONNode) throws(PlenumError) -> ToolChoice? {
        switch node.value {
        case .string("auto"): return .auto
        case .string("none"): return ToolChoice.none
        case .string("required"), .string("any"): return .required
        case .object:
            if let allowed = node.optional("allowed_tools") { return try readAllowed(allowed) }
            if let tool = node.optional(["function", "custom"]) { return .tool(try tool.required("name").string()) }
            if node.value["type"] == nil, let name = node.optional("name") { return .tool(try name.string()) }
            return nil
        default: throw node.complaint("none, auto, required or an object was expected")
        }
    }

    private static func readAllowed(_ node: JSONNode) throws(PlenumError) -> ToolChoice? {
        let isRequired: Bool
        switch try node.required("mode").string() {
        case "auto": isRequired = false
        case "required": isRequired = true
        default: throw try node.required("mode").complaint("auto or required was expected")
        }
        var names: [String] = []
        for tool in try node.required("tools").elements() {
            // A tool that its provider runs has no name.
            guard let named = tool.optional(["function", "custom"]) else { return nil }
            names.append(try named.required("name").string())
        }
        return .allowed(required: isRequired, names)
    }
}
