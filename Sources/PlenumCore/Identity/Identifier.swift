/// A kind of thing that has ids, known by their prefix.
public protocol Identified {
    /// The prefix without its underscore, such as `conv`.
    static var identifierPrefix: String { get }
}

/// The id of a thing: 128 bits, written as the kind's prefix, an underscore and 32 hexadecimal digits.
///
/// New ids are UUIDs of version 7 (RFC 9562), so that they sort by the time of their making.
public struct Identifier<Subject: Identified>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The upper and lower halves.
    public let high: UInt64
    /// The lower half.
    public let low: UInt64

    /// Makes an id of its two halves.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a UUID of version 7.
    /// - Parameters:
    ///   - time: the moment it carries, to the millisecond.
    ///   - generator: where its 74 random bits come from.
    public init(at time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(bitPattern: time.milliseconds) & 0xFFFF_FFFF_FFFF
        high = milliseconds << 16 | 0x7000 | generator.next() & 0x0FFF
        low = generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }

    /// Reads an id; `nil` if the prefix or the digits are wrong.
    public init?(_ text: String) {
        let prefix = Subject.identifierPrefix
        let utf8 = Array(text.utf8)
        guard utf8.count == prefix.utf8.count + 33, text.hasPrefix(prefix), utf8[prefix.utf8.count] == 0x5F else {
            return nil
        }
        var halves: (UInt64, UInt64) = (0, 0)
        for (index, byte) in utf8.suffix(32).enumerated() {
            let digit: UInt64
            switch byte {
            case 0x30...0x39: digit = UInt64(byte - 0x30)
            case 0x61...0x66: digit = UInt64(byte - 0x57)
            default: return nil
            }
            if index < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
        }
        self.init(high: halves.0, low: halves.1)
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - $0 % 8 * 8)) }
    }

    /// Reads 16 bytes, most significant first; `nil` for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let value = bytes.reduce((UInt64(0), UInt64(0))) { ($0.0 << 8 | $0.1 >> 56, $0.1 << 8 | UInt64($1)) }
        self.init(high: value.0, low: value.1)
    }

    /// The prefix, an underscore and 32 lower-case digits.
    public var description: String {
        let prefix = Subject.identifierPrefix
        return String(unsafeUninitializedCapacity: prefix.utf8.count + 33) { buffer in
            var at = 0
            for byte in prefix.utf8 {
                buffer[at] = byte
                at += 1
            }
            buffer[at] = 0x5F
            for shift in 0..<32 {
                let half = shift < 16 ? high : low
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - shift % 16 * 4)) & 15
                buffer[at + 1 + shift] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return at + 33
        }
    }

    /// Orders by value, which for ids of version 7 is the order of their making.
    public static func < (left: Self, right: Self) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

/// The id of a conversation.
public typealias ConversationID = Identifier<Conversation>
/// The id of a message.
public typealias MessageID = Identifier<Message>
/// The id of a run.
public typealias RunID = Identifier<Run>
/// The id of a generation.
public typealias GenerationID = Identifier<Generation>
