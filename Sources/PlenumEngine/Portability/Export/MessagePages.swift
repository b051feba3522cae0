import PlenumCore

/// A conversation's messages in the order in which they were stored, a page at a time. After large messages a page has
/// few of them, so that little is in memory at once.
struct MessagePages {
    private let storage: any Storage
    private let conversation: ConversationID
    private var limit = 16
    private var passed: [MessageID] = []
    private var hasMore = true

    init(of conversation: ConversationID, in storage: any Storage) {
        self.conversation = conversation
        self.storage = storage
    }

    /// Reads the next page; `nil` after the last.
    /// - Throws: `notFound` if the conversation is gone.
    mutating func next() async throws(PlenumError) -> [Message]? {
        while hasMore {
            do {
                let page = PageRequest(limit: limit, after: passed.last, order: .ascending)
                let read = try await storage.messages(in: conversation, page: page)
                hasMore = read.hasMore
                passed = read.elements.map(\.id)
                adapt(to: read.elements)
                return read.elements.isEmpty ? nil : read.elements
            } catch  where error.code == .notFound && !passed.isEmpty {
                // The message after which to go on was deleted in the meantime; the one before it does as well.
                passed.removeLast()
                guard passed.isEmpty else { continue }
                _ = try await storage.conversation(conversation)
                throw PlenumError(.conflict, "The conversation \(conversation) changed while it was read. Try again.")
            }
        }
        return nil
    }

    private mutating func adapt(to page: [Message]) {
        let bytes = page.reduce(0) { $0 + $1.parts.byteCount }
        if bytes > ExportCursor.pageBytes {
            limit = max(1, limit / 4)
        } else if bytes < ExportCursor.pageBytes / 4 {
            limit = min(256, limit * 2)
        }
    }
}
