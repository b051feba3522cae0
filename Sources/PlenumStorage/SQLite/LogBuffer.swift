import CSQLite
import Glibc
import PlenumCore
import Synchronization

/// A file system of SQLite (VFS) that gathers what a commit appends to the write-ahead log and writes it in one call.
///
/// SQLite writes each page of a commit in two calls, and synchronises once at the end. Here they wait in memory until
/// that end: no page of a commit is shown to a reader before the log is to be synchronised (`synchronous = FULL`, which
/// the writer reads back), so nobody can miss what still waits. Everything else goes straight to the file system below.
///
/// The synchronisation itself can be put off: see ``WriteAheadLog``.
enum LogBuffer {
    /// The names of the file systems made so far, by the name of what lies below each.
    private static let made = Mutex<[String: String]>([:])

    /// Makes the file system known to SQLite, once.
    /// - Parameter base: the name of the file system below; SQLite's usual one if `nil`.
    /// - Returns: its name; `nil` if there is nothing by the name of `base`.
    static func fileSystem(over base: String?) -> String? {
        guard let below = sqlite3_vfs_find(base), let word = below.pointee.zName else { return nil }
        let baseName = String(cString: word)
        return made.withLock { made in
            if let name = made[baseName] { return name }
            let name = "plenum-\(baseName)"
            // A file system that is registered lives as long as the process.
            let system = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
            system.initialize(to: below.pointee)
            system.pointee.pNext = nil
            system.pointee.zName = UnsafePointer(strdup(name))
            system.pointee.pAppData = UnsafeMutableRawPointer(below)
            system.pointee.xOpen = { system, path, file, flags, outFlags in
                guard let file, let below = system?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self) else {
                    return SQLITE_IOERR
                }
                let code = below.pointee.xOpen(below, path, file, flags, outFlags)
                if code == SQLITE_OK, flags & SQLITE_OPEN_WAL != 0 { BufferedLog.takeOver(file) }
                return code
            }
            guard sqlite3_vfs_register(system, 0) == SQLITE_OK else { return nil }
            made[baseName] = name
            return name
        }
    }
}

/// An open write-ahead log: the methods that it had, and what was appended to it and is not written yet.
private struct BufferedLog {
    typealias File = UnsafeMutablePointer<sqlite3_file>

    let usual: UnsafePointer<sqlite3_io_methods>
    let memory: UnsafeMutableRawPointer
    /// Where in the file the first byte in memory belongs.
    var start: Int64 = 0
    /// How many bytes wait.
    var count = 0
    /// Whether SQLite is told that the log is synchronised though it is not yet.
    var putsOff = false
    /// Whether a synchronisation has failed, whoever asked for it: then the next one may succeed though the disk lacks
    /// pages. Held while one goes on, so that none begins before it is known how the last one ended.
    let hasFailed = Failure()

    final class Failure: Sendable {
        let state = Mutex(false)
    }

    /// A commit that is larger is written in several calls: SQLite's usual file system writes less than 128 KiB at once.
    private static let capacity = 120 << 10

    /// Puts itself between SQLite and an open file. The methods that SQLite calls lie right before the value, so that
    /// each of them finds it.
    static func takeOver(_ file: File) {
        guard let usual = file.pointee.pMethods else { return }
        let block = UnsafeMutableRawPointer.allocate(
            byteCount: distance + MemoryLayout<BufferedLog>.stride,
            alignment: 16
        )
        var methods = usual.pointee
        methods.xWrite = { BufferedLog.of($0).pointee.write($0, $1, $2, $3) }
        methods.xRead = { BufferedLog.of($0).pointee.read($0, $1, $2, $3) }
        methods.xSync = { file, flags in
            let log = BufferedLog.of(file)
            if let fault = log.pointee.flushed(file) { return fault }
            return log.pointee.putsOff ? SQLITE_OK : BufferedLog.synchronise(file, flags)
        }
        methods.xTruncate = { file, size in
            BufferedLog.of(file).pointee.flushed(file)
                ?? BufferedLog.of(file).pointee.usual.pointee.xTruncate(file, size)
        }
        methods.xFileSize = { file, size in
            BufferedLog.of(file).pointee.flushed(file)
                ?? BufferedLog.of(file).pointee.usual.pointee.xFileSize(file, size)
        }
        methods.xClose = { BufferedLog.close($0) }
        let place = block.initializeMemory(as: sqlite3_io_methods.self, to: methods)
        let log = BufferedLog(usual: usual, memory: .allocate(byteCount: capacity, alignment: 16))
        (block + distance).initializeMemory(as: BufferedLog.self, to: log)
        file.pointee.pMethods = UnsafePointer(place)
    }

    /// How far behind its methods a value lies.
    private static var distance: Int { (MemoryLayout<sqlite3_io_methods>.size + 15) & ~15 }

