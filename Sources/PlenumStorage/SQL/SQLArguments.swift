import Glibc
import PlenumCore

/// The arguments of one statement, packed one after another into memory that is used again and again: one copy of each,
/// and no allocation once the memory is large enough.
final class SQLArguments {
    /// One argument; text and bytes are spans of ``memory``.
    enum Value {
        case null(Kind)
        case int(Int64)
        case text(offset: Int, count: Int)
        case bytes(offset: Int, count: Int)
    }

    /// What an argument is, also where it is absent: databases with types want to know.
    enum Kind {
        case int
        case text
        case bytes
    }

    private(set) var values: [Value] = []
    private(set) var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0

    /// What is given back to the system once a larger statement has been through.
    private static let keptCapacity = 1 << 20

    init() {
        capacity = 1 << 14
        memory = .allocate(byteCount: capacity, alignment: 16)
        values.reserveCapacity(48)
    }

    deinit { memory.deallocate() }

    /// Forgets the arguments of the last statement.
    func clear() {
        values.removeAll(keepingCapacity: true)
        used = 0
        if capacity > Self.keptCapacity { resize(to: Self.keptCapacity) }
    }

    private func resize(to newCapacity: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        larger.copyMemory(from: memory, byteCount: used)
        memory.deallocate()
        memory = larger
        capacity = newCapacity
    }

    private func copy(_ source: UnsafeRawBufferPointer) -> Int {
        if used + source.count > capacity { resize(to: max(capacity * 2, used + source.count)) }
        if let base = source.baseAddress { (memory + used).copyMemory(from: base, byteCount: source.count) }
        used += source.count
        return used - source.count
    }

    func int(_ value: Int64) { values.append(.int(value)) }

    func int(_ value: Int?) { values.append(value.map { .int(Int64($0)) } ?? .null(.int)) }

    func flag(_ value: Bool) { values.append(.int(value ? 1 : 0)) }

    func flag(_ value: Bool?) { values.append(value.map { .int($0 ? 1 : 0) } ?? .null(.int)) }

    func time(_ value: Timestamp) { values.append(.int(value.milliseconds)) }

    func time(_ value: Timestamp?) { values.append(value.map { .int($0.milliseconds) } ?? .null(.int)) }

    func money(_ value: Money?) { values.append(value.map { .int($0.nanoDollars) } ?? .null(.int)) }

    /// Text; not every database can keep a NUL in it, so none is given one.
    func text(_ value: String) {
        var value = value
        let isKept = value.withUTF8 { utf8 in
            if let start = utf8.baseAddress, memchr(start, 0, utf8.count) != nil { return false }
            values.append(.text(offset: copy(UnsafeRawBufferPointer(utf8)), count: utf8.count))
            return true
        }
        if !isKept { text(value.withoutNUL) }
    }

    /// Text that is kept as bytes, which may be anything.
    func bytes(of value: String) {
        var value = value
        value.withUTF8 { utf8 in values.append(.bytes(offset: copy(UnsafeRawBufferPointer(utf8)), count: utf8.count)) }
    }

    func text(_ value: String?) {
        if let value { text(value) } else { values.append(.null(.text)) }
    }

    /// UTF-8 that is bound as text.
    func text(utf8: [UInt8]) {
        utf8.withUnsafeBytes { values.append(.text(offset: copy($0), count: $0.count)) }
    }

    /// JSON as text, in which a NUL is an escape that every database can keep.
    func json(_ value: JSONValue?) {
        if let value { text(utf8: value.bytes) } else { values.append(.null(.text)) }
    }

    func bytes(_ value: [UInt8]) {
        value.withUnsafeBytes { values.append(.bytes(offset: copy($0), count: $0.count)) }
    }

    func bytes(_ value: [UInt8]?) {
        if let value { bytes(value) } else { values.append(.null(.bytes)) }
    }

    func id<Subject>(_ id: Identifier<Subject>) {
        let halves = (id.high.bigEndian, id.low.bigEndian)
        withUnsafeBytes(of: halves) { values.append(.bytes(offset: copy($0), count: 16)) }
    }

    func id<Subject>(_ value: Identifier<Subject>?) {
        if let value { id(value) } else { values.append(.null(.bytes)) }
    }

    func status(_ value: Status) { text(value.rawValue) }

    func finish(_ value: FinishReason?) {
        text(value?.meaning.rawValue)
        text(value?.native)
    }

    func usage(_ value: Usage?) {
        int(value?.inputUncached)
        int(value?.cacheRead)
        int(value?.cacheWrite)
        int(value?.cacheWriteLong)
        int(value?.output)
        int(value?.reasoning)
        money(value?.reportedCost)
    }

    func error(_ value: RecordedError?) {
        text(value?.code)
        text(value?.message)
        flag(value?.isRetryable)
    }
}
