import PlenumCore

/// The JSON object that a model was asked for, found in what it said: models put it in fences and between sentences.
enum LooseJSON {
    /// The most places where an object may begin that are looked at.
    private static let tries = 50

    /// Finds the last object in a text that can be read and has a member; `nil` if there is none.
    static func object(in text: String, with member: String) -> JSONObject? {
        let bytes = Array(text.utf8)
        var found: JSONObject?
        var tried = 0
        var index = 0
        while index < bytes.count, tried < tries {
            guard bytes[index] == UInt8(ascii: "{") else {
                index += 1
                continue
            }
            tried += 1
            if let end = end(of: bytes, from: index),
                let object = (try? JSONValue(parsing: Array(bytes[index...end])))?.object
            {
                if object[member] != nil { found = object }
                index = end
            }
            index += 1
        }
        return found
    }

    /// The brace that closes the one at an index, strings aside.
    private static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var isString = false
        var isEscaped = false
        for index in start..<bytes.count {
            let byte = bytes[index]
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isString = true
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index }
            default: break
            }
        }
        return nil
    }
}
