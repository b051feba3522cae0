import PlenumCore

/// A reply as it is kept when no provider's bytes are at hand: its parts as items.
enum Transcript {
    static func bytes(of reply: Reply) -> [UInt8] {
        var writer = JSONWriter(reserving: 256 + reply.text.utf8.count)
        writer.value(.array(reply.parts.map { $0.json(in: .assistant) }))
        return writer.bytes
    }
}
