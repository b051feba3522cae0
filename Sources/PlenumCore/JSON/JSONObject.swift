/// The members of an object in the order in which they were written.
///
/// Of a repeated key the last value counts and the first position is kept, as most readers do. Keys are compared as
/// bytes: two ways to write one letter in Unicode are two keys.
public struct JSONObject: Sendable {
    /// One name with its value.
    public typealias Member = (key: String, value: JSONValue)

    /// The members in order.
    public private(set) var members: [Member] = []

    /// Makes an object without members.
    public init() {}

    /// Makes an object from members, in order.
    public init(_ members: [Member]) {
        self.members = members
        removeRepeatedKeys()
    }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// Reads, replaces in place, appends or (with `nil`) removes a member.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { members[$0].value } }
        set {
            switch (position(of: key), newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    private func position(of key: String) -> Int? {
        members.firstIndex { Self.isSame($0.key, key) }
    }

    /// Compares as bytes; `==` alone goes by canonical equivalence, but is quick to tell most keys apart.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left == right && left.utf8.elementsEqual(right.utf8)
    }

    /// Adds a member whose key is known to be new, or whose repetition is dealt with later: no search.
    mutating func append(_ key: String, _ value: JSONValue) {
        if members.isEmpty { members.reserveCapacity(4) }
        members.append((key, value))
    }

    /// Puts back only the last of members with equal keys; compares small objects pair by pair, hashes large ones.
    mutating func removeRepeatedKeys() {
        guard hasRepeatedKeys else { return }
        var positions: [[UInt8]: Int] = [:]
        var unique: [Member] = []
        for member in members {
            let key = Array(member.key.utf8)
            if let position = positions[key] {
                unique[position].value = member.value
            } else {
                positions[key] = unique.count
                unique.append(member)
            }
        }
        members = unique
    }

    private var hasRepeatedKeys: Bool {
        guard members.count <= 12 else { return Set(members.lazy.map(\.key)).count != members.count }
        for index in members.indices.dropFirst() {
            for earlier in 0..<index where Self.isSame(members[earlier].key, members[index].key) { return true }
        }
        return false
    }
}

extension JSONObject: Hashable {
    /// Compares members in order.
    public static func == (left: Self, right: Self) -> Bool {
        left.members.elementsEqual(right.members) { $0.key == $1.key && $0.value == $1.value }
    }

    /// Hashes members in order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(members.count)
        for member in members {
            hasher.combine(member.key)
            hasher.combine(member.value)
        }
    }
}
