import Glibc
import PlenumCore

extension SQLiteFile {
    /// The process that has a database open; `nil` if none has.
    ///
    /// Nothing is made, and the lock is looked at without being kept.
    static func process(holding path: String) throws(PlenumError) -> String? {
        let resolved = try resolve(path, in: folder(of: path))
        let descriptor = open(resolved + ".lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { Glibc.close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return holder(descriptor)
    }
}
