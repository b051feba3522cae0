import PlenumCore

/// The tools and the choice among them in Google's words (wire notes 2.4).
struct GeminiTools {
    /// The value of `tools`.
    private(set) var tools: [JSONValue] = []
    /// The value of `functionCallingConfig`.
    private(set) var calling: JSONObject?

    init(
        _ chat: ChatRequest,
        _ names: ToolNames,
        _ abilities: GeminiAbilities,
        quirks: Quirks,
        _ written: inout RequestBody
    ) {
        var functions: [JSONValue] = []
        var others: [JSONValue] = []
        for tool in chat.tools where !tool.isWebSearch(foreignTo: .gemini) {
            if let own = tool.verbatim, own.dialect == .gemini {
                others.append(own.json)
            } else {
                functions.append(Self.function(tool, names, abilities, &written))
            }
        }
        if chat.wantsWebSearch(in: .gemini) {
            others.append(["googleSearch": [:]])
            written.warn("tools.web_search", .converted)
        }
        if functions.isEmpty, others.isEmpty { functions = Self.history(chat, names, &written) }
        let declared: [JSONValue] = functions.isEmpty ? [] : [["functionDeclarations": .array(functions)]]
        tools = declared + others
        guard !chat.tools.isEmpty, !functions.isEmpty else { return }
        if chat.parallelTools == false { written.warn("parallel_tool_calls", .dropped) }
        calling = chat.toolChoice.map { Self.choice($0, names) }
    }

    private static func function(
        _ tool: Tool,
        _ names: ToolNames,
        _ abilities: GeminiAbilities,
        _ written: inout RequestBody
    ) -> JSONValue {
        var function = JSONObject([("name", .string(names(tool.name)))])
        function["description"] = tool.freeTextDescription.map { .string($0) }
        let own = tool.extra(.gemini)
        if tool.freeText != nil { written.warn("tools.freeform", .converted) }
        if tool.strict == true { written.warn("tools.strict", .dropped) }
        let schema = tool.freeText == nil ? tool.schema : Tool.textInput
        if let schema, schema["properties"]?.object?.isEmpty != true, own?["parameters"] == nil {
            if abilities.needsSubset {
                let pass = GeminiSubset.convert(schema)
                pass.warn("tools.parameters", &written)
                if !pass.schema.isNull { function["parameters"] = pass.schema }
            } else {
                function["parametersJsonSchema"] = schema
            }
        }
        for (name, value) in own?.members ?? [] { function[name] = value }
        return .object(function)
    }

    /// A history with calls needs the definitions of what was called.
    private static func history(
        _ chat: ChatRequest,
        _ names: ToolNames,
        _ written: inout RequestBody
    ) -> [JSONValue] {
        guard chat.extra?.dialect != .gemini else { return [] }
        var seen: Set<String> = []
        var functions: [JSONValue] = []
        for call in chat.turns.flatMap(\.parts).compactMap(\.toolCall) where seen.insert(call.name).inserted {
            functions.append(["name": .string(names(call.name))])
            written.warn("tools", .added)
        }
        return functions
    }

    private static func choice(_ choice: ToolChoice, _ names: ToolNames) -> JSONObject {
        var calling = JSONObject()
        switch choice {
        case .auto: calling["mode"] = "AUTO"
        case .none: calling["mode"] = "NONE"
        case .required: calling["mode"] = "ANY"
        case .tool(let name):
            calling["mode"] = "ANY"
            calling["allowedFunctionNames"] = [.string(names(name))]
        case .allowed(let isRequired, let allowed):
            calling["mode"] = isRequired ? "ANY" : "VALIDATED"
            calling["allowedFunctionNames"] = .array(allowed.map { .string(names($0)) })
        }
        return calling
    }
}
