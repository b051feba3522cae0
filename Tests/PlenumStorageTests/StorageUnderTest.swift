import Foundation
import PlenumCore
import Testing

@testable import PlenumStorage

/// The backends that the conformance suite runs against: a new one adds a case.
enum StorageUnderTest: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory
    case sqliteFile
    case sqliteInMemory
    case postgres
    case pgbouncer

    /// Those that can be reached: PostgreSQL needs the server of `scripts/postgres`.
    static let available = allCases.filter { backend in
        switch backend {
        case .postgres: PostgresUnderTest.url != nil
        case .pgbouncer: PostgresUnderTest.poolerURL != nil
        default: true
        }
    }

    var testDescription: String { rawValue }

    /// Lends an empty storage and closes it afterwards.
    func with(_ body: (any Storage) async throws -> Void) async throws {
        switch self {
        case .memory: try await lend(.inMemory, body)
        case .sqliteInMemory: try await lend(.sqliteInMemory(), body)
        case .sqliteFile:
            let folder = try TemporaryFolder()
            defer { withExtendedLifetime(folder) {} }
            try await lend(.sqlite(path: folder.path + "/plenum.sqlite"), body)
        case .postgres: try await lend(at: PostgresUnderTest.url, body)
        case .pgbouncer: try await lend(at: PostgresUnderTest.poolerURL, body)
        }
    }

    private func lend(at url: String?, _ body: (any Storage) async throws -> Void) async throws {
        try await PostgresUnderTest.withDatabase { name in
            try await lend(.postgres(PostgresUnderTest.patient(try PostgresUnderTest.url(url, database: name))), body)
        }
    }

    /// Lends two storages on one empty database, as two processes have them.
    func withTwo(_ body: (any Storage, any Storage) async throws -> Void) async throws {
        switch self {
        case .memory:
            let (one, two) = InMemoryStorage.pair()
            try await lend(one) { try await body($0, two) }
        case .sqliteInMemory: try await withTwo(SQLiteDatabase.Settings(isShared: true), body)
        case .sqliteFile:
            let folder = try TemporaryFolder()
            defer { withExtendedLifetime(folder) {} }
            let path = folder.path + "/plenum.sqlite"
            try await withTwo(SQLiteDatabase.Settings(path: path, isShared: true), body)
        case .postgres: try await withTwo(at: PostgresUnderTest.url, body)
        case .pgbouncer: try await withTwo(at: PostgresUnderTest.poolerURL, body)
        }
    }

    private func withTwo(at url: String?, _ body: (any Storage, any Storage) async throws -> Void) async throws {
        try await PostgresUnderTest.withDatabase { name in
            let settings = PostgresUnderTest.patient(try PostgresUnderTest.url(url, database: name))
            try await lend(.postgres(settings)) { one in
                try await lend(.postgres(settings)) { try await body(one, $0) }
            }
        }
    }

    private func withTwo(
        _ settings: SQLiteDatabase.Settings,
        _ body: (any Storage, any Storage) async throws -> Void
    ) async throws {
        let database = try await SQLiteDatabase(settings)
        let two = try await SQLStorage(migrating: database)
        try await lend(SQLStorage(migrating: database)) { try await body($0, two) }
    }

    private func lend(_ storage: any Storage, _ body: (any Storage) async throws -> Void) async throws {
        do { try await body(storage) } catch {
            await storage.close()
            throw error
        }
        await storage.close()
    }
}

/// A folder that is removed with the value.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/plenum-storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Expects an error of a code.
func expect(
    _ code: PlenumError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    do {
        try await body()
        Issue.record("nothing was thrown, \(code) was expected", sourceLocation: sourceLocation)
    } catch let error as PlenumError {
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.message.hasSuffix("."), "a message is a sentence", sourceLocation: sourceLocation)
    } catch {
        Issue.record("\(error) is no PlenumError", sourceLocation: sourceLocation)
    }
}
