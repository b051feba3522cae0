import PlenumCore

/// What models are told of a conversation: of a debate what it came to, not how.
enum Recollection {
    /// How many turns of a talk that was not summed up are told.
    private static let lastTurns = 4

    /// The turns of a path from the root.
    static func turns(_ path: [Message]) -> [Turn] {
        var turns: [Turn] = []
        var rest = path[...]
        while let first = rest.first {
            guard let run = first.run, let step = first.step else {
                turns.append(Turn(first.role, first.parts))
                rest.removeFirst()
                continue
            }
            let ofRun = rest.prefix { $0.run == run && $0.step != nil }
            rest.removeFirst(ofRun.count)
            guard ofRun.count > 1 || step.phase != .answer else {
                turns.append(Turn(first.role, first.parts))
                continue
            }
            turns.append(Turn(.assistant, gist(ofRun)))
        }
        return turns
    }

    /// The last word of a debate: the summary, the verdict's reason, the answer, the end of a talk.
    private static func gist(_ said: ArraySlice<Message>) -> [ContentPart] {
        guard let last = said.last else { return [] }
        switch last.step?.phase {
        case .judge?, .repair?:
            guard let verdict = LooseJSON.object(in: last.text, with: "winner") else { return last.parts }
            let words = ["answer", "decisive_point"].compactMap { verdict[$0]?.string }.filter { !$0.isEmpty }
            return [.text(words.joined(separator: "\n\n"))]
        case .say?, .human?, .opening?, .rebuttal?:
            let lines = said.suffix(lastTurns).map { message in
                "\(message.seat.map { "Partner \($0 + 1)" } ?? "Moderator"): \(message.text)"
            }
            return [.text(lines.joined(separator: "\n\n"))]
        default: return last.parts
        }
    }
}
