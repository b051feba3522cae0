/// Text of spans that have been scanned.
extension JSONCursor {
    /// Makes a string of a span that ``string()`` or ``name()`` gave.
    func text(of span: StringSpan) -> String {
        let inside = UnsafeBufferPointer(rebasing: text[span.range])
        guard span.isEscaped else { return String(decoding: inside, as: UTF8.self) }
        // No escape is shorter than what it stands for.
        return String(unsafeUninitializedCapacity: inside.count) { Self.unescape(inside, into: $0) }
    }

    /// Writes a span without its escapes; gives the number of bytes written.
    ///
    /// A surrogate without its other half becomes U+FFFD.
    private static func unescape(_ inside: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>)
        -> Int
    {
        guard let source = inside.baseAddress, let target = out.baseAddress else { return 0 }
        let cursor = JSONCursor(text: inside, at: 0)
        var written = 0
        var at = 0
        while at < inside.count {
            var ignored = true
            let clean = cursor.stop(from: at, &ignored)
            (target + written).update(from: source + at, count: clean - at)
            written += clean - at
            guard clean + 1 < inside.count else { break }
            at = clean + 2
            switch inside[clean + 1] {
            case UInt8(ascii: "b"): out[written] = 0x08
            case UInt8(ascii: "f"): out[written] = 0x0C
            case UInt8(ascii: "n"): out[written] = 0x0A
            case UInt8(ascii: "r"): out[written] = 0x0D
            case UInt8(ascii: "t"): out[written] = 0x09
            case UInt8(ascii: "u"):
                for byte in UTF8.encode(cursor.escapedScalar(&at)) ?? UTF8.encodedReplacementCharacter {
                    out[written] = byte
                    written += 1
                }
                continue
            case let literal: out[written] = literal
            }
            written += 1
        }
        return written
    }

    /// Reads the four digits at an offset and, after a high surrogate, the low one that follows.
    private func escapedScalar(_ at: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let first = unit(at)
        at += 4
        guard 0xD800...0xDBFF ~= first else { return Unicode.Scalar(first) ?? replacement }
        guard text.count - at >= 6, text[at] == UInt8(ascii: "\\"), text[at + 1] == UInt8(ascii: "u") else {
            return replacement
        }
        let second = unit(at + 2)
        guard 0xDC00...0xDFFF ~= second else { return replacement }
        at += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
    }

    private func unit(_ at: Int) -> UInt32 {
        guard text.count - at >= 4 else { return 0 }
        return (text[at..<at + 4]).reduce(0) { $0 << 4 | (Self.hexValue($1) ?? 0) }
    }
}
