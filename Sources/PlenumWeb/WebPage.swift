internal import CWebAssets
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#endif

/// The page's files: those that the compiler has embedded, or for who works on the page those of a folder.
public final class WebPage: Sendable {
    private let folder: String?
    private let made = Mutex<[String: WebAsset]>([:])
    private let embedded: [String: Int]

    /// Makes the page.
    /// - Parameter folder: where to read its files from at each request; `nil` for those inside the program.
    public init(folder: String? = nil) {
        self.folder = folder
        var embedded: [String: Int] = [:]
        for index in 0..<plenum_web_asset_count() {
            guard let asset = plenum_web_asset_at(index) else { continue }
            embedded[String(cString: asset.pointee.path)] = index
        }
        self.embedded = embedded
    }

    /// The paths of all files inside the program.
    public var paths: [String] { embedded.keys.sorted() }

    /// The file at a path; `nil` if there is none. It is compressed when it is first asked for.
    public func asset(at path: String) -> WebAsset? {
        if let folder, let bytes = Self.read(path, in: folder) { return WebAsset(path: path, bytes: bytes) }
        guard let index = embedded[path] else { return nil }
        if let asset = made.withLock({ $0[path] }) { return asset }
        guard let file = plenum_web_asset_at(index)?.pointee else { return nil }
        let bytes = Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
        let asset = WebAsset(path: path, bytes: bytes)
        made.withLock { $0[path] = asset }
        return asset
    }

    /// Reads a file of a folder; names that could lead out of it are not read.
    private static func read(_ path: String, in folder: String) -> [UInt8]? {
        let names = path.split(separator: "/")
        let isPlain = names.allSatisfy { name in
            !name.hasPrefix(".") && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
        }
        guard isPlain, let file = fopen(folder + "/" + names.joined(separator: "/"), "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
        }
    }
}
