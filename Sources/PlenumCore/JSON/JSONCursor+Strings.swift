/// Strings, eight bytes at a time.
extension JSONCursor {
    /// What stands between two quotes.
    struct StringSpan: Sendable {
        let range: Range<Int>
        let isEscaped: Bool
    }

    /// Passes a string whose opening quote is next; checks its escapes and its UTF-8.
    mutating func string() throws(JSONError) -> StringSpan {
        let start = at + 1
        var index = start
        var isEscaped = false
        var isASCII = true
        while true {
            index = stop(from: index, &isASCII)
            let byte = index < text.count ? text[index] : 0
            if byte == UInt8(ascii: "\\"), let length = escapeLength(index + 1) {
                isEscaped = true
                index += 1 + length
                continue
            }
            if !isASCII, let fault = invalidUTF8(start..<index) {
                throw JSONError("the string is not valid UTF-8", at: fault)
            }
            guard byte == UInt8(ascii: "\"") else { throw stringFault(index) }
            at = index + 1
            return StringSpan(range: start..<index, isEscaped: isEscaped)
        }
    }

    /// Finds the first quote, backslash or control character, or the end of the text.
    /// - Parameter isASCII: becomes `false` if a byte before it is beyond ASCII.
    func stop(from start: Int, _ isASCII: inout Bool) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let tops: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while text.count - index >= 8 {
            let word = self.word(index)
            let quotes = word ^ ones &* UInt64(UInt8(ascii: "\""))
            let slashes = word ^ ones &* UInt64(UInt8(ascii: "\\"))
            // The lowest bit that is set belongs to the first such byte; borrows make false ones above it only.
            let hits =
                (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | ((word &- ones &* 0x20) & ~word))
                & tops
            guard hits == 0 else {
                if word & tops & (hits & (~hits &+ 1) &- 1) != 0 { isASCII = false }
                return index + hits.trailingZeroBitCount / 8
            }
            if word & tops != 0 { isASCII = false }
            index += 8
        }
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
            if byte >= 0x80 { isASCII = false }
            index += 1
        }
        return index
    }

    /// Eight bytes as a number, the first one lowest; they must be there.
    private func word(_ index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawBufferPointer(text).loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    private func stringFault(_ index: Int) -> JSONError {
        guard index < text.count else { return JSONError("the text ends inside a string", at: index) }
        guard text[index] == UInt8(ascii: "\\") else {
            return JSONError("a control character must be escaped inside a string", at: index)
        }
        guard index + 1 < text.count else { return JSONError("the text ends inside a string", at: index + 1) }
        let reason = "a backslash must be followed by one of \"\\/bfnrt or u and four hex digits"
        return JSONError(reason, at: index + 1)
    }

    /// The number of bytes after the backslash, `nil` if they are no escape.
    private func escapeLength(_ index: Int) -> Int? {
        guard index < text.count else { return nil }
        switch text[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 1
        case UInt8(ascii: "u"):
            guard text.count - index > 4 else { return nil }
            for digit in index + 1...index + 4 where Self.hexValue(text[digit]) == nil { return nil }
            return 5
        default: return nil
        }
    }

    static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - 87)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - 55)
        default: nil
        }
    }

    /// Finds the first byte that begins no well-formed sequence (Unicode, table 3-7).
    func invalidUTF8(_ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if range.upperBound - index >= 8, word(index) & 0x8080_8080_8080_8080 == 0 {
                index += 8
                continue
            }
            guard let length = sequenceLength(index, range.upperBound) else { return index }
            index += length
        }
        return nil
    }

    private func sequenceLength(_ index: Int, _ end: Int) -> Int? {
        let lead = text[index]
        guard lead >= 0x80 else { return 1 }
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard 0xC2...0xF4 ~= lead, end - index >= length else { return nil }
        let second: ClosedRange<UInt8> =
            switch lead {
            case 0xE0: 0xA0...0xBF
            case 0xED: 0x80...0x9F
            case 0xF0: 0x90...0xBF
            case 0xF4: 0x80...0x8F
            default: 0x80...0xBF
            }
        guard second ~= text[index + 1] else { return nil }
        if length > 2, text[index + 2] & 0xC0 != 0x80 { return nil }
        if length > 3, text[index + 3] & 0xC0 != 0x80 { return nil }
        return length
    }
}
