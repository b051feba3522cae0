extension JSONReader {
    /// Reads a value with all that is in it as a tree.
    ///
    /// Open containers stand on a stack of their own, so that nesting costs no call depth.
    public mutating func readValue() throws(JSONError) -> JSONValue {
        var open: [Container] = []
        while true {
            var finished = try readScalarOrEnter(&open)
            while let value = finished {
                guard !open.isEmpty else { return value }
                open[open.count - 1].add(value)
                finished = nil
                guard try advance(&open) else {
                    finished = open.removeLast().value
                    continue
                }
            }
        }
    }

    /// Reads a scalar, or opens a container; gives an empty container at once.
    private mutating func readScalarOrEnter(_ open: inout [Container]) throws(JSONError) -> JSONValue? {
        switch try peek() {
        case .string: return .string(try readString())
        case .number: return .number(try readNumber())
        case .bool: return .bool(try readBool())
        case .null: return try readNull() ? .null : nil
        case .object:
            try enterObject()
            open.append(Container(isObject: true))
        case .array:
            try enterArray()
            open.append(Container(isObject: false))
        }
        return try advance(&open) ? nil : open.removeLast().value
    }

    /// Steps to the next member or element of the innermost container; `false` at its end.
    private mutating func advance(_ open: inout [Container]) throws(JSONError) -> Bool {
        let last = open.count - 1
        guard open[last].isObject else { return try nextElement() }
        guard let key = try nextKey() else { return false }
        open[last].key = key.isEscaped ? try unescape(key.range) : try decode(key.range)
        return true
    }

    /// A container that is being read.
    private struct Container {
        let isObject: Bool
        var key = ""
        var elements: [JSONValue] = []
        var object = JSONObject()

        init(isObject: Bool) { self.isObject = isObject }

        mutating func add(_ value: JSONValue) {
            if isObject { object.append(key, value) } else { elements.append(value) }
        }

        var value: JSONValue {
            guard isObject else { return .array(elements) }
            var unique = object
            unique.removeRepeatedKeys()
            return .object(unique)
        }
    }
}
