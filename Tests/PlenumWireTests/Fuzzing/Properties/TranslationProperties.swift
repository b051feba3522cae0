import PlenumCore
import PlenumWire

/// What holds of a request that is read in one dialect and written in every other.
struct TranslationProperties {
    private let format: any WireFormat

    init(_ format: any WireFormat) { self.format = format }

    /// What one part of the house writes, the same dialect's reader understands, and it says the same again.
    func check(_ body: [UInt8]) throws(Violation) {
        guard let door = try? format.readRequest(body) else { return }
        for other in WireFormats.all where other.dialect != format.dialect {
            guard let sent = try RequestProperties.write(door.chat, in: other) else { continue }
            let name = other.dialect.rawValue
            let back: DoorRequest
            do {
                back = try other.readRequest(sent.body)
            } catch {
                throw Violation("what is written in \(name) is read: \(error)")
            }
            _ = try RequestProperties.write(back.chat, in: format)
        }
    }
}
