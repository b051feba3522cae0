internal import CWebAssets

/// A file of the page, as it is served.
public struct WebAsset: Sendable {
    /// The paths it is served at.
    public let paths: [String]
    /// Its media type.
    public let mediaType: String
    /// Its bytes.
    public let bytes: [UInt8]
    /// An entity tag made of its bytes, quotes included.
    public let tag: String

    private init(_ asset: plenum_web_asset) {
        paths = [String(cString: asset.path)]
        mediaType = String(cString: asset.media_type)
        bytes = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
        tag = "\"\(String(Self.hash(bytes), radix: 36))\""
    }

    /// Every file.
    public static let all: [WebAsset] = (0..<plenum_web_asset_count()).compactMap { index in
        plenum_web_asset_at(index).map { WebAsset($0.pointee) }
    }

    /// FNV-1a of 64 bits: the same bytes always have the same tag.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
