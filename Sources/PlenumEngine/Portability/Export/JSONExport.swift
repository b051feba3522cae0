import PlenumCore

/// Writes conversations as Plenum's own file, a page at a time.
struct JSONExport {
    /// Where the bytes go.
    typealias Sink = @concurrent ([UInt8]) async throws -> Void

    private let storage: any Storage
    private var count = 0

    init(_ storage: any Storage) { self.storage = storage }

    /// Writes a file of one conversation.
    mutating func write(_ id: ConversationID, to sink: Sink) async throws {
        try await sink(Array(PlenumExport.opening.utf8))
        try await add(id, to: sink)
        try await sink(Array(PlenumExport.closing.utf8))
    }

    /// Writes a file of all conversations.
    /// - Parameter report: told the number of conversations that were written.
    mutating func writeAll(to sink: Sink, _ report: (Int) -> Void) async throws {
        try await sink(Array(PlenumExport.opening.utf8))
        // The list by last change would lose its place when a conversation goes on meanwhile; this order never changes.
        var cursor: ExportCursor? = ExportCursor(stage: .conversations)
        while let place = cursor, place.stage == .conversations {
            let page = try await storage.export(after: place, limit: 200)
            for case .createConversation(let conversation) in page.changes {
                try await add(conversation.id, to: sink)
                report(count)
            }
            cursor = page.next
        }
        try await sink(Array(PlenumExport.closing.utf8))
    }

    private mutating func add(_ id: ConversationID, to sink: Sink) async throws {
        guard let conversation = try await found(id) else { return }
        var writer = JSONWriter(reserving: 512)
        conversation.export(to: &writer)
        let comma = count > 0 ? "," : ""
        try await sink(Array("\(comma){\"conversation\":".utf8) + writer.bytes + Array(#","items":["#.utf8))
        count += 1
        var pages = MessagePages(of: id, in: storage)
        var isFirst = true
        while let page = try await next(&pages) {
            try await sink(Self.bytes(of: page, isFirst: isFirst))
            isFirst = false
        }
        try await sink(Array("]}".utf8))
    }

    private static func bytes(of page: [Message], isFirst: Bool) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096)
        for message in page { message.export(to: &writer) }
        return isFirst ? writer.bytes : [UInt8(ascii: ",")] + writer.bytes
    }

    /// The conversation; `nil` if it was deleted in the meantime.
    private func found(_ id: ConversationID) async throws(PlenumError) -> Conversation? {
        do {
            return try await storage.conversation(id)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    /// The next page; none if the conversation was deleted in the meantime.
    private func next(_ pages: inout MessagePages) async throws(PlenumError) -> [Message]? {
        do {
            return try await pages.next()
        } catch  where error.code == .notFound {
            return nil
        }
    }
}
