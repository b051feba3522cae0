import CSQLite
import Glibc
import Synchronization

/// A file system of SQLite (VFS) that gathers what a commit appends to the write-ahead log and writes it in one call.
///
/// SQLite writes each page of a commit in two calls, and synchronises once at the end. Here they wait in memory until
/// that end: no page of a commit is shown to a reader before the log was synchronised (`synchronous = FULL`, which the
/// writer reads back), so nobody can miss what still waits. Everything else goes straight to the file system below.
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
            BufferedLog.of(file).pointee.flushed(file) ?? BufferedLog.of(file).pointee.usual.pointee.xSync(file, flags)
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

    private static func of(_ file: File?) -> UnsafeMutablePointer<BufferedLog> {
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

    private static func close(_ file: File?) -> Int32 {
        let log = of(file)
        let fault = log.pointee.flushed(file)
        let usual = log.pointee.usual
        log.pointee.memory.deallocate()
        (UnsafeMutableRawPointer(log) - distance).deallocate()
        file?.pointee.pMethods = usual
        let code = usual.pointee.xClose(file)
        return fault ?? code
    }
}
