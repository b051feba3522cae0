/// How a database of PostgreSQL is reached and run.
struct PostgresSettings: Sendable {
    /// The address, which may hold a password: it never goes into an error or a log.
    var url: String
    /// Parameters of libpq for what the address does not say.
    var defaults: [String: String] = [:]
    /// Connections that read, each with a thread.
    var readers = 3
    /// How many bytes may wait to be written before callers are turned away.
    var capacity = 64 << 20
    /// How many milliseconds one attempt to connect may take.
    var connectPatience = 2000
    /// After how many milliseconds without an answer the writer's callers are told so.
    var stallPatience = 500
    /// After how many milliseconds without an answer the writer gives its connection up.
    var exchangePatience = 10_000
    /// After how many milliseconds without an answer a reader asks the writer whether anybody is there.
    var readPatience = 300
    /// How many milliseconds the callers of a commit wait for the word whether it took place.
    var doubtPatience = 400

    /// The address and its defaults, as libpq takes them: what comes later wins.
    var parameters: [(name: String, value: String)] {
        var parameters = [("application_name", "plenum"), ("tcp_user_timeout", "15000")]
        parameters += defaults.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return parameters + [("dbname", url), ("client_encoding", "UTF8")]
    }
}
