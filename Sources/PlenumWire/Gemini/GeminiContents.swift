import PlenumCore

/// Writes the contents: user and model by turns, all results of one step in one content.
struct GeminiContents {
    let names: ToolNames
    let model: ModelID
    let abilities: GeminiAbilities
    /// Whether the client speaks the dialect, so that its documents go back as they came.
    let isOwn: Bool

    func write(_ sides: [Alternation.Side], _ written: inout RequestBody) throws(PlenumError) -> [JSONValue] {
        var contents: [JSONValue] = []
        for side in sides {
            var parts: [JSONValue] = []
            var pictures: [JSONValue] = []
            var isFirstCall = true
            for piece in side.pieces {
                if piece.part.isResult == false {
                    parts += pictures
                    pictures = []
                }
                guard var part = try part(piece.part, isFirstCall: isFirstCall, &pictures, &written)?.object else {
                    continue
                }
                if piece.part.toolCall != nil { isFirstCall = false }
                for (name, value) in piece.extra?.members ?? [] { part[name] = value }
                parts.append(.object(part))
            }
            contents.append(["role": side.isModel ? "model" : "user", "parts": .array(parts + pictures)])
        }
        return contents
    }

    private func part(
        _ part: ContentPart,
        isFirstCall: Bool,
        _ pictures: inout [JSONValue],
        _ written: inout RequestBody
    ) throws(PlenumError) -> JSONValue? {
        switch part {
        case .text(let text), .refusal(let text): return GeminiShapes.text(text)
        case .image(let media), .audio(let media): return try self.media(media)
        case .document(let media):
            let media = isOwn ? media : try media.normalised()
            guard !isOwn, let text = media.documentText else { return try self.media(media) }
            return GeminiShapes.text([media.filename, text].compactMap { $0 }.joined(separator: "\n"))
        case .reasoning(let reasoning):
            guard let state = reasoning.opaque else { return nil }
            if reasoning.text.isEmpty { return GeminiShapes.state(state) }
            return ["text": .string(reasoning.text), "thought": true, "thoughtSignature": .string(state.payload)]
        case .toolCall(var call):
            if call.opaque?.belongs(to: model, in: .gemini) != true { call.opaque = nil }
            // The first call of a step must have a signature: another model's cannot have Google's.
            let signature = isFirstCall && call.opaque == nil ? String.skipsSignature : nil
            let id = Self.givenID(call.id)
            call.name = names(call.name)
            call.arguments = call.argumentsObject(&written).text
            return GeminiShapes.call(call, id: id, signature: signature)
        case .toolResult(let result): return try answer(result, &pictures, &written)
        case .opaque(let dialect, let block): return dialect == .gemini ? block : nil
        }
    }

    /// The id, if it has the form of Google's, eight lower-case letters and digits as recorded: only an id that the
    /// model gave goes back.
    private static func givenID(_ id: String) -> String? {
        let isGoogles =
            id.utf8.count == 8 && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
        return isGoogles ? id : nil
    }

    private func answer(
        _ result: ToolResult,
        _ pictures: inout [JSONValue],
        _ written: inout RequestBody
    ) throws(PlenumError) -> JSONValue {
        let name = names(result.name ?? "tool")
        var function = JSONObject([("name", .string(name))])
        function["id"] = Self.givenID(result.callID).map { .string($0) }
        let text = JSONValue.string(result.text)
        function["response"] = result.isError == true ? ["error": text] : ["output": text]
        var parts: [JSONValue] = []
        for part in result.parts where part.text == nil {
            switch part {
            case .image(let media), .audio(let media), .document(let media): parts.append(try self.media(media))
            default: written.warn("messages.content", .dropped)
            }
        }
        if !parts.isEmpty, abilities.takesMediaInResults {
            function["parts"] = .array(parts)
        } else if !parts.isEmpty {
            // Older models have no place in a result: what it holds follows all results, with the tool's name.
            pictures += [GeminiShapes.text("[from the result of \(name)]")] + parts
            written.warn("messages.tool_result", .moved)
        }
        return ["functionResponse": .object(function)]
    }

    private func media(_ given: Media) throws(PlenumError) -> JSONValue {
        let media = isOwn ? given : try given.normalised()
        var part = JSONObject()
        switch media.source {
        case .base64(let data):
            let mimeType = media.mimeType ?? "application/octet-stream"
            part["inlineData"] = ["mimeType": .string(mimeType), "data": .string(data)]
        case .url(let address):
            var file = JSONObject()
            file["mimeType"] = media.mimeType.map { .string($0) }
            file["fileUri"] = .string(address)
            part["fileData"] = .object(file)
        case .file: throw .fileNotPortable
        }
        if abilities.hasLevels, let detail = media.detail, detail == "low" || detail == "high" {
            part["mediaResolution"] = ["level": .string("MEDIA_RESOLUTION_\(detail.uppercased())")]
        }
        return .object(part)
    }
}

extension ContentPart {
    /// Whether this is the result of a call.
    fileprivate var isResult: Bool { if case .toolResult = self { true } else { false } }
}
