import Crypto
import PlenumEngine

/// Who asks, as far as a key tells.
struct Caller: Sendable, Hashable {
    /// The name of the key; `nil` for a server that asks for none.
    var key: String?
    /// Among how many debates one of this caller has to find room.
    var quota: DebateQuota?

    /// What tells this caller's idempotency keys from those of others.
    var tenant: String { key == ClientKey.master ? "" : key ?? "" }
}

/// The keys that callers may come with.
struct KeyRing: Sendable {
    private let callers: [SHA256Digest: Caller]
    /// Who comes where no key is asked for.
    private let stranger: Caller

    init(_ configuration: DoorConfiguration) {
        let limit = configuration.debateLimit
        func caller(_ key: String?) -> Caller {
            Caller(key: key, quota: limit.map { DebateQuota(holder: key ?? "", limit: $0) })
        }
        stranger = caller(nil)
        callers = Dictionary(
            configuration.keys.map { (Self.digest($0.secret), caller($0.name)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// Whether a key is asked for.
    var isLocked: Bool { !callers.isEmpty }

    /// Finds out who comes with a key; `nil` if it is nobody's, or is missing where one is asked for.
    func caller(with secret: String?) -> Caller? {
        guard isLocked else { return stranger }
        // Digests are looked up, so that the time taken tells nothing of the keys.
        return secret.flatMap { callers[Self.digest($0)] }
    }

    private static func digest(_ secret: String) -> SHA256Digest { SHA256.hash(data: Array(secret.utf8)) }
}
