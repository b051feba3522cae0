import PlenumCore

/// The tools and the choice among them in Anthropic's words (wire notes 2.4 and 2.5).
struct AnthropicTools {
    private(set) var tools: [JSONValue] = []
    private(set) var choice: JSONObject?

    private let chat: ChatRequest
    private let names: ToolNames
    private let isOwn: Bool
    private let isStrictKnown: Bool

    init(_ chat: ChatRequest, _ names: ToolNames, own isOwn: Bool, quirks: Quirks, _ written: inout RequestBody) {
        self.chat = chat
        self.names = names
        self.isOwn = isOwn
        isStrictKnown = !quirks.noStrictTools
        for tool in offered(&written) { add(tool, &written) }
        if chat.wantsWebSearch(in: .anthropicMessages) {
            tools.append(["type": "web_search_20250305", "name": "web_search"])
            written.warn("tools.web_search", .converted)
        }
        if tools.isEmpty {
            describeHistory(&written)
        } else {
            choose(&written)
        }
    }

    /// The tools that are offered. Anthropic has no choice among some of several: the others are left out.
    private func offered(_ written: inout RequestBody) -> [Tool] {
        let tools = chat.tools.filter { !$0.isWebSearch(foreignTo: .anthropicMessages) }
        guard case .allowed(_, let allowed)? = chat.toolChoice else { return tools }
        let some = tools.filter { allowed.contains($0.name) }
        if some.count < tools.count { written.warn("tool_choice", .converted) }
        return some
    }

    private mutating func add(_ tool: Tool, _ written: inout RequestBody) {
        if let own = tool.verbatim, own.dialect == .anthropicMessages { return tools.append(own.json) }
        var json = JSONObject([("name", .string(names(tool.name)))])
        json["description"] = tool.freeTextDescription.map { .string($0) }
        if tool.freeText != nil {
            json["input_schema"] = Tool.textInput
            written.warn("tools.freeform", .converted)
        } else if isOwn {
            json["input_schema"] = tool.objectSchema
        } else {
            let isStrict = tool.strict == true && isStrictKnown
            let object = AnthropicSchema.tool(tool.schema)
            object.warn("tools.parameters", &written)
            let pass = isStrict ? AnthropicSchema.strict(object.schema) : object
            if isStrict { pass.warn("tools.parameters", &written) }
            json["input_schema"] = pass.schema
        }
        if tool.strict == true {
            if isStrictKnown { json["strict"] = true } else { written.warn("tools.strict", .dropped) }
        }
        if let extra = tool.extra, extra.dialect != .anthropicMessages,
            let mark = CacheMark(extra.fields)
        {
            json["cache_control"] = mark.control
        }
        for (name, value) in tool.extra(.anthropicMessages)?.members ?? [] { json[name] = value }
        tools.append(.object(json))
    }

    /// A history with calls needs the definitions of what was called.
    private mutating func describeHistory(_ written: inout RequestBody) {
        var seen: Set<String> = []
        for call in chat.turns.flatMap(\.parts).compactMap(\.toolCall) where seen.insert(call.name).inserted {
            tools.append(["name": .string(names(call.name)), "input_schema": ["type": "object", "properties": [:]]])
            written.warn("tools", .added)
        }
    }

    private mutating func choose(_ written: inout RequestBody) {
        switch chat.toolChoice {
        case nil: choice = chat.parallelTools == false ? JSONObject([("type", "auto")]) : nil
        case .auto?: choice = JSONObject([("type", "auto")])
        case ToolChoice.none?: choice = JSONObject([("type", "none")])
        case .required?: choice = JSONObject([("type", "any")])
        case .tool(let name)?: choice = JSONObject([("type", "tool"), ("name", .string(names(name)))])
        case .allowed(let isRequired, _)?: choice = JSONObject([("type", isRequired ? "any" : "auto")])
        }
        if let parallel = chat.parallelTools, chat.toolChoice != ToolChoice.none, choice != nil {
            choice?["disable_parallel_tool_use"] = .bool(!parallel)
        }
    }

    /// Leaves the choice to the model, where it cannot be forced.
    mutating func leaveChoice(_ written: inout RequestBody) {
        guard choice?["type"] == "any" || choice?["type"] == "tool" else { return }
        choice?["type"] = "auto"
        choice?["name"] = nil
        written.warn("tool_choice", .downgraded)
    }

    /// Adds the tool by which a model without schemas of its own answers, and makes it call it, or another.
    mutating func answer(with schema: JSONValue, _ written: inout RequestBody) {
        let hasOthers = !tools.isEmpty && !chat.tools.isEmpty
        let object = AnthropicSchema.tool(schema)
        object.warn("response_format", &written)
        tools.append([
            "name": .string(AnthropicOutputTool.name), "description": "Gives the answer to the user.",
            "input_schema": object.schema,
        ])
        choice = JSONObject(
            hasOthers ? [("type", "any")] : [("type", "tool"), ("name", .string(AnthropicOutputTool.name))]
        )
        choice?["disable_parallel_tool_use"] = true
    }
}

extension Tool {
    /// The schema as an object schema, which Anthropic requires.
    var objectSchema: JSONValue {
        guard var object = schema?.object else { return ["type": "object", "properties": [:]] }
        if object["type"] == nil { object["type"] = "object" }
        return .object(object)
    }
}
