import CSQLite
public import PlenumCore
import Synchronization

/// A database of libsqlite3: one thread that writes and checkpoints, and a few that read.
///
/// In memory there is one connection only, so that its thread does the reads too.
public final class SQLiteDatabase: SQLDatabase {
    /// The version of the libsqlite3 that this process runs with, such as `3.40.1`.
    public static var libraryVersion: String { String(cString: sqlite3_libversion()) }

    /// How a database is run.
    struct Settings: Sendable {
        /// The database's file; in memory if `nil`.
        var path: String?
        /// Connections that read, each with a thread.
        var readers = 2
        /// How many bytes may wait to be written before callers are turned away.
        var capacity = 64 << 20
        /// How many pages of 4 KiB the write-ahead log may have before commits wait for a checkpoint.
        var checkpointPages = 2048
        /// Whether several storages stand on it, as those of several processes do on other databases: for tests.
        var isShared = false
        /// The name of SQLite's file system to go through; the usual one if `nil`.
        var fileSystem: String?
    }

    typealias Read = @Sendable (SQLiteConnection) -> Void

    /// The lock on the file keeps other processes out, so that only tests say yes.
    let isShared: Bool

    let tally: SQLiteTally
    private let writes: Mailbox<SQLiteWrite>
    private let writer: Worker
    private let reads: Mailbox<Read>
    private let readers: [Worker]
    private let capacity: Int

    /// Opens the connections, each on its thread.
    /// - Throws: `storage` if the file cannot be used, with a sentence that says what to do.
    init(_ settings: Settings) async throws(PlenumError) {
        capacity = settings.capacity
        isShared = settings.isShared
        tally = SQLiteTally()
        writes = Mailbox(capacity: settings.capacity)
        reads = Mailbox(capacity: .max)
        let (writer, path) = try await Self.startWriter(settings, writes, tally)
        self.writer = writer
        var readers: [Worker] = []
        do {
            for _ in 0..<(path == nil ? 0 : settings.readers) {
                readers.append(try await Self.startReader(path ?? "", settings.fileSystem, reads))
            }
        } catch {
            self.readers = readers
            await close()
            throw error
        }
        self.readers = readers
    }

    deinit {
        reads.close()
        writes.close()
    }

    private static func startWriter(
        _ settings: Settings,
        _ mailbox: Mailbox<SQLiteWrite>,
        _ tally: SQLiteTally
    ) async throws(PlenumError) -> (Worker, path: String?) {
        try await start { report in
            let opened: (file: SQLiteFile?, connection: SQLiteConnection)
            do throws(PlenumError) {
                opened = try openFile(settings)
            } catch {
                return report(.failure(error))
            }
            report(.success(opened.file?.path))
            SQLiteWriter(
                connection: opened.connection,
                mailbox: mailbox,
                tally: tally,
                checkpointPages: settings.checkpointPages
            ).run()
            // The connection is closed before the lock is let go.
            withExtendedLifetime(opened.file) { opened.connection.close() }
        }
    }

    /// Takes the lock and opens the connection; on a fault both are let go before it is reported.
    private static func openFile(
        _ settings: Settings
    ) throws(PlenumError) -> (file: SQLiteFile?, connection: SQLiteConnection) {
        guard let path = settings.path else { return (nil, try .writer(path: ":memory:")) }
        let file = try SQLiteFile(path: path)
        return (file, try .writer(path: file.path, fileSystem: settings.fileSystem))
    }

    private static func startReader(
        _ path: String,
        _ fileSystem: String?,
        _ mailbox: Mailbox<Read>
    ) async throws(PlenumError) -> Worker {
        try await start { report in
            let connection: SQLiteConnection
            do throws(PlenumError) {
                connection = try .reader(path: path, fileSystem: fileSystem)
            } catch {
                return report(.failure(error))
            }
            report(.success(nil))
            while let read = mailbox.take() { read(connection) }
            connection.close()
        }.0
    }

    /// Starts a thread, and waits until it has reported that its connection is open, or why not.
    private static func start(
        _ body: @escaping @Sendable (_ report: @Sendable (Result<String?, PlenumError>) -> Void) -> Void
    ) async throws(PlenumError) -> (Worker, path: String?) {
        let worker = Outcome<Worker>()
        let result: Result<String?, PlenumError> = await withCheckedContinuation { continuation in
            do throws(PlenumError) {
                worker.set(try Worker { body { continuation.resume(returning: $0) } })
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        let path = try result.get()
        guard let started = worker.value else { throw .storageClosed }
        return (started, path)
    }

    func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError) {
        let fault: PlenumError? = await withCheckedContinuation { waiter in
            switch writes.put(SQLiteWrite(work: work, waiter: waiter), weighing: bytes) {
            case .accepted: break
            case .full: waiter.resume(returning: .overloaded(capacity))
            case .closed: waiter.resume(returning: .storageClosed)
            }
        }
        if let fault { throw fault }
    }

    func read<Success: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Success
    ) async throws(PlenumError) -> Success {
        guard !readers.isEmpty else { return try await readOnWriter(work) }
        let result: Result<Success, PlenumError> = await withCheckedContinuation { waiter in
            let read: Read = { connection in waiter.resume(returning: Self.inSnapshot(connection, work)) }
            if reads.put(read, weighing: 0) != .accepted { waiter.resume(returning: .failure(.storageClosed)) }
        }
        return try result.get()
    }

    private static func inSnapshot<Success>(
        _ connection: SQLiteConnection,
        _ work: (any SQLSession) throws(PlenumError) -> Success
    ) -> Result<Success, PlenumError> {
        defer { if connection.isInTransaction { try? connection.execute("COMMIT") } }
        do throws(PlenumError) {
            try connection.execute("BEGIN")
            return .success(try work(connection))
        } catch {
            return .failure(error)
        }
    }

    private func readOnWriter<Success: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Success
    ) async throws(PlenumError) -> Success {
        let outcome = Outcome<Success>()
        try await write(weighing: 0) { session throws(PlenumError) in outcome.set(try work(session)) }
        guard let value = outcome.value else { throw .storageClosed }
        return value
    }

    /// Finishes what was accepted; the readers go first, so that the writer's connection is the last to close.
    func close() async {
        reads.close()
        for reader in readers { await reader.end() }
        writes.close()
        await writer.end()
    }
}

extension Storage where Self == SQLStorage {
    /// A storage in a file of SQLite, made if it is not there, with its folder.
    ///
    /// Every commit is synchronised to the disk before it returns. One process at a time may have the file open.
    /// - Parameter path: the file's path.
    /// - Throws: `storage` if the file cannot be used: in use, no database, of a newer Plenum, or not writable.
    public static func sqlite(path: String) async throws(PlenumError) -> SQLStorage {
        try await SQLStorage(migrating: SQLiteDatabase(SQLiteDatabase.Settings(path: path)))
    }

    /// A storage in SQLite's memory: for tests of the SQL.
    public static func sqliteInMemory() async throws(PlenumError) -> SQLStorage {
        try await SQLStorage(migrating: SQLiteDatabase(SQLiteDatabase.Settings()))
    }
}
