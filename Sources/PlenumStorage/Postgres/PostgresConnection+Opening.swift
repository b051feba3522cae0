import CPostgres
import Glibc
import PlenumCore

extension PostgresConnection {
    /// Connects, within a time that includes everything but the look-up of the host's name.
    /// - Throws: a fault whose sentence says what to do, without a word of the password.
    static func open(_ settings: PostgresSettings, tick: Tick) throws(PostgresFault) -> PostgresConnection {
        let parameters = settings.parameters
        var names = parameters.map { strdup($0.name) } + [nil]
        var values = parameters.map { strdup($0.value) } + [nil]
        defer { for text in names + values { free(text) } }
        let started = names.withUnsafeMutableBufferPointer { names in
            values.withUnsafeMutableBufferPointer { values in
                PQconnectStartParams(Self.constant(names), Self.constant(values), 1)
            }
        }
        guard let handle = started else { throw .lost("libpq has no memory") }
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        do {
            try finishConnecting(handle, settings, tick)
        } catch {
            PQfinish(handle)
            throw error
        }
        // From here on the connection owns the handle.
        let connection = try PostgresConnection(handle)
        try connection.checkEncoding()
        return connection
    }

    private static func constant(
        _ buffer: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>
    ) -> UnsafePointer<UnsafePointer<CChar>?>? {
        UnsafeRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: UnsafePointer<CChar>?.self)
    }

    private static func finishConnecting(
        _ handle: OpaquePointer,
        _ settings: PostgresSettings,
        _ tick: Tick
    ) throws(PostgresFault) {
        let start = Clock.milliseconds()
        var state = PGRES_POLLING_WRITING
        guard PQstatus(handle) != CONNECTION_BAD else { throw refusal(handle) }
        while state != PGRES_POLLING_OK {
            guard state != PGRES_POLLING_FAILED else { throw refusal(handle) }
            let elapsed = Clock.milliseconds() - start
            guard elapsed < settings.connectPatience else {
                throw .givenUp(PostgresSentence.connecting("no answer within \(settings.connectPatience) ms"))
            }
            let events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT
            if poll(PQsocket(handle), for: events, milliseconds: slice) { state = PQconnectPoll(handle) }
            try tick(elapsed)
        }
    }

    private static func refusal(_ handle: OpaquePointer) -> PostgresFault {
        var detail = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        while detail.last?.isWhitespace == true { detail.removeLast() }
        // What libpq says of an address that it cannot read may repeat it.
        let isAddress = detail.contains("URI") || detail.contains("connection option") || detail.contains("percent")
        if isAddress { detail = PostgresSentence.invalidAddress }
        if let password = PQpass(handle).map({ String(cString: $0) }), !password.isEmpty {
            detail = detail.split(separator: password, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return .givenUp(PostgresSentence.connecting(detail))
    }

    private func checkEncoding() throws(PostgresFault) {
        let encoding = PQparameterStatus(handle, "client_encoding").map { String(cString: $0) }
        guard encoding == "UTF8" else {
            throw .givenUp(
                PlenumError(
                    .storage,
                    "PostgreSQL does not speak UTF-8 here: create the database with ENCODING 'UTF8'.",
                    retryable: false
                )
            )
        }
    }
}
