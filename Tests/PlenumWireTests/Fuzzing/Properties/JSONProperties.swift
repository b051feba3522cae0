import PlenumCore

/// What holds of the reader and the writer of JSON.
enum JSONProperties {
    /// What is read is written and read back equal, and all ways to read agree.
    static func check(_ bytes: [UInt8]) throws(Violation) {
        let tree: JSONValue
        do {
            tree = try JSONValue(parsing: bytes)
        } catch {
            try hold(error.offset >= 0 && error.offset <= bytes.count, "a fault is at a byte of the text: \(error)")
            try hold(!passes(bytes), "what cannot be read cannot be skipped: \(error)")
            try hold((try? walked(bytes)) == nil, "what cannot be read cannot be walked through: \(error)")
            return
        }
        try hold(passes(bytes), "what can be read can be skipped")
        try hold((try? walked(bytes)) == tree, "reading and walking through give the same")
        let written = tree.bytes
        try hold((try? JSONValue(parsing: written)) == tree, "what is written is read back equal")
        try hold((try? JSONValue(parsing: written))?.bytes == written, "it is written the same again")
        try numbers(tree)
    }

    /// Whether a reader that makes nothing passes over the text.
    private static func passes(_ bytes: [UInt8]) -> Bool {
        var reader = JSONReader(bytes)
        return (try? reader.skip()) != nil && (try? reader.finish()) != nil
    }

    private static func walked(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes)
        let tree = try value(&reader)
        try reader.finish()
        return tree
    }

    /// Reads a value step by step.
    private static func value(_ reader: inout JSONReader) throws(JSONError) -> JSONValue {
        switch try reader.peek() {
        case .object:
            var members: [JSONObject.Member] = []
            try reader.enterObject()
            while let key = try reader.nextKey() { members.append((key.string, try value(&reader))) }
            return .object(JSONObject(members))
        case .array:
            var elements: [JSONValue] = []
            try reader.enterArray()
            while try reader.nextElement() { elements.append(try value(&reader)) }
            return .array(elements)
        case .string: return .string(try reader.readString())
        case .number: return .number(try reader.readNumber())
        case .bool: return .bool(try reader.readBool())
        case .null:
            guard try reader.readNull() else { throw JSONError("null was expected", at: reader.position) }
            return .null
        }
    }

    /// A whole number is the same as an integer and as a double.
    private static func numbers(_ tree: JSONValue) throws(Violation) {
        switch tree {
        case .number(let number):
            try hold(!number.double.isNaN, "\(number.text) is a number")
            guard let whole = number.int else { return }
            try hold(Double(whole) == number.double, "\(number.text) is not \(whole)")
        case .array(let elements): for element in elements { try numbers(element) }
        case .object(let object): for member in object.members { try numbers(member.value) }
        case .null, .bool, .string: break
        }
    }
}
