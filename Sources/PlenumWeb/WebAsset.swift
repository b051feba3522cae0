internal import CWebAssets

/// A file of the page, as it is served.
public struct WebAsset: Sendable {
    /// The path it is served at, such as `/js/main.js`.
    public let path: String
    /// Its media type.
    public let mediaType: String
    /// Its bytes.
    public let bytes: [UInt8]
    /// Its bytes as gzip has them; `nil` where that would be no shorter.
    public let gzipped: [UInt8]?
    /// An entity tag made of its bytes, quotes included.
    public let tag: String

    /// Makes an asset of a file.
    /// - Parameters:
    ///   - path: the path it is served at; its ending gives the media type.
    ///   - bytes: what the file holds.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        mediaType = Self.mediaType(of: path)
        gzipped = Self.compress(bytes)
        tag = "\"\(String(Self.hash(bytes), radix: 36))\""
    }

    private static func mediaType(of path: String) -> String {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }

    private static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 200 else { return nil }
        let gzipped = [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, count in
            count = plenum_gzip(bytes, bytes.count, buffer.baseAddress, buffer.count)
        }
        return gzipped.isEmpty ? nil : gzipped
    }

    /// FNV-1a of 64 bits: the same bytes always have the same tag.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
