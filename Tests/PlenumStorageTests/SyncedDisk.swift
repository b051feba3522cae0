import CSQLite
import Glibc

/// A disk that loses at a power cut what was not synchronised: a file system of SQLite (VFS) that does everything the
/// usual one does, and keeps a copy of each file as it was when it was last synchronised.
final class SyncedDisk: Sendable {
    /// The name to open files by it.
    static let name = "synced"
    static let shared = SyncedDisk()

    private struct State {
        var synced: [String: [UInt8]] = [:]
        /// The pages that could not be written when a synchronisation failed, with what the disk has there. As on Linux,
        /// nothing tries them again until they are written anew.
        var dropped: [String: [Int: [UInt8]]] = [:]
        var syncs = 0
        var failures = 0
        /// Synchronisations of write-ahead logs that are still to go well before one fails; `nil` if none does.
        var untilFailure: Int?

        /// Drops the pages of a file that differ from what the disk has.
        mutating func drop(_ bytes: [UInt8], _ path: String) {
            let old = synced[path] ?? []
            for start in stride(from: 0, to: bytes.count, by: SyncedDisk.page) {
                let end = min(start + SyncedDisk.page, bytes.count)
                let had = (start..<end).map { $0 < old.count ? old[$0] : 0 }
                if !bytes[start..<end].elementsEqual(had) { dropped[path, default: [:]][start / SyncedDisk.page] = had }
            }
        }
    }

    fileprivate static let page = 4096

    private let state = Guarded(State())

    /// How many times any file was synchronised.
    var syncs: Int { state.withLock { $0.syncs } }

    /// How many times that failed.
    var failures: Int { state.withLock { $0.failures } }

    /// What a power cut at this moment leaves of a file.
    func survivor(of path: String) -> [UInt8] { state.withLock { $0.synced[path] ?? [] } }

    private init() {}

    /// Lets a synchronisation of a write-ahead log fail after some that go well.
    func failOnce(after count: Int) { state.withLock { $0.untilFailure = count } }

    /// Takes back a failure that has not come yet, so that it does not meet the next file.
    func failNoMore() { state.withLock { $0.untilFailure = nil } }

    /// Takes what a file held when its synchronisation began.
    /// - Returns: whether that goes well.
    fileprivate func keep(_ path: String, _ bytes: [UInt8]) -> Bool {
        state.withLock { state in
            if path.hasSuffix("-wal"), let left = state.untilFailure {
                state.untilFailure = left == 0 ? nil : left - 1
                if left == 0 {
                    state.drop(bytes, path)
                    state.failures += 1
                    return false
                }
            }
            var kept = bytes
            for (page, old) in state.dropped[path] ?? [:] {
                for (place, byte) in zip(page * SyncedDisk.page..<kept.count, old) { kept[place] = byte }
            }
            state.synced[path] = kept
            state.syncs += 1
            return true
        }
    }

    /// Notes that something is written: those pages will be tried again.
    fileprivate func note(_ path: String, _ count: Int, at start: Int) {
        state.withLock { state in
            guard state.dropped[path] != nil else { return }
            for page in start / Self.page...(start + count - 1) / Self.page { state.dropped[path]?[page] = nil }
        }
    }

    /// Makes the disk known to SQLite, once, before any file on it is opened.
    static let registration: Bool = {
        guard let usual = sqlite3_vfs_find(nil) else { return false }
        let disk = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        disk.initialize(to: usual.pointee)
        disk.pointee.pNext = nil
        disk.pointee.zName = UnsafePointer(strdup(name))
        disk.pointee.xOpen = { _, path, file, flags, outFlags in
            guard let usual = sqlite3_vfs_find("unix"), let file else { return SQLITE_IOERR }
            let code = usual.pointee.xOpen(usual, path, file, flags, outFlags)
            guard code == SQLITE_OK, let path, let methods = file.pointee.pMethods else { return code }
            guard flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL) != 0 else { return code }
            file.pointee.pMethods = Files.shared.methods(for: String(cString: path), file, methods)
            return code
        }
        return sqlite3_vfs_register(disk, 0) == SQLITE_OK
    }()
}

/// Which open file is which, and the usual methods of each.
private final class Files: Sendable {
    static let shared = Files()

    private struct Entry {
        var path: String
        var usual: UInt
    }

    private let entries = Guarded<[UInt: Entry]>([:])

    /// The usual methods with another way to synchronise; made for every opening, which a test can afford.
    func methods(
        for path: String,
        _ file: UnsafeMutablePointer<sqlite3_file>,
        _ usual: UnsafePointer<sqlite3_io_methods>
    ) -> UnsafePointer<sqlite3_io_methods> {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        methods.initialize(to: usual.pointee)
        methods.pointee.xSync = { file, flags in Files.shared.synchronise(file, flags) }
        methods.pointee.xWrite = { file, bytes, count, start in Files.shared.write(file, bytes, count, start) }
        let key = UInt(bitPattern: file)
        let entry = Entry(path: path, usual: UInt(bitPattern: usual))
        entries.withLock { $0[key] = entry }
        return UnsafePointer(methods)
    }

    private func find(_ file: UnsafeMutablePointer<sqlite3_file>?) -> (path: String, usual: sqlite3_io_methods)? {
        guard let entry = entries.withLock({ $0[UInt(bitPattern: file)] }),
            let usual = UnsafePointer<sqlite3_io_methods>(bitPattern: entry.usual)?.pointee
        else { return nil }
        return (entry.path, usual)
    }

    private func write(
        _ file: UnsafeMutablePointer<sqlite3_file>?,
        _ bytes: UnsafeRawPointer?,
        _ count: Int32,
        _ start: Int64
    ) -> Int32 {
        guard let file, let (path, usual) = find(file) else { return SQLITE_IOERR }
        SyncedDisk.shared.note(path, Int(count), at: Int(start))
        return usual.xWrite(file, bytes, count, start)
    }

    private func synchronise(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        guard let file, let (path, usual) = find(file) else { return SQLITE_IOERR }
        // What is written from here on is in this synchronisation by chance only, so it is not in it.
        var size: Int64 = 0
        guard usual.xFileSize(file, &size) == SQLITE_OK else { return SQLITE_IOERR }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        // Read through SQLite: closing a descriptor of our own would let go of its locks.
        guard usual.xRead(file, &bytes, Int32(size), 0) == SQLITE_OK else { return SQLITE_IOERR }
        let code = usual.xSync(file, flags)
        guard code == SQLITE_OK else { return code }
        return SyncedDisk.shared.keep(path, bytes) ? code : SQLITE_IOERR | 4 << 8  // SQLITE_IOERR_FSYNC
    }
}
