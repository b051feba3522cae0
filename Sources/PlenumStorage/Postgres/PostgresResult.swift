import CPostgres
import PlenumCore

/// What the server answered to one statement.
final class PostgresResult: SQLRow {
    private let handle: OpaquePointer
    /// The row that is read.
    var row: Int32 = 0

    init(_ handle: OpaquePointer) { self.handle = handle }

    deinit { PQclear(handle) }

    var status: ExecStatusType { PQresultStatus(handle) }

    /// How many rows it gives.
    var rows: Int { Int(PQntuples(handle)) }

    /// How many rows were changed.
    var changes: Int { PQcmdTuples(handle).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// What was done, such as `COMMIT`.
    var command: String { PQcmdStatus(handle).map { String(cString: $0) } ?? "" }

    /// The fault, if the statement failed.
    var fault: PostgresFault? {
        guard status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE else { return nil }
        func field(_ code: Character) -> String? {
            PQresultErrorField(handle, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return .lost("libpq gave no answer") }
        return PostgresFault(sqlState: state, detail: field("M") ?? "")
    }

    // MARK: - The row, in PostgreSQL's binary form

    func span(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(handle, row, column),
            count: Int(PQgetlength(handle, row, column))
        )
    }

    func isNull(_ column: Int32) -> Bool { PQgetisnull(handle, row, column) == 1 }

    func int(_ column: Int32) -> Int64 {
        let span = span(column)
        switch span.count {
        case 8: return Int64(bigEndian: span.loadUnaligned(as: Int64.self))
        case 4: return Int64(Int32(bigEndian: span.loadUnaligned(as: Int32.self)))
        case 2: return Int64(Int16(bigEndian: span.loadUnaligned(as: Int16.self)))
        case 1: return Int64(span[0])
        default: return 0
        }
    }

    func text(_ column: Int32) -> String { String(decoding: span(column), as: UTF8.self) }
}