    static func of(_ file: File?) -> UnsafeMutablePointer<BufferedLog> {
        // SQLite calls these methods with the open file that they were put into, and with no other.
        guard let methods = file?.pointee.pMethods else { preconditionFailure("a method was called on a closed file") }
        return (UnsafeMutableRawPointer(mutating: methods) + distance).assumingMemoryBound(to: BufferedLog.self)
    }

    private mutating func write(_ file: File?, _ bytes: UnsafeRawPointer?, _ size: Int32, _ offset: Int64) -> Int32 {
        let size = Int(size)
        if offset != start + Int64(count) || count + size > Self.capacity {
            if let fault = flushed(file) { return fault }
            start = offset
        }
        guard let bytes, size <= Self.capacity else { return usual.pointee.xWrite(file, bytes, Int32(size), offset) }
        (memory + count).copyMemory(from: bytes, byteCount: size)
        count += size
        return SQLITE_OK
    }

    private mutating func read(_ file: File?, _ bytes: UnsafeMutableRawPointer?, _ size: Int32, _ offset: Int64)
        -> Int32
    {
        if count > 0, offset < start + Int64(count), offset + Int64(size) > start, let fault = flushed(file) {
            return fault
        }
        return usual.pointee.xRead(file, bytes, size, offset)
    }

    /// Writes what waits. What cannot be written is dropped: SQLite takes the commit back then.
    /// - Returns: SQLite's code of a fault, `nil` if there is none.
    private mutating func flushed(_ file: File?) -> Int32? {
        guard count > 0 else { return nil }
        let code = usual.pointee.xWrite(file, memory, Int32(count), start)
        count = 0
        return code == SQLITE_OK ? nil : code
    }

    /// Synchronises what was written; on any thread. After a failure all fail until ``writeAgain(_:)``.
    static func synchronise(_ file: File?, _ flags: Int32) -> Int32 {
        let log = of(file)
        return log.pointee.hasFailed.state.withLock { hasFailed in
            guard !hasFailed else { return failure }
            let code = log.pointee.usual.pointee.xSync(file, flags)
            hasFailed = code != SQLITE_OK
            return code
        }
    }

    /// Writes everything again that the log holds, and synchronises it: this makes pages new that the system takes for
    /// written; they are still in memory.
    static func writeAgain(_ file: File) -> Bool {
        let log = of(file)
        let usual = log.pointee.usual.pointee
        let block = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        defer { block.deallocate() }
        return log.pointee.hasFailed.state.withLock { hasFailed in
            var size: Int64 = 0
            guard usual.xFileSize(file, &size) == SQLITE_OK else { return false }
            for start in stride(from: 0, to: size, by: Int64.Stride(capacity)) {
                let count = Int32(min(Int64(capacity), size - start))
                guard usual.xRead(file, block, count, start) == SQLITE_OK,
                    usual.xWrite(file, block, count, start) == SQLITE_OK
                else { return false }
            }
            hasFailed = usual.xSync(file, SQLITE_SYNC_NORMAL) != SQLITE_OK
            return !hasFailed
        }
    }

    /// SQLite's code for a synchronisation that failed (SQLITE_IOERR_FSYNC, a macro that Swift does not see).
    private static let failure = SQLITE_IOERR | 4 << 8

    private static func close(_ file: File?) -> Int32 {
        let log = of(file)
        let fault = log.pointee.flushed(file)
        let usual = log.pointee.usual
        log.pointee.memory.deallocate()
        log.deinitialize(count: 1)
        (UnsafeMutableRawPointer(log) - distance).deallocate()
        file?.pointee.pMethods = usual
        let code = usual.pointee.xClose(file)
        return fault ?? code
    }
}

/// The write-ahead log of a writer's connection, whose synchronisation another thread can see to.
struct WriteAheadLog: Sendable {
    // It is open as long as the connection; the other thread only synchronises it, and ends before that.
    private nonisolated(unsafe) let file: UnsafeMutablePointer<sqlite3_file>

    /// Finds the log of a connection that goes through ``LogBuffer`` and has a log already.
    init?(of connection: OpaquePointer) {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file)
        guard code == SQLITE_OK, let file, file.pointee.pMethods != nil else { return nil }
        self.file = file
    }

    /// Does something, such as a commit, of which all is written and nothing synchronised.
    func puttingOff<Success>(_ body: () throws(PlenumError) -> Success) throws(PlenumError) -> Success {
        BufferedLog.of(file).pointee.putsOff = true
        defer { BufferedLog.of(file).pointee.putsOff = false }
        return try body()
    }

    /// Synchronises what was written before; on any thread.
    /// - Returns: SQLite's code; a failure also if one before has failed.
    func synchronise() -> Int32 { BufferedLog.synchronise(file, SQLITE_SYNC_NORMAL) }

    /// Makes the log safe after a synchronisation that failed.
    ///
    /// A checkpoint would not do: after a power cut the part of the log that the disk has would be played back over it.
    /// - Returns: whether all of it is safe.
    func writeAgain() -> Bool { BufferedLog.writeAgain(file) }
}
