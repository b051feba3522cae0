import PlenumCore

/// How many tokens a prompt has at most, and about: tokenisers differ and are not at hand, so money is reserved for the most.
struct TokenBound: Sendable, Hashable {
    /// More than any tokeniser in use makes of it.
    private(set) var most = 0
    /// What is to be expected.
    private(set) var likely = 0

    /// What the marks around a turn may take.
    private static let perTurn = 16
    /// What a picture may take: the greatest tile counts of the vendors are below it.
    private static let perPicture = 6000

    /// Measures a prompt.
    init(_ chat: ChatRequest) {
        for text in chat.instructions { add(text.text) }
        for turn in chat.turns { for part in turn.parts { add(part) } }
        let marks = Self.perTurn * (chat.turns.count + chat.instructions.count + 1)
        most += marks
        likely += marks / 4
    }

    /// Measures a text.
    init(_ text: String) { add(text) }

    private mutating func add(_ part: ContentPart) {
        switch part {
        case .text(let text), .refusal(let text): add(text)
        case .reasoning(let reasoning): add(reasoning.text)
        case .image:
            most += Self.perPicture
            likely += Self.perPicture / 4
        case .audio(let media), .document(let media):
            if case .base64(let data) = media.source { add(data) } else { most += 100_000 }
        case .toolCall(let call): add(call.arguments)
        case .toolResult(let result): for part in result.parts { add(part) }
        case .opaque(_, let block): most += block.bytes.count
        }
    }

    /// Words of letters are at least two bytes a token; digits, signs and other scripts may be a token a byte.
    private mutating func add(_ text: String) {
        var letters = 0
        var others = 0
        for byte in text.utf8 {
            let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A || byte == 0x20
            if isLetter { letters += 1 } else { others += 1 }
        }
        most += (letters + 1) / 2 + others
        likely += (letters + others + 3) / 4
    }
}
