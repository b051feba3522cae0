import PlenumCore

/// A row that a statement stands at; its columns count from 0.
protocol SQLRow: AnyObject {
    func isNull(_ column: Int32) -> Bool
    func int(_ column: Int32) -> Int64
    func text(_ column: Int32) -> String
    /// A column's bytes where the row has them: they stay as long as it stands there.
    func span(_ column: Int32) -> UnsafeRawBufferPointer
}

extension SQLRow {
    func bytes(_ column: Int32) -> [UInt8] { Array(span(column)) }

    /// Sixteen bytes as two numbers, most significant first; `nil` for any other count.
    func halves(_ column: Int32) -> (high: UInt64, low: UInt64)? {
        let span = span(column)
        guard span.count == 16 else { return nil }
        return (
            UInt64(bigEndian: span.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: span.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }
}

/// Reads the columns of a row from left to right, in the order in which ``SQLArguments`` wrote them.
struct SQLRowReader {
    private let row: any SQLRow
    private var next: Int32 = 0

    init(_ row: any SQLRow) { self.row = row }

    private mutating func step() -> Int32 {
        next += 1
        return next - 1
    }

    mutating func int64() -> Int64 { row.int(step()) }

    mutating func int() -> Int { Int(row.int(step())) }

    mutating func intOrNil() -> Int? {
        let column = step()
        return row.isNull(column) ? nil : Int(row.int(column))
    }

    mutating func flag() -> Bool { row.int(step()) != 0 }

    mutating func text() -> String { row.text(step()) }

    mutating func textOrNil() -> String? {
        let column = step()
        return row.isNull(column) ? nil : row.text(column)
    }

    mutating func bytes() -> [UInt8] { row.bytes(step()) }

    /// Text that is kept as bytes.
    mutating func textOfBytes() -> String { String(decoding: bytes(), as: UTF8.self) }

    mutating func time() -> Timestamp { Timestamp(milliseconds: int64()) }

    mutating func timeOrNil() -> Timestamp? { intOrNil().map { Timestamp(milliseconds: Int64($0)) } }

    mutating func moneyOrNil() -> Money? { intOrNil().map { Money(nanoDollars: Int64($0)) } }

    mutating func id<Subject: Identified>() throws(PlenumError) -> Identifier<Subject> {
        guard let halves = row.halves(step()) else { throw .unreadable("\(Subject.self) id") }
        return Identifier(high: halves.high, low: halves.low)
    }

    mutating func idOrNil<Subject: Identified>() throws(PlenumError) -> Identifier<Subject>? {
        guard !row.isNull(next) else {
            next += 1
            return nil
        }
        return try id()
    }

    /// Reads a word of a closed set.
    mutating func word<Word: RawRepresentable<String>>() throws(PlenumError) -> Word {
        guard let word = Word(rawValue: text()) else { throw .unreadable("\(Word.self)") }
        return word
    }

    mutating func wordOrNil<Word: RawRepresentable<String>>() throws(PlenumError) -> Word? {
        guard !row.isNull(next) else {
            next += 1
            return nil
        }
        return try word()
    }

    mutating func json() throws(PlenumError) -> JSONValue {
        do { return try JSONValue(parsing: bytes()) } catch { throw .unreadable("JSON text") }
    }

    mutating func jsonOrNil() throws(PlenumError) -> JSONValue? {
        guard !row.isNull(next) else {
            next += 1
            return nil
        }
        return try json()
    }

    mutating func finish() throws(PlenumError) -> FinishReason? {
        let meaning: FinishReason.Meaning? = try wordOrNil()
        let native = textOrNil()
        return meaning.map { FinishReason($0, native: native) }
    }

    mutating func usage() -> Usage? {
        let inputUncached = intOrNil()
        let usage = usage(inputUncached: inputUncached ?? 0)
        return inputUncached == nil ? nil : usage
    }

    /// The counters that follow the one that is given.
    mutating func usage(inputUncached: Int) -> Usage {
        var usage = Usage()
        usage.inputUncached = inputUncached
        usage.cacheRead = int()
        usage.cacheWrite = int()
        usage.cacheWriteLong = int()
        usage.output = int()
        usage.reasoning = int()
        usage.reportedCost = moneyOrNil()
        return usage
    }

    mutating func error() -> RecordedError? {
        let code = textOrNil()
        let message = textOrNil()
        let isRetryable = flag()
        return code.map { RecordedError(code: $0, message: message ?? "", isRetryable: isRetryable) }
    }
}
