/// The byte level: white space, strings, numbers and words.
extension JSONReader {
    /// Moves to the next byte that is not white space and gives it, without passing it.
    mutating func skipWhiteSpace() -> UInt8? {
        bytes.withUnsafeBufferPointer { text in
            var at = position
            while at < text.count {
                switch text[at] {
                case 0x20, 0x0A, 0x0D, 0x09: at += 1
                case let byte:
                    position = at
                    return byte
                }
            }
            position = at
            return nil
        }
    }

    /// Passes a string whose opening quote is next; gives the span between the quotes and whether it has escapes.
    mutating func scanString() throws(JSONError) -> (range: Range<Int>, escaped: Bool) {
        let start = position + 1
        var escaped = false
        var fault: JSONError?
        bytes.withUnsafeBufferPointer { text in
            var at = start
            while at < text.count {
                let byte = text[at]
                if byte == UInt8(ascii: "\"") {
                    position = at + 1
                    return
                }
                if byte == UInt8(ascii: "\\") {
                    escaped = true
                    at += 1
                    guard at < text.count else { break }
                    guard let length = Self.escapeLength(text, at) else {
                        fault = JSONError(
                            "a backslash must be followed by one of \"\\/bfnrt or u and four hex digits",
                            at: at
                        )
                        return
                    }
                    at += length
                    continue
                }
                if byte < 0x20 {
                    fault = JSONError("a control character must be escaped inside a string", at: at)
                    return
                }
                at += 1
            }
            fault = JSONError("the text ends inside a string", at: text.count)
        }
        if let fault { throw fault }
        return (start..<position - 1, escaped)
    }

    /// The number of bytes after the backslash, `nil` if they are no escape.
    private static func escapeLength(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
        switch text[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return 1
        case UInt8(ascii: "u"):
            guard at + 4 < text.count else { return nil }
            return (1...4).allSatisfy { hexValue(text[at + $0]) != nil } ? 5 : nil
        default: return nil
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - 48)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - 87)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - 55)
        default: nil
        }
    }

    /// Makes a string of a span without escapes.
    func decode(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else {
            throw JSONError("the string is not valid UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// Makes a string of a span with escapes. A surrogate without its other half becomes U+FFFD.
    func unescape(_ range: Range<Int>) throws(JSONError) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(range.count)
        var at = range.lowerBound
        while at < range.upperBound {
            let byte = bytes[at]
            guard byte == UInt8(ascii: "\\") else {
                out.append(byte)
                at += 1
                continue
            }
            at += 2
            switch bytes[at - 1] {
            case UInt8(ascii: "b"): out.append(0x08)
            case UInt8(ascii: "f"): out.append(0x0C)
            case UInt8(ascii: "n"): out.append(0x0A)
            case UInt8(ascii: "r"): out.append(0x0D)
            case UInt8(ascii: "t"): out.append(0x09)
            case UInt8(ascii: "u"): out.append(contentsOf: Unicode.UTF8.encode(escapedScalar(&at, range.upperBound))!)
            case let literal: out.append(literal)
            }
        }
        guard let text = String(validating: out, as: UTF8.self) else {
            throw JSONError("the string is not valid UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// Reads the four digits at an offset and, after a high surrogate, the low one that follows.
    private func escapedScalar(_ at: inout Int, _ end: Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = unit(at)
        at += 4
        guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) ?? replacement }
        guard at + 6 <= end, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
            return replacement
        }
        let second = unit(at + 2)
        guard 0xDC00...0xDFFF ~= second else { return replacement }
        at += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
    }

    private func unit(_ at: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | (Self.hexValue(bytes[at + $1]) ?? 0) }
    }

    /// Passes a number whose first character is next.
    mutating func scanNumber() throws(JSONError) -> Range<Int> {
        let start = position
        var at = position
        func digit(_ index: Int) -> Bool { index < bytes.count && (0x30...0x39).contains(bytes[index]) }
        func byte(_ index: Int) -> UInt8? { index < bytes.count ? bytes[index] : nil }
        if byte(at) == UInt8(ascii: "-") { at += 1 }
        guard digit(at) else { throw JSONError("a digit was expected", at: at) }
        if bytes[at] == UInt8(ascii: "0") {
            at += 1
            if digit(at) { throw JSONError("a number must not begin with 0 and another digit", at: at) }
        } else {
            while digit(at) { at += 1 }
        }
        if byte(at) == UInt8(ascii: ".") {
            at += 1
            guard digit(at) else { throw JSONError("a digit was expected after the point", at: at) }
            while digit(at) { at += 1 }
        }
        if let exponent = byte(at), exponent | 0x20 == UInt8(ascii: "e") {
            at += 1
            if let sign = byte(at), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
            guard digit(at) else { throw JSONError("a digit was expected in the exponent", at: at) }
            while digit(at) { at += 1 }
        }
        position = at
        return start..<at
    }

    /// Passes `true`, `false` or `null`.
    mutating func scanWord(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count,
            (0..<count).allSatisfy({ bytes[position + $0] == word.utf8Start[$0] })
        else { throw JSONError("\(word) was expected", at: position) }
        position += count
    }
}
