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
        var syncs = 0
    }

    private let state = Guarded(State())

    /// How many times any file was synchronised.
    var syncs: Int { state.withLock { $0.syncs } }

    /// What a power cut at this moment leaves of a file.
    func survivor(of path: String) -> [UInt8] { state.withLock { $0.synced[path] ?? [] } }

    private init() {}

    fileprivate func keep(_ path: String, _ bytes: [UInt8]) {
        state.withLock { state in
            state.synced[path] = bytes
            state.syncs += 1
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
        let key = UInt(bitPattern: file)
        let entry = Entry(path: path, usual: UInt(bitPattern: usual))
        entries.withLock { $0[key] = entry }
        return UnsafePointer(methods)
    }

    private func synchronise(_ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32) -> Int32 {
        let key = UInt(bitPattern: file)
        guard let file, let entry = entries.withLock({ $0[key] }),
            let usual = UnsafePointer<sqlite3_io_methods>(bitPattern: entry.usual)?.pointee
        else { return SQLITE_IOERR }
        let code = usual.xSync(file, flags)
        guard code == SQLITE_OK else { return code }
        var size: Int64 = 0
        guard usual.xFileSize(file, &size) == SQLITE_OK else { return code }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        // Read through SQLite: closing a descriptor of our own would let go of its locks.
        guard usual.xRead(file, &bytes, Int32(size), 0) == SQLITE_OK else { return code }
        SyncedDisk.shared.keep(entry.path, bytes)
        return code
    }
}
