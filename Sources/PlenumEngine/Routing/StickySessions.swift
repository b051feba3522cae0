import Synchronization

/// Where the last answers of sessions came from. What nobody asks for in ten minutes is forgotten: no provider's cache
/// keeps it for longer.
final class StickySessions: Sendable {
    /// A session's requests for some models: for others it may be elsewhere.
    struct Key: Sendable, Hashable {
        var session: String
        var models: [String]
    }

    private struct Place {
        var deployment: Deployment.ID
        var seen: UInt64
    }

    private let places = Mutex<[Key: Place]>([:])

    /// How long a session is remembered that nothing is heard of.
    static let idle: UInt64 = 600_000_000_000
    /// How many sessions are remembered.
    static let capacity = 10_000

    /// How many there are.
    var count: Int { places.withLock { $0.count } }

    /// The deployment that answered a session last; `nil` if it is not remembered.
    func place(of key: Key, at now: UInt64) -> Deployment.ID? {
        places.withLock { places in
            guard let place = places[key] else { return nil }
            guard now < place.seen + Self.idle else {
                places[key] = nil
                return nil
            }
            return place.deployment
        }
    }

    /// Remembers who has answered a session.
    func remember(_ key: Key, _ deployment: Deployment.ID, at now: UInt64) {
        places.withLock { places in
            if places[key] == nil, places.count >= Self.capacity { Self.makeRoom(&places, now) }
            places[key] = Place(deployment: deployment, seen: now)
        }
    }

    /// Forgets what is over, or else the tenth that was not heard of for longest: seldom, since it looks at all.
    private static func makeRoom(_ places: inout [Key: Place], _ now: UInt64) {
        places = places.filter { now < $0.value.seen + idle }
        guard places.count >= capacity else { return }
        let bound = places.values.map(\.seen).sorted()[capacity / 10]
        places = places.filter { $0.value.seen > bound }
    }
}
