/// Writes server-sent events.
public enum SSEWriter {
    /// A comment that keeps a connection open: clients pass over it.
    public static let keepAlive = Array(": keepalive\n\n".utf8)
    /// The event with which OpenAI's Chat Completions end.
    public static let done = Array("data: [DONE]\n\n".utf8)

    /// Appends an event. The data must be one line, as compact JSON is.
    public static func append(_ data: [UInt8], name: StaticString? = nil, to bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + data.count + 48)
        if let name {
            bytes += "event: ".utf8
            name.withUTF8Buffer { bytes += $0 }
            bytes.append(0x0A)
        }
        bytes += "data: ".utf8
        bytes += data
        bytes += "\n\n".utf8
    }
}
