import PlenumCore
import Synchronization

/// A read that waits for a thread; its caller may leave.
final class PostgresRead: Sendable {
    private let isAbandoned = Atomic(false)
    private let body: @Sendable (PostgresReader, PostgresRead) -> Void

    init(_ body: @escaping @Sendable (PostgresReader, PostgresRead) -> Void) { self.body = body }

    /// Says that nobody waits for it any more.
    func abandon() { isAbandoned.store(true, ordering: .relaxed) }

    var hasCaller: Bool { !isAbandoned.load(ordering: .relaxed) }

    func perform(by reader: PostgresReader) { body(reader, self) }
}

/// Reads, one after another, on a thread and a connection of its own, which is opened when it is needed.
final class PostgresReader {
    private let settings: PostgresSettings
    private let health: PostgresHealth
    /// Asks the writer whether anybody is there.
    private let ping: () -> Void
    private var connection: PostgresConnection?

    init(_ settings: PostgresSettings, _ health: PostgresHealth, ping: @escaping () -> Void) {
        self.settings = settings
        self.health = health
        self.ping = ping
    }

    /// Does a unit of work in a snapshot. The answer is given before the transaction is closed.
    func inSnapshot<Success>(
        _ read: PostgresRead,
        _ work: (any SQLSession) throws(PlenumError) -> Success,
        answer: (Result<Success, PlenumError>) -> Void
    ) {
        guard read.hasCaller else { return answer(.failure(.leftBeforeAnswer)) }
        if let fault = health.fault { return answer(.failure(fault)) }
        do throws(PostgresFault) {
            try attempt(read, work, answer)
        } catch {
            // A connection that was lost is opened again once: reading twice does no harm.
            connection = nil
            guard error.kind == .lost else { return answer(.failure(error.error)) }
            do throws(PostgresFault) {
                try attempt(read, work, answer)
            } catch {
                connection = nil
                ping()
                answer(.failure(error.error))
            }
        }
    }

    /// - Throws: if the connection is of no more use, and nothing was answered.
    private func attempt<Success>(
        _ read: PostgresRead,
        _ work: (any SQLSession) throws(PlenumError) -> Success,
        _ answer: (Result<Success, PlenumError>) -> Void
    ) throws(PostgresFault) {
        var lastPing = 0
        let settings = settings
        let health = health
        let ping = ping
        let tick: PostgresConnection.Tick = { elapsed throws(PostgresFault) in
            guard read.hasCaller else { throw .givenUp(.leftBeforeAnswer) }
            if let fault = health.fault { throw .givenUp(fault) }
            if elapsed - lastPing >= settings.readPatience || elapsed < lastPing {
                lastPing = elapsed
                ping()
            }
        }
        let connection = try usableConnection(tick)
        let session = PostgresSession(connection, .read, tick: tick)
        do throws(PlenumError) {
            answer(.success(try work(session)))
        } catch {
            if let fault = session.fault, fault.endsConnection { throw fault }
            answer(.failure(error))
        }
        do throws(PostgresFault) { try session.end(committing: session.fault == nil) } catch { self.connection = nil }
    }

    private func usableConnection(_ tick: PostgresConnection.Tick) throws(PostgresFault) -> PostgresConnection {
        if let connection, connection.isUsable() { return connection }
        connection = nil
        let opened = try PostgresConnection.open(settings, tick: tick)
        connection = opened
        return opened
    }
}

extension PlenumError {
    /// What nobody hears any more.
    static var leftBeforeAnswer: PlenumError {
        PlenumError(.cancelled, "The caller left before the database had answered.")
    }
}
