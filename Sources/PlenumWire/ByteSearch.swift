import Glibc

extension [UInt8] {
    /// Whether a text stands in the bytes. Bodies may be long, and each is looked through.
    func holds(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        return withUnsafeBytes { bytes in
            guard var at = bytes.baseAddress, bytes.count >= length else { return false }
            let last = at + (bytes.count - length)
            while at <= last, let found = memchr(at, CInt(text.utf8Start.pointee), last - at + 1) {
                if memcmp(found, text.utf8Start, length) == 0 { return true }
                at = UnsafeRawPointer(found) + 1
            }
            return false
        }
    }
}
