/// A place in a text that somebody else holds: the byte level and the grammar of JSON.
///
/// ``JSONReader`` lends its bytes to a cursor for the length of one step, so that scanning pays for no reference counts.
/// The pointer is never read beyond `text.count`: no text makes it trap.
struct JSONCursor {
    let text: UnsafeBufferPointer<UInt8>
    /// The offset of the next byte to look at.
    var at: Int

    /// Moves to the next byte that is not white space and gives it, without passing it.
    mutating func next() -> UInt8? {
        while at < text.count {
            let byte = text[at]
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            at += 1
        }
        return nil
    }

    /// Passes a number whose first character is next.
    mutating func number() throws(JSONError) -> Range<Int> {
        let start = at
        if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
        let whole = at
        try digits("a digit was expected")
        if text[whole] == UInt8(ascii: "0"), at > whole + 1 {
            throw JSONError("a number must not begin with 0 and another digit", at: whole + 1)
        }
        if at < text.count, text[at] == UInt8(ascii: ".") {
            at += 1
            try digits("a digit was expected after the point")
        }
        if at < text.count, text[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
            try digits("a digit was expected in the exponent")
        }
        return start..<at
    }

    /// Passes one digit or more.
    private mutating func digits(_ complaint: String) throws(JSONError) {
        let start = at
        while at < text.count, text[at] &- 0x30 < 10 { at += 1 }
        if at == start { throw JSONError(complaint, at: at) }
    }

    /// Passes `true`, `false` or `null`.
    mutating func word(_ word: StaticString) throws(JSONError) {
        let count = word.utf8CodeUnitCount
        guard count <= text.count - at else { throw JSONError("\(word) was expected", at: at) }
        for index in 0..<count where text[at + index] != word.utf8Start[index] {
            throw JSONError("\(word) was expected", at: at)
        }
        at += count
    }

    /// Goes into the container whose bracket is next; `false` if it is empty and has been passed.
    mutating func enter(closing bracket: UInt8, depth: Int) throws(JSONError) -> Bool {
        guard depth < JSONValue.maximumDepth else { throw Self.tooDeep(at) }
        at += 1
        guard next() == bracket else { return true }
        at += 1
        return false
    }

    static func tooDeep(_ at: Int) -> JSONError {
        JSONError("nesting deeper than \(JSONValue.maximumDepth) levels", at: at)
    }

    /// Passes what stands between two elements, or the closing bracket: then `false`.
    mutating func goOn(closing bracket: UInt8) throws(JSONError) -> Bool {
        let byte = next()
        if byte == bracket {
            at += 1
            return false
        }
        guard byte == UInt8(ascii: ",") else {
            throw JSONError("a comma or the closing bracket was expected", at: at)
        }
        at += 1
        if next() == bracket { throw JSONError("a comma stands before the closing bracket", at: at) }
        return true
    }

    /// Passes a member's name and its colon.
    mutating func name() throws(JSONError) -> StringSpan {
        guard next() == UInt8(ascii: "\"") else {
            throw JSONError("a member's name in double quotes was expected", at: at)
        }
        let span = try string()
        guard next() == UInt8(ascii: ":") else { throw JSONError("a colon was expected", at: at) }
        at += 1
        return span
    }

    /// The error for a byte that begins no value, or for the end of the text.
    func noValue() -> JSONError {
        JSONError(
            at < text.count ? "no value begins with this character" : "the text ends where a value should begin",
            at: at
        )
    }
}
