import PlenumCore

/// Writes the path to a conversation's leaf for people to read, a page at a time.
struct MarkdownExport {
    private let storage: any Storage

    init(_ storage: any Storage) { self.storage = storage }

    /// Writes the title, then message after message.
    ///
    /// The messages are read twice: who follows whom must be known before the first one is written, and all their words at
    /// once would be too many.
    func write(_ conversation: Conversation, to sink: JSONExport.Sink) async throws {
        var map = BranchMap()
        var pages = MessagePages(of: conversation.id, in: storage)
        while let page = try await pages.next() {
            for message in page { map.add(message) }
        }
        let path = map.path(to: conversation.leaf)
        let title = conversation.title?.oneLine ?? ""
        try await sink(Array("# \(title.isEmpty ? "Untitled conversation" : title)\n".utf8))
        pages = MessagePages(of: conversation.id, in: storage)
        while let page = try await pages.next() {
            // A message is stored after the one that it follows: the order of storing is that of the path.
            for message in page where path.contains(message.id) {
                try await sink(Array(MarkdownMessage(message: message, place: map.place(of: message.id)).text.utf8))
            }
        }
    }
}
