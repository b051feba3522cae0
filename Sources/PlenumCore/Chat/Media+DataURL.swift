/// Data URLs (RFC 2397), the way in which OpenAI's dialects carry bytes.
extension Media {
    /// Reads an address: a base64 data URL becomes ``Source/base64(_:)``, anything else ``Source/url(_:)``.
    public init(address: String) {
        guard address.prefix(5).lowercased() == "data:", let comma = address.firstIndex(of: ",") else {
            self.init(.url(address))
            return
        }
        let head = address[address.index(address.startIndex, offsetBy: 5)..<comma]
        guard let mark = head.lastIndex(of: ";"), head[mark...].lowercased() == ";base64" else {
            self.init(.url(address))
            return
        }
        let mimeType = String(head[..<mark])
        let payload = String(address[address.index(after: comma)...])
        self.init(.base64(payload), mimeType: mimeType.isEmpty ? nil : mimeType)
    }

    /// The data URL of bytes that are here; `nil` for a file id. An address is given as it is.
    public var dataURL: String? {
        switch source {
        case .base64(let payload): "data:\(mimeType ?? "application/octet-stream");base64,\(payload)"
        case .url(let address): address
        case .file: nil
        }
    }
}
