public import PlenumCore

extension RoutingPreferences {
    /// The most names in a list, and the most bytes of a name.
    private static let (mostNames, longestName) = (100, 256)

    /// Reads a request's `provider`. `null` says nothing, like an absent member.
    /// - Parameters:
    ///   - json: the value.
    ///   - path: what errors call it.
    /// - Throws: `invalidRequest` with the path of what is wrong. A member that is not known is no error: see ``ignored``.
    public init(json: JSONValue, at path: String = "provider") throws(PlenumError) {
        self.init()
        guard let members = json.object?.members else { throw Self.wrong(path, "an object") }
        for (key, value) in members where !value.isNull {
            let place = "\(path).\(key)"
            switch key {
            case "order": order = try Self.names(value, place)
            case "only": only = try Self.names(value, place)
            case "ignore": ignore = try Self.names(value, place)
            case "allow_fallbacks": allowsFallbacks = try Self.flag(value, place)
            case "require_parameters": requiresParameters = try Self.flag(value, place)
            case "sort": sort = try readSort(value, place)
            case "max_price": maxPrice = try readMaxPrice(value, place)
            default: ignore(place)
            }
        }
    }

    /// Notes a member that means nothing here; a client may send any number of any length.
    private mutating func ignore(_ path: String) {
        guard ignored.count < 20 else { return }
        ignored.append(String(path.prefix(100)))
    }

    private mutating func readSort(_ value: JSONValue, _ path: String) throws(PlenumError) -> Sort? {
        guard case .object(let object) = value else { return try Self.sort(value, path) }
        var found: Sort?
        for (key, value) in object.members where !value.isNull {
            if key == "by" { found = try Self.sort(value, "\(path).by") } else { ignore("\(path).\(key)") }
        }
        return found
    }

    private mutating func readMaxPrice(_ value: JSONValue, _ path: String) throws(PlenumError) -> MaxPrice {
        guard case .object(let object) = value else { throw Self.wrong(path, "an object") }
        var limit = MaxPrice()
        for (key, value) in object.members where !value.isNull {
            let place = "\(path).\(key)"
            switch key {
            case "prompt": limit.prompt = try Self.rate(value, place)
            case "completion": limit.completion = try Self.rate(value, place)
            default: ignore(place)
            }
        }
        return limit
    }

    private static func names(_ value: JSONValue, _ path: String) throws(PlenumError) -> [String] {
        guard let elements = value.array else { throw wrong(path, "a list of providers") }
        guard elements.count <= mostNames else { throw wrong(path, "a list of at most \(mostNames) providers") }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            guard let name = element.string, !name.isEmpty, name.utf8.count <= longestName else {
                throw wrong("\(path)[\(index)]", "the name of a provider")
            }
            names.append(name)
        }
        return names
    }

    private static func flag(_ value: JSONValue, _ path: String) throws(PlenumError) -> Bool {
        guard let flag = value.bool else { throw wrong(path, "true or false") }
        return flag
    }

    private static func sort(_ value: JSONValue, _ path: String) throws(PlenumError) -> Sort {
        guard let sort = value.string.flatMap(Sort.init) else {
            throw wrong(path, "one of \(Sort.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return sort
    }

    private static func rate(_ value: JSONValue, _ path: String) throws(PlenumError) -> Price.Rate {
        guard let text = value.string ?? value.number?.text, let rate = Price.Rate(perMillion: text) else {
            throw wrong(path, "a price in dollars a million tokens, such as 0.5")
        }
        return rate
    }

    private static func wrong(_ path: String, _ what: String) -> PlenumError {
        let path = String(path.prefix(100))
        return PlenumError(.invalidRequest, "\"\(path)\" must be \(what).", parameter: path)
    }
}
