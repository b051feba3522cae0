import PlenumCore
import Testing

@Suite("Identifier")
struct IdentifierTests {
    private static let digits = "0123456789abcdef0123456789abcdef"

    @Test("an id survives as text and as bytes")
    func roundTrip() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<1000 {
            let id = MessageID(at: Timestamp(milliseconds: Int64(random.next() >> 17)), using: &random)
            #expect(MessageID(id.description) == id)
            #expect(MessageID(bytes: id.bytes) == id)
            #expect(id.bytes.count == 16)
        }
        #expect(MessageID("msg_" + Self.digits)?.description == "msg_" + Self.digits)
        #expect(ConversationID(high: 1, low: .max).description == "conv_0000000000000001ffffffffffffffff")
    }

    @Test("a new id is a UUID of version 7 that carries its time")
    func versionAndVariant() {
        var random = SplitMix(seed: 1)
        for milliseconds in [0, 1, 1_795_000_000_000, 0xFFFF_FFFF_FFFF] as [Int64] {
            let id = RunID(at: Timestamp(milliseconds: milliseconds), using: &random)
            #expect(id.high >> 16 == UInt64(milliseconds))
            #expect(id.bytes[6] >> 4 == 7)
            #expect(id.bytes[8] >> 6 == 0b10)
        }
    }

    @Test("ids sort by time, as values and as text")
    func order() {
        var random = SplitMix(seed: 2)
        let ids = (0..<200).map { GenerationID(at: Timestamp(milliseconds: 1_795_000_000_000 + $0), using: &random) }
        #expect(ids.sorted() == ids)
        #expect(ids.map(\.description).sorted() == ids.map(\.description))
        #expect(RunID(high: 1, low: 2) < RunID(high: 1, low: 3))
    }

    @Test(
        "anything else is no id",
        arguments: [
            "",
            "msg",
            "msg_",
            "0123456789abcdef0123456789abcdef",
            "_0123456789abcdef0123456789abcdef",
            "msg0123456789abcdef0123456789abcdef",
            "conv_0123456789abcdef0123456789abcdef",
            "msg-0123456789abcdef0123456789abcdef",
            "msg_00123456789abcdef0123456789abcdef",
            "msg_0123456789abcdef0123456789abcde",
            "MSG_0123456789abcdef0123456789abcdef",
            "msg_0123456789ABCDEF0123456789ABCDEF",
            "msg_0123456789abcdef0123456789abcdeg",
            "msg_0123456789abcdef0123456789abcdé",
            " msg_123456789abcdef0123456789abcdef",
            "msg_0123456789abcdef0123456789abcdef\n",
        ]
    )
    func refuses(_ text: String) { #expect(MessageID(text) == nil) }

    @Test("16 bytes make an id, no other number does", arguments: [0, 15, 17])
    func byteCounts(_ count: Int) { #expect(RunID(bytes: [UInt8](repeating: 1, count: count)) == nil) }
}
