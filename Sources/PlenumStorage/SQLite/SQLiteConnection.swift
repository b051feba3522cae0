import CSQLite
import PlenumCore

/// One connection of libsqlite3 with its prepared statements. It belongs to the thread that opened it.
final class SQLiteConnection: SQLSession {
    let dialect = SQLDialect.sqlite
    let arguments = SQLArguments()
    /// The file, for messages.
    let name: String

    /// How many milliseconds to wait for a lock that only another program can hold.
    static let patience: Int32 = 2000

    /// What begins and ends a transaction, prepared like any other statement.
    enum Bracket: String, CaseIterable {
        case begin = "BEGIN IMMEDIATE"
        case commit = "COMMIT"
    }

    private let handle: OpaquePointer
    private var brackets: [Bracket: OpaquePointer] = [:]
    private var statements: [OpaquePointer?]
    private let row = SQLiteRow()
    private var isClosed = false
    /// How many pages the last commit left in the write-ahead log. Memory of its own, since the hook needs an address.
    private let pagesInLog: UnsafeMutablePointer<Int32>

    /// Opens a file.
    /// - Parameters:
    ///   - path: its path, or `:memory:`.
    ///   - isReader: for reading alone, without the right to checkpoint.
    ///   - fileSystem: the name of the file system of SQLite (VFS) to go through; the usual one if `nil`.
    init(path: String, isReader: Bool, fileSystem: String? = nil) throws(PlenumError) {
        name = path
        var opened: OpaquePointer?
        let access = isReader ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        let code = sqlite3_open_v2(path, &opened, access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, fileSystem)
        guard code == SQLITE_OK, let opened else {
            let fault = SQLiteFault(code: code, connection: opened, name: path)
            sqlite3_close_v2(opened)
            throw fault.error
        }
        handle = opened
        statements = Array(repeating: nil, count: SQLStatement.allCases.count)
        pagesInLog = .allocate(capacity: 1)
        pagesInLog.initialize(to: 0)
        sqlite3_busy_timeout(opened, Self.patience)
        _ = plenum_sqlite3_be_defensive(opened)
        if isReader { _ = plenum_sqlite3_never_checkpoint_on_close(opened) }
        // The hook takes the place of automatic checkpoints: there are none but those of `checkpoint()`.
        sqlite3_wal_hook(
            opened,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            },
            pagesInLog
        )
    }

    deinit {
        close()
        pagesInLog.deallocate()
    }

    /// Lets go of the file; nothing but another close may follow.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        for statement in statements + Array(brackets.values) { sqlite3_finalize(statement) }
        sqlite3_close_v2(handle)
    }

    private func fault(_ code: Int32) -> PlenumError {
        SQLiteFault(code: code, connection: handle, name: name).error
    }

    // MARK: - Statements

    private func prepared(_ statement: SQLStatement) throws(PlenumError) -> OpaquePointer {
        if let ready = statements[statement.rawValue] { return ready }
        let made = try prepared(statement.text(in: dialect))
        statements[statement.rawValue] = made
        return made
    }

    /// Prepares a text to be used again and again.
    private func prepared(_ text: String) throws(PlenumError) -> OpaquePointer {
        var text = text
        var made: OpaquePointer?
        let code = text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_prepare_v3(
                    handle,
                    $0.baseAddress,
                    Int32($0.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT),
                    &made,
                    nil
                )
            }
        }
        guard code == SQLITE_OK, let made else { throw fault(code) }
        return made
    }

    /// Binds the arguments without copying them again: they stay where they are until the statement is reset.
    private func bound(_ statement: SQLStatement) throws(PlenumError) -> OpaquePointer {
        let prepared = try prepared(statement)
        var place: Int32 = 0
        for value in arguments.values {
            place += 1
            let code =
                switch value {
                case .null: sqlite3_bind_null(prepared, place)
                case .int(let number): sqlite3_bind_int64(prepared, place, number)
                case .text(let offset, let count):
                    sqlite3_bind_text64(
                        prepared,
                        place,
                        (arguments.memory + offset).assumingMemoryBound(to: CChar.self),
                        UInt64(count),
                        nil,
                        UInt8(SQLITE_UTF8)
                    )
                case .bytes(let offset, let count):
                    sqlite3_bind_blob64(prepared, place, arguments.memory + offset, UInt64(count), nil)
                }
            guard code == SQLITE_OK else { throw fault(code) }
        }
        return prepared
    }

    func run(_ statement: SQLStatement) throws(PlenumError) -> Int {
        defer { arguments.clear() }
        let bound = try bound(statement)
        defer { sqlite3_reset(bound) }
        let code = sqlite3_step(bound)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw fault(code) }
        return Int(sqlite3_changes(handle))
    }

    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        defer { arguments.clear() }
        let bound = try bound(statement)
        defer { sqlite3_reset(bound) }
        row.statement = bound
        while true {
            let code = sqlite3_step(bound)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else { throw fault(code) }
            var reader = SQLRowReader(row)
            try body(&reader)
        }
    }

    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool {
        defer { arguments.clear() }
        let bound = try bound(statement)
        defer { sqlite3_reset(bound) }
        let code = sqlite3_step(bound)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw fault(code) }
        return code == SQLITE_ROW
    }

    /// Begins or commits a transaction.
    func execute(_ bracket: Bracket) throws(PlenumError) {
        let prepared: OpaquePointer
        if let ready = brackets[bracket] {
            prepared = ready
        } else {
            prepared = try self.prepared(bracket.rawValue)
            brackets[bracket] = prepared
        }
        defer { sqlite3_reset(prepared) }
        let code = sqlite3_step(prepared)
        guard code == SQLITE_DONE else { throw fault(code) }
    }

    func execute(_ script: String) throws(PlenumError) {
        let code = sqlite3_exec(handle, script, nil, nil, nil)
        guard code == SQLITE_OK else { throw fault(code) }
    }

    /// Gives the first column of every row of a statement that is run once.
    func column(_ text: String, column: Int32 = 0) throws(PlenumError) -> [String] {
        var statement: OpaquePointer?
        let prepared = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
        guard prepared == SQLITE_OK, let statement else { throw fault(prepared) }
        defer { sqlite3_finalize(statement) }
        row.statement = statement
        var values: [String] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return values }
            guard code == SQLITE_ROW else { throw fault(code) }
            values.append(row.text(column))
        }
    }

    // MARK: - State

    /// How many rows were changed since the connection was opened.
    var totalChanges: Int64 { sqlite3_total_changes64(handle) }

    /// Whether a transaction is open: SQLite ends one by itself after some faults of the disk.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// How many pages the write-ahead log has, as far as they are not in the database yet.
    var pagesToCheckpoint: Int { Int(pagesInLog.pointee) }

    /// Brings the write-ahead log into the database. What cannot be done now is tried again after later commits, so a
    /// fault is no fault of anybody's commit.
    /// - Parameter patiently: whether to wait for readers, so that the log can begin anew.
    func checkpoint(patiently: Bool) {
        let mode = patiently ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE
        sqlite3_wal_checkpoint_v2(handle, nil, mode, nil, nil)
        pagesInLog.pointee = 0
    }
}

/// The row that a statement stands at.
final class SQLiteRow: SQLRow {
    /// Set before the row is read.
    var statement: OpaquePointer?

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func span(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(statement, column)
        return UnsafeRawBufferPointer(
            start: start,
            count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column))
        )
    }
}
