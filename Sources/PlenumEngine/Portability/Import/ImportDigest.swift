/// What ids of foreign conversations are made with: the same text always gives the same bytes, and another one others.
public struct ImportDigest: Sendable {
    /// Gives 16 bytes or more.
    public let hash: @Sendable (_ bytes: [UInt8]) -> [UInt8]

    /// Makes a digest of a hash function, such as SHA-256.
    public init(_ hash: @escaping @Sendable (_ bytes: [UInt8]) -> [UInt8]) { self.hash = hash }
}
