import PlenumCore

/// What Anthropic refuses (wire notes 1.3).
extension SimulatedScruples {
    private static let members: Set<String> = [
        "model", "max_tokens", "messages", "system", "tools", "tool_choice", "thinking", "output_config",
        "stop_sequences", "temperature", "top_p", "top_k", "metadata", "service_tier", "speed", "inference_geo",
        "container", "cache_control", "diagnostics", "stream", "user_profile_id", "workspace_id",
    ]
    private static let betaMembers: Set<String> = [
        "context_management", "mcp_servers", "fallbacks", "thread", "compaction", "output_format",
    ]
    /// Clients of this version must not steer sampling.
    private static let strictVersion = "2026-10-21"

    /// What one side says before the other speaks: the API joins messages of one role.
    private struct Said {
        var isModel: Bool
        var blocks: [JSONNode]

        func blocks(_ type: String) -> [JSONNode] { blocks.filter { $0.value["type"]?.string == type } }
    }

    func checkAnthropic(_ root: JSONNode, _ header: (String) -> String?) throws(PlenumError) {
        guard let version = header("anthropic-version") else {
            throw PlenumError(.invalidRequest, "anthropic-version: header is required.")
        }
        let known = header("anthropic-beta") == nil ? Self.members : Self.members.union(Self.betaMembers)
        try Self.refuseUnknown(root, known)
        _ = try root.required("model").string()
        let limit = try root.required("max_tokens").int()
        if version >= Self.strictVersion {
            for name in ["temperature", "top_p", "top_k"] {
                if let node = root.optional(name) { throw node.complaint("not supported in this API version") }
            }
        }
        if root.optional("temperature") != nil, let node = root.optional("top_p") {
            throw node.complaint("temperature and top_p cannot both be specified")
        }
        try checkSystem(root)
        try checkThinking(root, limit)
        for tool in try root.optional("tools")?.elements() ?? [] { try checkTool(tool) }
        let sides = try said(root)
        for (index, side) in sides.enumerated() {
            try checkCalls(side, before: index > 0 ? sides[index - 1] : nil, root)
        }
        if let last = sides.last, last.isModel, let call = last.blocks("tool_use").first {
            throw call.complaint("tool_use ids were found without tool_result blocks immediately after")
        }
        try checkLoop(sides, root)
    }

    private func checkSystem(_ root: JSONNode) throws(PlenumError) {
        guard let system = root.optional("system") else { return }
        if let text = system.value.string {
            guard text.isEmpty || !Self.isBlank(text) else {
                throw system.complaint("text must contain non-whitespace text")
            }
            return
        }
        for block in try system.elements() { try checkText(block) }
    }

    private func checkThinking(_ root: JSONNode, _ limit: Int) throws(PlenumError) {
        guard let thinking = root.optional("thinking") else { return }
        let type = try thinking.required("type").string()
        guard ["adaptive", "enabled", "disabled", "between_tools"].contains(type) else {
            throw thinking.complaint("an unknown type of thinking")
        }
        if type == "enabled" {
            let budget = try thinking.required("budget_tokens")
            guard try budget.int() >= 1024, try budget.int() < limit else {
                throw budget.complaint("must be 1024 or more and less than max_tokens")
            }
        }
        let choice = root.value["tool_choice"]?["type"]?.string
        if type != "disabled", choice == "any" || choice == "tool" {
            throw thinking.complaint("thinking may not be enabled when tool_choice forces tool use")
        }
    }

    private func checkTool(_ tool: JSONNode) throws(PlenumError) {
        if let type = tool.value["type"]?.string, type != "custom" { return }
        try Self.checkName(try tool.required("name"), most: 128)
        if tool.value["description"]?.isNull == true { throw tool.complaint("description: a string was expected") }
        let schema = try tool.required("input_schema")
        guard schema.value["type"] == "object" else { throw schema.complaint("type must be object") }
    }

    // MARK: Messages

