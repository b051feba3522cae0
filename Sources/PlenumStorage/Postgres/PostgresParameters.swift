import PlenumCore

/// The parameters of one statement as libpq takes them: types, and values in PostgreSQL's binary form.
///
/// Its memory is used again and again. Numbers are most significant byte first.
final class PostgresParameters {
    private(set) var types: [UInt32] = []
    private(set) var values: [UnsafePointer<CChar>?] = []
    private(set) var lengths: [Int32] = []
    private(set) var formats: [Int32] = []

    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0
    /// What is given back to the system once a larger statement has been through.
    private static let keptCapacity = 1 << 20

    init() {
        capacity = 1 << 14
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    private func clear(reserving bytes: Int) {
        types.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        formats.removeAll(keepingCapacity: true)
        used = 0
        guard bytes > capacity || (capacity > Self.keptCapacity && bytes <= Self.keptCapacity) else { return }
        memory.deallocate()
        capacity = max(bytes, Self.keptCapacity)
        memory = .allocate(byteCount: capacity, alignment: 16)
    }

    private func append(_ type: UInt32, _ value: UnsafeRawPointer?, _ count: Int) {
        types.append(type)
        values.append(value?.assumingMemoryBound(to: CChar.self))
        lengths.append(Int32(count))
        formats.append(1)
    }

    /// Takes the arguments of a statement, each as it is. Text and bytes stay in the arguments' memory.
    func take(_ arguments: SQLArguments, _ range: Range<Int>) {
        clear(reserving: 8 * range.count)
        for value in arguments.values[range] {
            switch value {
            case .null(let kind): append(kind.type, nil, 0)
            case .int(let number):
                let start = memory + used
                write(number)
                append(SQLArguments.Kind.int.type, start, 8)
            case .text(let offset, let count):
                append(SQLArguments.Kind.text.type, arguments.memory + offset, count)
            case .bytes(let offset, let count):
                append(SQLArguments.Kind.bytes.type, arguments.memory + offset, count)
            }
        }
    }

    /// Takes the arguments of several runs of a statement: each parameter becomes an array with an element a run.
    func take(_ arguments: SQLArguments, rows: [Range<Int>]) {
        let columns = rows[0].count
        var bytes = 20 * columns
        for row in rows { for value in arguments.values[row] { bytes += 4 + value.count } }
        clear(reserving: bytes)
        for column in 0..<columns {
            let start = memory + used
            let kind = arguments.values[rows[0].lowerBound + column].kind
            write(Int32(1))  // dimensions
            write(Int32(1))  // there may be nulls
            write(kind.type)
            write(Int32(rows.count))
            write(Int32(1))  // the first index
            for row in rows { write(arguments.values[row.lowerBound + column], of: arguments) }
            append(kind.arrayType, start, memory + used - start)
        }
    }

    private func write(_ value: SQLArguments.Value, of arguments: SQLArguments) {
        switch value {
        case .null: write(Int32(-1))
        case .int(let number):
            write(Int32(8))
            write(number)
        case .text(let offset, let count), .bytes(let offset, let count):
            write(Int32(count))
            (memory + used).copyMemory(from: arguments.memory + offset, byteCount: count)
            used += count
        }
    }

    private func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes in
            (memory + used).copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
            used += bytes.count
        }
    }
}

extension SQLArguments.Kind {
    /// The type's number in PostgreSQL: int8, text, bytea.
    fileprivate var type: UInt32 {
        switch self {
        case .int: 20
        case .text: 25
        case .bytes: 17
        }
    }

    fileprivate var arrayType: UInt32 {
        switch self {
        case .int: 1016
        case .text: 1009
        case .bytes: 1001
        }
    }
}

extension SQLArguments.Value {
    fileprivate var kind: SQLArguments.Kind {
        switch self {
        case .null(let kind): kind
        case .int: .int
        case .text: .text
        case .bytes: .bytes
        }
    }

    fileprivate var count: Int {
        switch self {
        case .null: 0
        case .int: 8
        case .text(_, let count), .bytes(_, let count): count
        }
    }
}
