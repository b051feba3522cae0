/// The members of an object in the order in which they were written.
///
/// Of a repeated key the last value counts and the first position is kept, as most readers do.
public struct JSONObject: Sendable, Hashable {
    /// One name with its value.
    public typealias Member = (key: String, value: JSONValue)

    private var keys: [String]
    private var values: [JSONValue]

    /// Makes an object without members.
    public init() {
        keys = []
        values = []
    }

    /// Makes an object from members, in order.
    public init(_ members: [Member]) {
        self.init()
        for member in members { self[member.key] = member.value }
    }

    /// The number of members.
    public var count: Int { keys.count }

    /// Whether there is no member.
    public var isEmpty: Bool { keys.isEmpty }

    /// The members in order.
    public var members: [Member] { zip(keys, values).map { (key: $0, value: $1) } }

    /// Reads, replaces in place, appends or (with `nil`) removes a member.
    public subscript(key: String) -> JSONValue? {
        get { keys.firstIndex(of: key).map { values[$0] } }
        set {
            switch (keys.firstIndex(of: key), newValue) {
            case (let index?, let value?): values[index] = value
            case (let index?, nil):
                keys.remove(at: index)
                values.remove(at: index)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    /// Adds a member whose key is known to be new: no search.
    mutating func append(_ key: String, _ value: JSONValue) {
        keys.append(key)
        values.append(value)
    }

    /// Puts back only the last of members with equal keys; linear for small objects, hashed for large ones.
    mutating func removeRepeatedKeys() {
        guard keys.count > 1, Set(keys).count != keys.count else { return }
        var positions: [String: Int] = [:]
        var unique = JSONObject()
        for (key, value) in zip(keys, values) {
            if let position = positions[key] {
                unique.values[position] = value
            } else {
                positions[key] = unique.keys.count
                unique.append(key, value)
            }
        }
        self = unique
    }
}
