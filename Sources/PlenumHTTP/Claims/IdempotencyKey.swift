import Crypto
import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumEngine

/// The header `Idempotency-Key`: a name that a client gives to a request, so that asking again is safe.
enum IdempotencyKey {
    /// The most characters of a key.
    static let limit = 255
    /// Members of a body that say how to answer and not what is asked.
    private static let left: [String] = ["stream", "stream_options"]

    /// Reads the key, and hashes it and what is asked; `nil` if there is no key.
    /// - Parameters:
    ///   - request: where the header is.
    ///   - route: the scope: a key of one route means nothing to another.
    ///   - caller: whose key it is: the same of somebody else is another.
    ///   - body: the body as a tree.
    /// - Throws: `invalidRequest` for a key that is none.
    static func read(
        _ request: Request,
        route: String,
        of caller: Caller,
        body: () throws -> JSONObject
    ) throws -> ClaimAsk? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...limit).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PlenumError(
                .invalidRequest,
                "An Idempotency-Key is 1 to \(limit) visible ASCII characters without spaces, such as a UUID.",
                parameter: "Idempotency-Key"
            )
        }
        return ClaimAsk(key: hash(key, route: route, tenant: caller.tenant), fingerprint: fingerprint(try body()))
    }

    /// Hashes a key with its scope. No part of it can hold a zero byte, so that none runs into the next.
    static func hash(_ key: String, route: String, tenant: String = "") -> Claim.Key {
        Claim.Key(hash: Array(SHA256.hash(data: Array("\(tenant)\0\(route)\0\(key)".utf8))))
    }

    /// Hashes what is asked: two bodies that differ in the order of members or in white space ask the same.
    static func fingerprint(_ body: JSONObject) -> [UInt8] {
        var asked = body
        for name in left { asked[name] = nil }
        return Array(SHA256.hash(data: JSONValue.object(asked).sorted.bytes))
    }
}

extension JSONValue {
    /// With the members of every object in the order of their names' bytes.
    fileprivate var sorted: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map(\.sorted))
        case .object(let object):
            let members = object.members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .object(JSONObject(members.map { (key: $0.key, value: $0.value.sorted) }))
        default: return self
        }
    }
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotentReplayed = HTTPField.Name("Idempotent-Replayed")!
    static let shouldRetry = HTTPField.Name("x-should-retry")!
}