    private func said(_ root: JSONNode) throws(PlenumError) -> [Said] {
        var sides: [Said] = []
        let messages = try root.required("messages").elements()
        guard !messages.isEmpty else { throw root.complaint("messages: at least one message is required") }
        for message in messages {
            let role = try message.required("role")
            guard ["user", "assistant", "system"].contains(try role.string()) else {
                throw role.complaint("user or assistant was expected")
            }
            let isModel = role.value == "assistant"
            let content = try message.required("content")
            let blocks = try blocks(content, isModel)
            if sides.last?.isModel == isModel {
                sides[sides.count - 1].blocks += blocks
            } else {
                sides.append(Said(isModel: isModel, blocks: blocks))
            }
        }
        return sides
    }

    private func blocks(_ content: JSONNode, _ isModel: Bool) throws(PlenumError) -> [JSONNode] {
        if let text = content.value.string {
            guard isModel || !Self.isBlank(text) else { throw content.complaint("must have non-empty content") }
            return [JSONNode(["type": "text", "text": content.value], content.path)]
        }
        let blocks = try content.elements()
        guard isModel || !blocks.isEmpty else { throw content.complaint("must have non-empty content") }
        for block in blocks { try checkBlock(block, alone: blocks.count == 1) }
        return blocks
    }

    private func checkBlock(_ block: JSONNode, alone: Bool) throws(PlenumError) {
        switch try block.required("type").string() {
        case "text":
            try checkText(block)
            if alone, Self.isBlank(block.value["text"]?.string ?? "") {
                throw block.complaint("text content blocks must contain non-whitespace text")
            }
        case "thinking":
            let text = try block.required("thinking").string()
            let signature = try block.required("signature")
            let seal = try signature.string()
            guard SimulatedSeal.isOwn(seal), text.isEmpty || seal == SimulatedSeal.of(text) else {
                throw signature.complaint("Invalid `signature` in `thinking` block")
            }
        case "redacted_thinking": throw block.complaint("Invalid `data` in `redacted_thinking` block")
        case "tool_use":
            try Self.checkName(try block.required("id"), most: 256)
            try Self.checkName(try block.required("name"), most: 128)
            _ = try block.required("input").object()
        case "image": try checkImage(try block.required("source"))
        default: break
        }
    }

    private func checkText(_ block: JSONNode) throws(PlenumError) {
        guard try !block.required("text").string().isEmpty else {
            throw block.complaint("text content blocks must be non-empty")
        }
    }

    private func checkImage(_ source: JSONNode) throws(PlenumError) {
        guard source.value["type"] == "base64" else { return }
        let type = try source.required("media_type")
        guard ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(try type.string()) else {
            throw type.complaint("image/jpeg, image/png, image/gif or image/webp was expected")
        }
        guard Base64.decode(try source.required("data").string()) != nil else {
            throw source.complaint("the data is no base64")
        }
    }

    /// The results in a message are those of the calls before it, each once, and stand before all else.
    private func checkCalls(_ side: Said, before: Said?, _ root: JSONNode) throws(PlenumError) {
        guard !side.isModel else { return }
        var open: [String] = []
        for call in before?.blocks("tool_use") ?? [] { open.append(try call.required("id").string()) }
        var isOver = false
        for block in side.blocks {
            guard block.value["type"] == "tool_result" else {
                isOver = true
                continue
            }
            let id = try block.required("tool_use_id")
            guard let place = open.firstIndex(of: try id.string()) else {
                throw id.complaint("unexpected tool_use_id: no tool_use block in the message before has it")
            }
            guard !isOver else { throw block.complaint("tool_result blocks must come first in their message") }
            open.remove(at: place)
        }
        guard open.isEmpty else {
            throw root.complaint("messages: tool_use ids without tool_result blocks immediately after: \(open)")
        }
    }

    /// With a budget for thinking, the turn that a loop of tools goes on with must begin with its thoughts.
    private func checkLoop(_ sides: [Said], _ root: JSONNode) throws(PlenumError) {
        guard root.value["thinking"]?["type"] == "enabled" else { return }
        guard let asked = sides.lastIndex(where: { !$0.isModel && $0.blocks("tool_result").isEmpty }),
            let turn = sides.dropFirst(asked + 1).first(where: \.isModel),
            !turn.blocks("tool_use").isEmpty, let first = turn.blocks.first
        else { return }
        guard ["thinking", "redacted_thinking"].contains(first.value["type"]?.string) else {
            throw first.complaint("Expected `thinking` or `redacted_thinking`, since thinking is enabled")
        }
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
