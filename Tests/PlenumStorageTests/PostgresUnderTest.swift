import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

/// The throwaway server that `scripts/postgres start` runs, and empty databases on it. One test process at a time.
actor PostgresUnderTest {
    static let shared = PostgresUnderTest()

    /// The address of the server itself, if there is one.
    static let url = ProcessInfo.processInfo.environment["PLENUM_TEST_POSTGRES"]
    /// The address of the pooler before it.
    static let poolerURL = ProcessInfo.processInfo.environment["PLENUM_TEST_PGBOUNCER"]

    /// How many databases are lent at a time: each has up to five connections.
    private static let most = 10

    private var free: [String] = []
    private var made = 0
    private var waiting: [CheckedContinuation<String, Never>] = []

    /// Lends an empty database.
    static func withDatabase<Result>(_ body: (_ name: String) async throws -> Result) async throws -> Result {
        let name = try await shared.take()
        do {
            let result = try await body(name)
            await shared.giveBack(name)
            return result
        } catch {
            await shared.giveBack(name)
            throw error
        }
    }

    private func take() async throws -> String {
        let name: String
        if let ready = free.popLast() {
            name = ready
        } else if made < Self.most {
            made += 1
            name = "plenum_test_\(made)"
        } else {
            name = await withCheckedContinuation { waiting.append($0) }
        }
        try Self.empty(name)
        return name
    }

    private func giveBack(_ name: String) {
        if waiting.isEmpty { free.append(name) } else { waiting.removeFirst().resume(returning: name) }
    }

    private static func empty(_ name: String) throws {
        do {
            try run("CREATE DATABASE \(name)", in: "plenum")
        } catch let fault as PostgresFault where fault.kind == .refused("42P04") {
            try run("DROP SCHEMA IF EXISTS plenum CASCADE", in: name)
        }
    }

    // MARK: - Addresses

    /// Settings for tests of what is kept: on a machine that is busy, nobody is called silent too soon.
    static func patient(_ url: String) -> PostgresSettings {
        var settings = PostgresSettings(url: url)
        settings.connectPatience = 20_000
        settings.stallPatience = 20_000
        settings.exchangePatience = 30_000
        settings.readPatience = 20_000
        return settings
    }

    /// An address with another database, user or server.
    static func url(
        _ url: String? = url,
        database: String = "plenum",
        user: String = "plenum_app",
        password: String? = nil,
        port: Int? = nil
    ) throws -> String {
        let url = try #require(url)
        var parts = try #require(URLComponents(string: url))
        parts.path = "/" + database
        parts.user = user
        parts.password = password ?? parts.password
        parts.port = port ?? parts.port
        return try #require(parts.string)
    }

    /// The server's password, which is every user's.
    static func password() throws -> String { try #require(URLComponents(string: url ?? "")?.password) }

    /// The server's port.
    static func port() throws -> Int { try #require(URLComponents(string: url ?? "")?.port) }

    // MARK: - SQL

    /// A connection past all that is tested.
    static func connection(to database: String, user: String = "plenum_app") throws -> PostgresConnection {
        let settings = PostgresSettings(url: try url(database: database, user: user))
        return try PostgresConnection.open(settings) { _ throws(PostgresFault) in }
    }

    /// Runs statements.
    static func run(_ script: String, in database: String, as user: String = "plenum_app") throws {
        try connection(to: database, user: user).execute(script) { _ throws(PostgresFault) in }
    }

    /// Gives the first column of a statement's rows as text.
    static func column(_ query: StaticString, in database: String) throws -> [String] {
        let connection = try connection(to: database)
        var values: [String] = []
        try connection.send(query)
        try connection.sync()
        try connection.answers(tick: { _ throws(PostgresFault) in }) { _, result in
            for row in 0..<result.rows {
                result.row = Int32(row)
                values.append(result.text(0))
            }
        }
        return values
    }
}
