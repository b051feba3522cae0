import Crypto
public import PlenumEngine

extension ImportDigest {
    /// SHA-256.
    public static let sha256 = ImportDigest { Array(SHA256.hash(data: $0)) }
}
