/// The bytes of which names and ids are made.
extension UInt8 {
    /// Whether this is a letter of ASCII.
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }

    /// Whether this is a letter or a digit of ASCII.
    var isAlphanumeric: Bool { isLetter || (0x30...0x39).contains(self) }

    /// Whether this is a letter, a digit, `_` or `-`.
    var isNameByte: Bool { isAlphanumeric || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
}
