import Glibc
import PlenumCore

/// A database file that this process alone has opened: its folder made, its lock held until the value is released.
///
/// libsqlite3 before 3.51.3 can lose commits when a second connection checkpoints while another writes; a second process
/// would bring one, so it is refused.
final class SQLiteFile: Sendable {
    /// The path with symbolic links followed, so that one file has one lock whatever name it is opened by.
    let path: String
    /// The descriptor that holds the lock.
    private let lock: Int32

    /// Makes the folder (0700) and an empty file (0600) where there are none, and takes the lock.
    init(path: String) throws(PlenumError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw PlenumError(.storage, "The path of the database is empty: write sqlite:PATH.", retryable: false)
        }
        let folder = Self.folder(of: path)
        try Self.makeFolder(folder)
        self.path = try Self.resolve(path, in: folder)
        lock = try Self.takeLock(self.path)
        do { try Self.makeFile(self.path) } catch {
            Glibc.close(lock)
            throw error
        }
    }

    deinit { Glibc.close(lock) }

    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func fault(_ what: String, _ advice: String) -> PlenumError {
        let number = errno
        let reason = String(cString: strerror(number))
        return PlenumError(.storage, "\(what): \(reason). \(advice)", cause: "errno \(number)")
    }

    private static func makeFolder(_ folder: String) throws(PlenumError) {
        if access(folder, F_OK) == 0 { return }
        let parent = self.folder(of: folder)
        if parent != folder { try makeFolder(parent) }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw fault(
                "The folder \(folder) cannot be made",
                "Make it, or name a place that this user may write."
            )
        }
        sync(parent)
    }

    /// Makes a new entry of a folder survive a power cut, as far as the file system does that at all.
    private static func sync(_ folder: String) {
        let descriptor = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        Glibc.close(descriptor)
    }

    static func resolve(_ path: String, in folder: String) throws(PlenumError) -> String {
        guard access(path + "/.", F_OK) != 0 else { throw isFolder(path) }
        if let whole = canonical(path) { return whole }
        guard let base = canonical(folder) else {
            throw fault("The folder \(folder) cannot be entered", "Give this user the right to it.")
        }
        let name = path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
        guard !name.isEmpty else { throw isFolder(path) }
        return base == "/" ? "/\(name)" : "\(base)/\(name)"
    }

    private static func isFolder(_ path: String) -> PlenumError {
        PlenumError(.storage, "\(path) is a folder: name a file in it.", retryable: false)
    }

    private static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func takeLock(_ path: String) throws(PlenumError) -> Int32 {
        let name = path + ".lock"
        let descriptor = Glibc.open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw fault("The lock file \(name) cannot be written", "Give this user the right to write the folder.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isHeld = errno == EWOULDBLOCK
            defer { Glibc.close(descriptor) }
            guard isHeld else { throw fault("The lock file \(name) cannot be locked", "Use a local disk.") }
            throw PlenumError(
                .storage,
                "The database \(path) is in use by process \(holder(descriptor)): end it, or name another file.",
                cause: "flock \(name)"
            )
        }
        let text = "\(getpid())\n"
        ftruncate(descriptor, 0)
        _ = text.utf8.withContiguousStorageIfAvailable { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        return descriptor
    }

    /// The process that holds the lock, as it wrote itself down.
    static func holder(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        let digits = buffer.prefix(max(count, 0)).prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? "unknown" : String(decoding: digits, as: UTF8.self)
    }

    /// Makes an empty file that only this user may read; the write-ahead log takes over its rights.
    private static func makeFile(_ path: String) throws(PlenumError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            if errno == EEXIST { return }
            throw fault(
                "The database \(path) cannot be made",
                "Look at the folder, its rights and the room on the disk."
            )
        }
        Glibc.close(descriptor)
        sync(folder(of: path))
    }
}
