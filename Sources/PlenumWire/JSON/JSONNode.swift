import PlenumCore

/// A value of a request with the path that led to it, so that a complaint can name the place.
struct JSONNode {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, _ path: String) {
        self.value = value
        self.path = path
    }

    /// A member that is there and not `null`.
    func optional(_ key: String) -> JSONNode? {
        guard let member = value[key], !member.isNull else { return nil }
        return JSONNode(member, path.isEmpty ? key : "\(path).\(key)")
    }

    /// The first of several spellings that is there and not `null`.
    func optional(_ keys: [String]) -> JSONNode? {
        keys.lazy.compactMap { optional($0) }.first
    }

    /// A member that must be there.
    func required(_ key: String) throws(PlenumError) -> JSONNode {
        guard let member = optional(key) else {
            let place = path.isEmpty ? key : "\(path).\(key)"
            throw PlenumError(.invalidRequest, "\(place): this member is required.", parameter: place)
        }
        return member
    }

    func string() throws(PlenumError) -> String {
        guard let text = value.string else { throw complaint("a string was expected") }
        return text
    }

    func bool() throws(PlenumError) -> Bool {
        guard let flag = value.bool else { throw complaint("true or false was expected") }
        return flag
    }

    func int() throws(PlenumError) -> Int {
        guard let number = value.int else { throw complaint("a whole number was expected") }
        return number
    }

    func number() throws(PlenumError) -> JSONNumber {
        guard let number = value.number else { throw complaint("a number was expected") }
        return number
    }

    func object() throws(PlenumError) -> JSONObject {
        guard let object = value.object else { throw complaint("an object was expected") }
        return object
    }

    func elements() throws(PlenumError) -> [JSONNode] {
        guard let array = value.array else { throw complaint("an array was expected") }
        return array.enumerated().map { JSONNode($0.element, "\(path)[\($0.offset)]") }
    }

    func strings() throws(PlenumError) -> [String] {
        var all: [String] = []
        for element in try elements() { all.append(try element.string()) }
        return all
    }

    /// The error of a client that wrote something else here.
    func complaint(_ expectation: String) -> PlenumError {
        let place = path.isEmpty ? "the body" : path
        return PlenumError(.invalidRequest, "\(place): \(expectation).", parameter: path.isEmpty ? nil : path)
    }

    /// The members whose names are not in a list.
    func rest(_ known: Set<String>) -> JSONObject {
        guard let object = value.object else { return JSONObject() }
        return JSONObject(object.members.filter { !known.contains($0.key) })
    }
}

extension JSONNode {
    /// Reads a client's body, which must be an object.
    init(body: [UInt8]) throws(PlenumError) {
        do {
            self.init(try JSONValue(parsing: body), "")
        } catch {
            throw PlenumError(.invalidRequest, "The body is not JSON: \(error).")
        }
        _ = try object()
    }
}
