public import PlenumCore

/// A key that clients may come with, and the name under which the ledger knows them.
public struct ClientKey: Sendable, Hashable {
    /// The name of the key of `PLENUM_MASTER_KEY`.
    public static let master = "master"
    /// The fewest bytes of a key.
    public static let shortest = 32
    /// The most characters of a name.
    public static let longestName = 64

    /// Its name.
    public let name: String
    /// The key itself.
    public let secret: String

    /// Takes a key.
    /// - Throws: `invalidRequest` for a name with other characters than letters, digits, `.`, `_` and `-`, and for a key that
    ///   is too short; it never says the key.
    public init(name: String, secret: String) throws(PlenumError) {
        let isName = (1...Self.longestName).contains(name.utf8.count) && name.utf8.allSatisfy(\.isOfName)
        guard isName else {
            throw PlenumError(
                .invalidRequest,
                "A key's name has 1 to \(Self.longestName) letters, digits, \".\", \"_\" or \"-\"."
            )
        }
        guard secret.utf8.count >= Self.shortest else {
            throw PlenumError(
                .invalidRequest,
                "The key \"\(name)\" has \(secret.utf8.count) characters; it needs \(Self.shortest) or more."
            )
        }
        (self.name, self.secret) = (name, secret)
    }

    /// Reads `anna=KEY, ben=KEY`, with commas or white space between.
    /// - Parameter known: keys that there are already.
    /// - Returns: all of them.
    /// - Throws: `invalidRequest` for what is no such list, and for a name or a key that is there twice.
    public static func list(_ text: String, besides known: [ClientKey] = []) throws(PlenumError) -> [ClientKey] {
        var keys = known
        for pair in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let equals = pair.firstIndex(of: "=") else {
                throw PlenumError(
                    .invalidRequest,
                    "Keys are told as NAME=KEY, with commas between: an \"=\" is missing."
                )
            }
            let key = try ClientKey(name: String(pair[..<equals]), secret: String(pair[pair.index(after: equals)...]))
            guard key.name != master else {
                throw PlenumError(
                    .invalidRequest,
                    "\"\(master)\" is what PLENUM_MASTER_KEY is called: choose another name."
                )
            }
            guard !keys.contains(where: { $0.name == key.name || $0.secret == key.secret }) else {
                throw PlenumError(.invalidRequest, "The key \"\(key.name)\" is there twice, by its name or by itself.")
            }
            keys.append(key)
        }
        return keys
    }
}
