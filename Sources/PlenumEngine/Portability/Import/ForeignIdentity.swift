import PlenumCore

/// Makes ids of foreign ids, always the same of the same: so a file that comes again is known.
struct ForeignIdentity: Sendable {
    private let format: ImportFormat
    private let conversation: String
    private let milliseconds: UInt64
    private let digest: ImportDigest

    /// Takes what names a conversation at its home.
    /// - Parameter createdAt: the conversation's own time, which all its ids begin with; it must be the same in every file.
    init(of conversation: String, createdAt: Timestamp?, in format: ImportFormat, _ digest: ImportDigest) {
        self.format = format
        self.conversation = conversation
        self.digest = digest
        let time = createdAt?.milliseconds ?? 0
        milliseconds = Timestamp.portable.contains(time) ? UInt64(time) & 0xFFFF_FFFF_FFFF : 0
    }

    /// The conversation's id.
    var conversationID: ConversationID { id([conversation]) }

    /// The id of a message of the conversation.
    func messageID(_ message: String) -> MessageID { id([conversation, message]) }

    /// A UUID of version 8: its time and places are those of version 7, so that both sort together.
    private func id<Subject: Identified>(_ names: [String]) -> Identifier<Subject> {
        // With its length before each name, none runs into the next.
        let text = ([format.rawValue, Subject.identifierPrefix] + names).map { "\($0.utf8.count):\($0)" }.joined()
        let hash = digest.hash(Array("plenum import 1 \(text)".utf8))
        let bytes = hash.prefix(16) + Array(repeating: 0, count: max(0, 16 - hash.count))
        let random = Identifier<Subject>(bytes: bytes) ?? Identifier(high: 0, low: 0)
        return Identifier(
            high: milliseconds << 16 | 0x8000 | random.high & 0x0FFF,
            low: random.low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }
}
