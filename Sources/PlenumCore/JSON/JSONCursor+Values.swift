/// Whole values. Both ways to pass one are as strict as each other.
extension JSONCursor {
    /// Passes a value with all that is in it, without recursion.
    /// - Parameter depth: how many containers are open around it.
    mutating func skip(depth: Int) throws(JSONError) {
        var open = ContainerBits()
        repeat {
            if try skipOrEnter(depth, &open) { continue }
            while open.count > 0, try !skipToNext(open.top) { open.pop() }
        } while open.count > 0
    }

    /// Passes a scalar or an empty container; goes into any other, up to its first value, and then gives `true`.
    private mutating func skipOrEnter(_ depth: Int, _ open: inout ContainerBits) throws(JSONError) -> Bool {
        switch next() {
        case UInt8(ascii: "{"):
            guard try enter(closing: UInt8(ascii: "}"), depth: depth + open.count) else { return false }
            open.push(true)
            _ = try name()
            return true
        case UInt8(ascii: "["):
            guard try enter(closing: UInt8(ascii: "]"), depth: depth + open.count) else { return false }
            open.push(false)
            return true
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: _ = try number()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: throw noValue()
        }
        return false
    }

    private mutating func skipToNext(_ isObject: Bool) throws(JSONError) -> Bool {
        guard try goOn(closing: isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { return false }
        if isObject { _ = try name() }
        return true
    }

    /// Reads a value with all that is in it as a tree. It calls itself, never deeper than ``JSONValue/maximumDepth``.
    /// - Parameter depth: how many containers are open around it.
    mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        switch next() {
        case UInt8(ascii: "{"): return .object(try object(depth))
        case UInt8(ascii: "["): return .array(try array(depth))
        case UInt8(ascii: "\""): return .string(text(of: try string()))
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?: return .number(numberText(try number()))
        case UInt8(ascii: "t"):
            try word("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        default: throw noValue()
        }
    }

    private mutating func object(_ depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        guard try enter(closing: UInt8(ascii: "}"), depth: depth) else { return object }
        repeat {
            let key = text(of: try name())
            object.append(key, try value(depth: depth + 1))
        } while try goOn(closing: UInt8(ascii: "}"))
        object.removeRepeatedKeys()
        return object
    }

    private mutating func array(_ depth: Int) throws(JSONError) -> [JSONValue] {
        var elements: [JSONValue] = []
        guard try enter(closing: UInt8(ascii: "]"), depth: depth) else { return elements }
        repeat { elements.append(try value(depth: depth + 1)) } while try goOn(closing: UInt8(ascii: "]"))
        return elements
    }

    /// Takes a number's literal.
    func numberText(_ range: Range<Int>) -> JSONNumber {
        JSONNumber(verbatim: String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self))
    }
}
