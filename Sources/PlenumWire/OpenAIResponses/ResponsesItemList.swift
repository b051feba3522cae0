public import PlenumCore

extension OpenAIResponsesFormat {
    /// A turn as the items of a list, as `GET /v1/responses/{id}/input_items` shows them.
    /// - Parameter id: the first item's id; those of others are made of it.
    public func items(of turn: Turn, id: String) -> [JSONValue] {
        let model = ModelID(provider: "", model: "")
        let request = CompletionRequest(model: "", tag: model, stream: false, prompt: .chat(ChatRequest()))
        var writer = ResponsesItemWriter(
            request: request,
            quirks: Quirks(),
            names: ToolNames(),
            freeformTools: []
        )
        // What cannot be written as a request, such as a file of another provider, is left out of the list.
        try? writer.write([turn])
        return writer.items.enumerated().compactMap { index, item in
            guard let written = item.object else { return nil }
            let own = index == 0 ? id : "\(id)_\(index)"
            var listed = JSONObject([("id", .string(own)), ("type", written["type"] ?? "message")])
            for (name, value) in written.members where name != "id" { listed[name] = value }
            if let text = written["content"]?.string {
                let type: JSONValue = written["role"] == "assistant" ? "output_text" : "input_text"
                listed["content"] = [["type": type, "text": .string(text)]]
            }
            if listed["type"] == "message", listed["status"] == nil { listed["status"] = "completed" }
            return .object(listed)
        }
    }
}
