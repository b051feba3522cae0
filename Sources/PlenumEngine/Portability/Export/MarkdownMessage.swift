import PlenumCore

/// A message as Markdown: a heading that names who speaks, and the words untouched.
struct MarkdownMessage {
    let message: Message
    /// Which of how many siblings it is; `nil` without siblings.
    let place: (number: Int, count: Int)?

    /// The text, with a blank line before it.
    var text: String {
        var blocks = ["## \(heading)", "*\(note)*"]
        for part in message.parts { blocks += Self.blocks(part) }
        if let error = message.error { blocks.append("*\(error.message)*") }
        return blocks.map { "\n\($0)\n" }.joined()
    }

    private var heading: String {
        let name =
            switch message.role {
            case .user: "User"
            case .assistant: "Assistant"
            case .system: "System"
            case .tool: "Tool"
            }
        return ([name] + (message.model.map { [$0.oneLine] } ?? [])).joined(separator: " · ")
    }

    private var note: String {
        var notes = [CivilTime(message.createdAt).text]
        if let place {
            notes.append("\(place.number) of \(place.count) \(message.role == .assistant ? "answers" : "versions")")
        }
        if message.status != .completed { notes.append(message.status.rawValue.replacing("_", with: " ")) }
        return notes.joined(separator: " · ")
    }

    private static func blocks(_ part: ContentPart) -> [String] {
        switch part {
        case .text(let text), .refusal(let text):
            guard !text.isEmpty else { return [] }
            // An answer that was cut off may leave a fence open, which would swallow all that follows.
            return [text + (CodeFence.left(openIn: text).map { "\n\($0)" } ?? "")]
        case .reasoning(let reasoning):
            guard !reasoning.text.isEmpty else { return [] }
            let lines = reasoning.text.split(separator: "\n", omittingEmptySubsequences: false)
            return [lines.map { "> \($0)" }.joined(separator: "\n")]
        case .image(let media): return [shown(media, "image", mark: "!")]
        case .audio(let media): return [shown(media, "audio")]
        case .document(let media): return [shown(media, "document")]
        case .toolCall(let call):
            return ["*Call of \(call.name.oneLine)*", CodeFence.around(call.arguments, language: "json")]
        case .toolResult(let result):
            return ["*Result of \((result.name ?? result.callID).oneLine)*", CodeFence.around(result.text)]
        case .opaque(let dialect, let block):
            return ["*A block of \(dialect.rawValue)*", CodeFence.around(block.text, language: "json")]
        }
    }

    /// A link where there is an address; otherwise what is not shown here.
    private static func shown(_ media: Media, _ kind: String, mark: String = "") -> String {
        let name = (media.filename ?? kind).oneLine.replacing("[", with: "(").replacing("]", with: ")")
        guard case .url(let address) = media.source,
            !address.contains(where: { $0.isWhitespace || "<>()".contains($0) })
        else { return "*[\(name): \(media.mimeType?.oneLine ?? kind), not shown here]*" }
        return "\(mark)[\(name)](\(address))"
    }
}

extension String {
    /// The text on one line.
    var oneLine: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}
