public import PlenumCore

extension Engine {
    /// Writes a conversation for somebody to take along, piece by piece.
    ///
    /// Who wants to know beforehand that it is there, asks the storage for it.
    /// - Parameters:
    ///   - conversation: the conversation.
    ///   - format: how it is written.
    ///   - sink: is given the bytes, in order.
    /// - Throws: what the sink throws, and what the storage does.
    public func export(
        _ conversation: Conversation,
        as format: PortableFormat,
        to sink: @concurrent (_ bytes: [UInt8]) async throws -> Void
    ) async throws {
        switch format {
        case .json:
            var export = JSONExport(storage)
            try await export.write(conversation.id, to: sink)
        case .markdown: try await MarkdownExport(storage).write(conversation, to: sink)
        }
    }

    /// Writes all conversations as one file of JSON, piece by piece. What begins meanwhile may or may not be in it.
    /// - Parameters:
    ///   - sink: is given the bytes, in order.
    ///   - report: told the number of conversations that were written.
    /// - Throws: what the sink throws, and what the storage does.
    public func exportAll(
        to sink: @concurrent (_ bytes: [UInt8]) async throws -> Void,
        report: (_ conversations: Int) -> Void = { _ in }
    ) async throws {
        var export = JSONExport(storage)
        try await export.writeAll(to: sink, report)
    }
}
