import CPostgres
import Glibc
import PlenumCore

/// One connection of libpq in pipeline mode, with a socket that never blocks. It belongs to one thread.
///
/// Statements are unnamed and nothing is kept on the server between two transactions, so a pooler may stand between.
final class PostgresConnection {
    /// Called while an answer is waited for, about every 50 ms, with the milliseconds since the wait began; it throws to
    /// give the wait up, and the connection with it.
    typealias Tick = (Int) throws(PostgresFault) -> Void

    let handle: OpaquePointer
    private let parameters = PostgresParameters()
    /// Answers that are still to come.
    private(set) var unanswered = 0
    private var hasFault = false

    /// How many milliseconds a wait lasts at most before it looks around.
    static let slice: Int32 = 50

    /// Takes over a handle that is connected.
    init(_ handle: OpaquePointer) throws(PostgresFault) {
        self.handle = handle
        guard PQsetnonblocking(handle, 1) == 0, PQenterPipelineMode(handle) == 1 else { throw lost() }
    }

    deinit { PQfinish(handle) }

    /// Whether the connection can be used for a new exchange. A server that hung up in the meantime is noticed here.
    func isUsable() -> Bool {
        guard !hasFault, unanswered == 0 else { return false }
        // Messages that nobody asked for, such as notices, are read on the way; the last one is a farewell.
        while PQstatus(handle) == CONNECTION_OK, Self.poll(PQsocket(handle), for: POLLIN, milliseconds: 0) {
            guard PQconsumeInput(handle) == 1 else { return false }
            _ = PQisBusy(handle)
        }
        return PQstatus(handle) == CONNECTION_OK
    }

    func lost() -> PostgresFault {
        hasFault = true
        return .lost(PQerrorMessage(handle).map { String(cString: $0) })
    }

    /// Waits until a socket can be read from (or written to).
    static func poll(_ socket: Int32, for events: Int32, milliseconds: Int32) -> Bool {
        var waiting = pollfd(fd: socket, events: Int16(events), revents: 0)
        return Glibc.poll(&waiting, 1, milliseconds) > 0
    }

    // MARK: - Sending

    /// Sends a statement without arguments.
    func send(_ text: StaticString) throws(PostgresFault) {
        let text = UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
        try check(PQsendQueryParams(handle, text, 0, nil, nil, nil, nil, 1))
    }

    /// Sends a statement with one number.
    func send(_ text: StaticString, number: Int64) throws(PostgresFault) {
        let arguments = SQLArguments()
        arguments.int(number)
        parameters.take(arguments, 0..<1)
        try send(UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self))
    }

    /// Sends a statement; several runs of it only where its text takes arrays.
    func send(_ statement: SQLStatement, _ arguments: SQLArguments, rows: [Range<Int>]) throws(PostgresFault) {
        try send(PostgresText.of(statement), arguments, rows: rows)
    }

    func send(_ text: PostgresText, _ arguments: SQLArguments, rows: [Range<Int>]) throws(PostgresFault) {
        if case .none = text.merging {
            parameters.take(arguments, rows[0])
        } else {
            parameters.take(arguments, rows: rows)
        }
        let sent = text.text.withUnsafeBufferPointer { buffer in
            Result { () throws(PostgresFault) in try send(buffer.baseAddress!) }
        }
        try sent.get()
    }

    private func send(_ text: UnsafePointer<CChar>) throws(PostgresFault) {
        try check(
            PQsendQueryParams(
                handle,
                text,
                Int32(parameters.types.count),
                parameters.types,
                parameters.values,
                parameters.lengths,
                parameters.formats,
                1
            )
        )
    }

    /// Ends what makes up one exchange.
    func sync() throws(PostgresFault) { try check(PQpipelineSync(handle)) }

    private func check(_ code: Int32) throws(PostgresFault) {
        guard code == 1 else { throw lost() }
        unanswered += 1
    }

    // MARK: - Answers

    /// Reads the answers of an exchange, and returns once its end has come.
    /// - Parameter each: takes the answers in the order of the statements; after a fault none comes any more.
    /// - Throws: the first fault.
    func answers(tick: Tick, _ each: (Int, PostgresResult) -> Void = { _, _ in }) throws(PostgresFault) {
        var first: PostgresFault?
        var place = 0
        let start = Clock.milliseconds()
        while unanswered > 0 {
            let result = try answer(since: start, tick)
            unanswered -= 1
            if let fault = result.fault {
                first = first ?? fault
                guard PQstatus(handle) == CONNECTION_OK, !fault.endsConnection else {
                    hasFault = true
                    throw fault.endsConnection ? fault : .lost(fault.error.cause)
                }
            } else if first == nil, result.status != PGRES_PIPELINE_SYNC {
                each(place, result)
                place += 1
            }
        }
        if let first { throw first }
    }

    /// The next answer; every statement's ends with a mark that is skipped.
    private func answer(since start: Int, _ tick: Tick) throws(PostgresFault) -> PostgresResult {
        for _ in 0..<4 {
            try waitUntilReady(since: start, tick)
            if let result = PQgetResult(handle) { return PostgresResult(result) }
        }
        throw lost()
    }

    private func waitUntilReady(since start: Int, _ tick: Tick) throws(PostgresFault) {
        while true {
            let unsent = PQflush(handle)
            guard unsent >= 0 else { throw lost() }
            guard PQisBusy(handle) == 1 || unsent == 1 else { return }
            let events = unsent == 1 ? POLLIN | POLLOUT : POLLIN
            if Self.poll(PQsocket(handle), for: events, milliseconds: Self.slice) {
                guard PQconsumeInput(handle) == 1 else { throw lost() }
            }
            do {
                try tick(Clock.milliseconds() - start)
            } catch {
                hasFault = true
                throw error
            }
        }
    }

    /// Runs statements of which nothing comes back. They are sent by the simple protocol, which takes several at once.
    func execute(_ script: String, tick: Tick) throws(PostgresFault) {
        guard PQexitPipelineMode(handle) == 1, PQsendQuery(handle, script) == 1 else { throw lost() }
        var first: PostgresFault?
        let start = Clock.milliseconds()
        while true {
            try waitUntilReady(since: start, tick)
            guard let result = PQgetResult(handle).map(PostgresResult.init) else { break }
            first = first ?? result.fault
        }
        guard PQstatus(handle) == CONNECTION_OK, PQenterPipelineMode(handle) == 1 else { throw first ?? lost() }
        if let first { throw first }
    }
}

/// Time that only goes forward.
enum Clock {
    static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
