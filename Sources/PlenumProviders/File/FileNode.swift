import PlenumCore

/// A value of a configuration file with its path, so that every complaint says where.
struct FileNode {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, at path: String) {
        self.value = value
        self.path = path
    }

    /// An object whose members are all known.
    struct Object {
        let path: String
        fileprivate let members: JSONObject

        /// A member that may be absent.
        subscript(key: String) -> FileNode? {
            guard let value = members[key], value != .null else { return nil }
            return FileNode(value, at: "\(path).\(key)")
        }

        /// A member that must be there.
        func required(_ key: String) throws(PlenumError) -> FileNode {
            guard let node = self[key] else { throw PlenumError(.invalidRequest, "\(path) has no \"\(key)\".") }
            return node
        }
    }

    func object(_ known: [String]) throws(PlenumError) -> Object {
        guard case .object(let members) = value else { throw complaint("must be an object") }
        if let unknown = members.members.first(where: { !known.contains($0.key) })?.key {
            throw PlenumError(
                .invalidRequest,
                "\(path) has \"\(unknown)\", which is not known. Known: \(known.joined(separator: ", "))."
            )
        }
        return Object(path: path, members: members)
    }

    func members() throws(PlenumError) -> [(key: String, node: FileNode)] {
        guard case .object(let object) = value else { throw complaint("must be an object") }
        return object.members.map { ($0.key, FileNode($0.value, at: "\(path).\($0.key)")) }
    }

    /// A member of an object; `nil` if it is not there.
    func member(_ key: String) -> FileNode? {
        guard let member = value[key], member != .null else { return nil }
        return FileNode(member, at: "\(path).\(key)")
    }

    func array() throws(PlenumError) -> [FileNode] {
        guard let elements = value.array else { throw complaint("must be a list") }
        return elements.enumerated().map { FileNode($1, at: "\(path)[\($0)]") }
    }

    func string() throws(PlenumError) -> String {
        guard let text = value.string, !text.isEmpty else { throw complaint("must be a string, and not empty") }
        return text
    }

    func bool() throws(PlenumError) -> Bool {
        guard let flag = value.bool else { throw complaint("must be true or false") }
        return flag
    }

    func count() throws(PlenumError) -> Int {
        guard let number = value.int, number > 0 else { throw complaint("must be a whole number above 0") }
        return number
    }

    func complaint(_ what: String) -> PlenumError { PlenumError(.invalidRequest, "\(path) \(what).") }
}
