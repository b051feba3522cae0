import PlenumCore

/// What Google refuses (wire notes 1.4).
extension SimulatedScruples {
    private static let members = spellings([
        "model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "safetySettings",
        "cachedContent", "labels", "serviceTier", "continuationToken", "store",
    ])
    private static let configMembers = spellings([
        "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "seed", "presencePenalty",
        "frequencyPenalty", "responseLogprobs", "logprobs", "responseMimeType", "responseSchema", "responseJsonSchema",
        "responseFormat", "responseModalities", "mediaResolution", "speechConfig", "imageConfig", "thinkingConfig",
    ])
    private static let toolMembers = spellings([
        "functionDeclarations", "googleSearch", "urlContext", "codeExecution", "fileSearch", "computerUse",
        "mcpServers", "googleSearchRetrieval", "googleMaps",
    ])
    private static let functionMembers = spellings([
        "name", "description", "parameters", "parametersJsonSchema", "response", "responseJsonSchema", "behavior",
    ])
    private static let partMembers = spellings([
        "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
        "toolCall", "toolResponse",
    ])

    /// The names in both of their spellings.
    private static func spellings(_ names: [String]) -> Set<String> {
        Set(names).union(names.map(snake))
    }

    private static func snake(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
    }

    func checkGemini(_ root: JSONNode) throws(PlenumError) {
        try Self.refuseUnknown(root, Self.members)
        if let config = member(root, "generationConfig") { try checkConfig(config) }
        for tool in try root.optional("tools")?.elements() ?? [] { try checkTools(tool) }
        let contents = try root.required("contents").elements()
        guard !contents.isEmpty else { throw root.complaint("contents: at least one content is required") }
        var before: JSONNode?
        for content in contents {
            try checkContent(content, before: before)
            before = content
        }
        if let before, let call = try calls(before).first {
            throw call.complaint("a function call turn must be followed by a function response turn")
        }
    }

    private func member(_ node: JSONNode, _ name: String) -> JSONNode? { node.optional([name, Self.snake(name)]) }

    private func checkConfig(_ config: JSONNode) throws(PlenumError) {
        try Self.refuseUnknown(config, Self.configMembers)
        if member(config, "responseSchema") != nil, let schema = member(config, "responseJsonSchema") {
            throw schema.complaint("cannot be set together with responseSchema")
        }
        if let schema = member(config, "responseJsonSchema") ?? member(config, "responseSchema"),
            member(config, "responseMimeType")?.value != "application/json"
        {
            throw schema.complaint("responseMimeType must be application/json")
        }
        if let thinking = member(config, "thinkingConfig") {
            try Self.refuseUnknown(thinking, Self.spellings(["includeThoughts", "thinkingBudget", "thinkingLevel"]))
            if member(thinking, "thinkingBudget") != nil, let level = member(thinking, "thinkingLevel") {
                throw level.complaint("cannot be set together with thinkingBudget")
            }
        }
    }

    private func checkTools(_ tool: JSONNode) throws(PlenumError) {
        try Self.refuseUnknown(tool, Self.toolMembers)
        for function in try member(tool, "functionDeclarations")?.elements() ?? [] {
            try Self.refuseUnknown(function, Self.functionMembers)
            try Self.checkName(try function.required("name"), most: 128, also: "_-.:")
            if function.optional("parameters") != nil, let schema = member(function, "parametersJsonSchema") {
                throw schema.complaint("cannot be set together with parameters")
            }
        }
    }

    // MARK: Contents

    private func checkContent(_ content: JSONNode, before: JSONNode?) throws(PlenumError) {
        let role = content.value["role"]?.string ?? "user"
        guard ["user", "model", "function"].contains(role) else { throw content.complaint("role: user, model") }
        let parts = try content.required("parts").elements()
        guard !parts.isEmpty else { throw content.complaint("parts: must have at least one part") }
        for part in parts { try checkPart(part) }
        let calls = try calls(content)
        if let call = calls.first {
            guard role == "model" else { throw call.complaint("a function call must be the model's") }
            guard let before, before.value["role"] != "model" else {
                throw call.complaint("a function call turn must come after a user or a function response turn")
            }
            try checkSignature(of: call)
        }
        try checkAnswers(content, to: before.map { (node) throws(PlenumError) in try self.calls(node) } ?? [])
    }

    private func checkPart(_ part: JSONNode) throws(PlenumError) {
        let given = part.value.object?.members.filter { Self.partMembers.contains($0.key) } ?? []
        guard given.count == 1 else { throw part.complaint("a part must have exactly one of its data fields") }
        guard let signature = member(part, "thoughtSignature") else { return }
        let text = try signature.string()
        guard Self.skipsCheck(text) || SimulatedSeal.isOwn(text) else {
            throw signature.complaint("Corrupted thought signature")
        }
    }

    /// The first call of a turn must have the signature of the thoughts that led to it.
    private func checkSignature(of call: JSONNode) throws(PlenumError) {
        guard thinks, member(call, "thoughtSignature") == nil else { return }
        throw call.complaint("Function call is missing a thought_signature in functionCall parts")
    }

    private static func skipsCheck(_ text: String) -> Bool {
        let words = [String.skipsSignature, "context_engineering_is_the_way_to_go"]
        return words.contains(text) || words.contains { Base64.encode(Array($0.utf8)) == text }
    }

    private func checkAnswers(_ content: JSONNode, to calls: [JSONNode]) throws(PlenumError) {
        var open: [(name: String?, id: String?)] = calls.map { call in
            let function = member(call, "functionCall")?.value
            return (function?["name"]?.string, function?["id"]?.string)
        }
        var answers: [JSONNode] = []
        for part in try content.required("parts").elements() {
            if let answer = member(part, "functionResponse") { answers.append(answer) }
        }
        guard answers.count == calls.count else {
            throw content.complaint(
                "the number of function response parts must be equal to the number of function call parts of the function "
                    + "call turn"
            )
        }
        for answer in answers {
            let name = try answer.required("name").string()
            let id = try answer.optional("id")?.string()
            let place = open.firstIndex { call in
                call.name == name && (id == nil || call.id == nil || call.id == id)
            }
            guard let place else { throw answer.complaint("no function call before has this name and id") }
            open.remove(at: place)
            _ = try answer.required("response").object()
        }
    }

    private func calls(_ content: JSONNode) throws(PlenumError) -> [JSONNode] {
        try content.required("parts").elements().filter { member($0, "functionCall") != nil }
    }
}
