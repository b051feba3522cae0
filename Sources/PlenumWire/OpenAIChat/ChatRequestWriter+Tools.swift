import PlenumCore

/// Tools, and which of them may be called (wire notes 2.4).
extension ChatRequestWriter {
    mutating func writeTools(_ chat: ChatRequest, _ names: ToolNames) throws(PlenumError) {
        // A choice without tools is an error there.
        guard !chat.tools.isEmpty else { return }
        var tools = chat.tools
        var choice = chat.toolChoice
        if quirks.convertsCustomTools, case .allowed(let isRequired, let allowed)? = choice {
            body.warn("tool_choice", .converted)
            tools = tools.filter { allowed.contains($0.name) }
            choice = isRequired ? .required : .auto
            guard !tools.isEmpty else { return }
        }
        var written: [JSONValue] = []
        for tool in tools { written.append(try json(of: tool, names)) }
        member("tools", .array(written))
        writeChoice(choice, tools, names)
        if quirks.noParallelTools {
            if chat.parallelTools == false { body.warn("parallel_tool_calls", .dropped) }
        } else {
            member("parallel_tool_calls", chat.parallelTools.map { .bool($0) })
        }
    }

    private mutating func writeChoice(_ choice: ToolChoice?, _ tools: [Tool], _ names: ToolNames) {
        switch choice {
        case nil: break
        case .auto?: member("tool_choice", "auto")
        case ToolChoice.none?: member("tool_choice", "none")
        case .required?: member("tool_choice", .string(quirks.requiredToolChoice ?? "required"))
        case .tool(let name)?: member("tool_choice", reference(to: name, tools, names))
        case .allowed(let isRequired, let allowed)?:
            let mode: JSONValue = isRequired ? "required" : "auto"
            let references = JSONValue.array(allowed.map { reference(to: $0, tools, names) })
            member("tool_choice", ["type": "allowed_tools", "allowed_tools": ["mode": mode, "tools": references]])
        }
    }

    private func reference(to name: String, _ tools: [Tool], _ names: ToolNames) -> JSONValue {
        let isFreeform = tools.contains { $0.name == name && $0.freeform != nil } && !quirks.convertsCustomTools
        let type = isFreeform ? "custom" : "function"
        return .object(JSONObject([("type", .string(type)), (type, ["name": .string(names(name))])]))
    }

    private mutating func json(of tool: Tool, _ names: ToolNames) throws(PlenumError) -> JSONValue {
        if let own = tool.verbatim, own.dialect == .openAIChat {
            guard !quirks.functionsOnly else { throw .notAFunction(tool.name) }
            return own.json
        }
        let name = names(tool.name)
        if name != tool.name { body.warn("tools.\(tool.name)", .converted) }
        if let freeform = tool.freeform, !quirks.convertsCustomTools { return custom(tool, name, freeform) }
        var function = JSONObject([("name", .string(name))])
        function["description"] = tool.freeTextDescription.map { .string($0) }
        var schema = tool.verbatim == nil ? tool.schema : Tool.textInput
        if tool.freeform != nil {
            body.warn("tools.\(tool.name)", .converted)
            // Its calls are functions' there, so the bytes of the answer are not what the client means by them.
            body.rename(tool.name, to: name)
            schema = Tool.textInput
        }
        function["parameters"] = schema?.without(quirks.dropSchemaFields)
        if let strict = tool.strict, !quirks.noStrictTools { function["strict"] = .bool(strict) }
        var json = JSONObject([("type", "function"), ("function", .object(function))])
        for (name, value) in tool.extra(.openAIChat)?.members ?? [] { json[name] = value }
        return .object(json)
    }

    private func custom(_ tool: Tool, _ name: String, _ freeform: Freeform) -> JSONValue {
        var custom = JSONObject([("name", .string(name))])
        custom["description"] = tool.description.map { .string($0) }
        if case .grammar(let syntax, let definition) = freeform {
            let grammar: JSONValue = ["syntax": .string(syntax), "definition": .string(definition)]
            custom["format"] = ["type": "grammar", "grammar": grammar]
        }
        var json = JSONObject([("type", "custom"), ("custom", .object(custom))])
        for (name, value) in tool.extra(.openAIChat)?.members ?? [] { json[name] = value }
        return .object(json)
    }
}

extension JSONValue {
    /// The value without the members of these names, at any depth.
    func without(_ names: Set<String>) -> JSONValue {
        if names.isEmpty { return self }
        switch self {
        case .object(let object):
            let kept = object.members.filter { !names.contains($0.key) }
            return .object(JSONObject(kept.map { ($0.key, $0.value.without(names)) }))
        case .array(let elements): return .array(elements.map { $0.without(names) })
        default: return self
        }
    }
}

extension PlenumError {
    /// A tool that the provider would have to run itself, or knows nothing of.
    fileprivate static func notAFunction(_ name: String) -> PlenumError {
        PlenumError(
            .unsupportedParameter,
            "This model's provider knows functions alone, and the tool \(name) is none; leave it out or choose another model.",
            parameter: "tools"
        )
    }
}
