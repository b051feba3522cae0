public import PlenumCore
import Synchronization

/// A database of PostgreSQL, reached through libpq: one thread that writes, and a few that read, each with a connection.
///
/// Nothing stays on the server between two transactions, so that a pooler may stand between. While the server is gone or
/// silent, every call fails within a second; the connection comes back by itself.
public final class PostgresDatabase: SQLDatabase {
    /// Any number of processes may use a server.
    let isShared = true
    let tally = PostgresTally()
    let health = PostgresHealth()
    private let settings: PostgresSettings
    private let writes: Mailbox<PostgresWrite>
    private let writer: Worker
    private let reads: Mailbox<PostgresRead>
    private let readers: [Worker]

    /// Opens the connection that writes; those that read are opened by the first reads.
    /// - Throws: `storage` if the server cannot be reached, with a sentence that says what to do.
    init(_ settings: PostgresSettings) async throws(PlenumError) {
        self.settings = settings
        let writes = Mailbox<PostgresWrite>(capacity: settings.capacity)
        let reads = Mailbox<PostgresRead>(capacity: .max)
        self.writes = writes
        self.reads = reads
        writer = try await Self.startWriter(settings, writes, health, tally)
        var readers: [Worker] = []
        do throws(PlenumError) {
            for _ in 0..<settings.readers { readers.append(try Self.startReader(settings, reads, writes, health)) }
        } catch {
            reads.close()
            writes.close()
            throw error
        }
        self.readers = readers
    }

    deinit {
        reads.close()
        writes.close()
    }

    private static func startWriter(
        _ settings: PostgresSettings,
        _ mailbox: Mailbox<PostgresWrite>,
        _ health: PostgresHealth,
        _ tally: PostgresTally
    ) async throws(PlenumError) -> Worker {
        let worker = Outcome<Worker>()
        let fault: PlenumError? = await withCheckedContinuation { continuation in
            do throws(PlenumError) {
                worker.set(
                    try Worker {
                        let writer = PostgresWriter(settings, mailbox, health, tally)
                        do throws(PlenumError) { try writer.open() } catch {
                            return continuation.resume(returning: error)
                        }
                        continuation.resume(returning: nil)
                        writer.run()
                    }
                )
            } catch {
                continuation.resume(returning: error)
            }
        }
        if let fault { throw fault }
        guard let started = worker.value else { throw .storageClosed }
        return started
    }

    private static func startReader(
        _ settings: PostgresSettings,
        _ mailbox: Mailbox<PostgresRead>,
        _ writes: Mailbox<PostgresWrite>,
        _ health: PostgresHealth
    ) throws(PlenumError) -> Worker {
        try Worker {
            let reader = PostgresReader(settings, health) { _ = writes.put(PostgresWrite(.ping), weighing: 0) }
            while let read = mailbox.take() { read.perform(by: reader) }
        }
    }

    func write(
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError) {
        try await put(.usual, weighing: bytes, work)
    }

    func migrate() async throws(PlenumError) {
        try await put(.migration, weighing: 0) { session throws(PlenumError) in try SQLSchema.migrate(session) }
    }

    private func put(
        _ kind: PostgresWrite.Kind,
        weighing bytes: Int,
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Void
    ) async throws(PlenumError) {
        if let fault = health.fault { throw fault }
        let fault: PlenumError? = await withCheckedContinuation { waiter in
            let write = PostgresWrite(kind, weighing: bytes, work, waiter: waiter)
            switch writes.put(write, weighing: bytes) {
            case .accepted: break
            case .full: write.answer(.overloaded(settings.capacity))
            case .closed: write.answer(.storageClosed)
            }
        }
        if let fault { throw fault }
    }

    func read<Success: Sendable>(
        _ work: @escaping @Sendable (any SQLSession) throws(PlenumError) -> Success
    ) async throws(PlenumError) -> Success {
        if let fault = health.fault { throw fault }
        let outcome = Outcome<Result<Success, PlenumError>>()
        let waiting = Mutex<CheckedContinuation<Void, Never>?>(nil)
        let read = PostgresRead { reader, read in
            reader.inSnapshot(read, work) { result in
                outcome.set(result)
                waiting.withLock { $0.take() }?.resume()
            }
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                waiting.withLock { $0 = continuation }
                // The caller may have left before it began to wait.
                guard reads.put(read, weighing: 0) != .accepted || !read.hasCaller else { return }
                waiting.withLock { $0.take() }?.resume()
            }
        } onCancel: {
            // It waits for nobody: neither for its own answer nor for those before it.
            read.abandon()
            waiting.withLock { $0.take() }?.resume()
        }
        guard let result = outcome.value else { throw read.hasCaller ? .storageClosed : .leftBeforeAnswer }
        return try result.get()
    }

    /// Finishes what was accepted and closes the connections.
    public func close() async {
        reads.close()
        for reader in readers { await reader.end() }
        writes.close()
        await writer.end()
    }
}

extension Storage where Self == SQLStorage {
    /// A storage in a database of PostgreSQL, in a schema of its own that nobody else can look into.
    /// - Parameter url: the address, such as `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`.
    /// - Throws: `storage` if the server cannot be reached or the database not be used.
    public static func postgres(_ url: String) async throws(PlenumError) -> SQLStorage {
        try await .postgres(PostgresSettings(url: url))
    }

    static func postgres(_ settings: PostgresSettings) async throws(PlenumError) -> SQLStorage {
        try await SQLStorage(migrating: PostgresDatabase(settings))
    }
}
