/// Status and headers of a response.
struct ResponseHead: Sendable {
    var status: Int
    var headers: TransportHeaders
}

/// Reads the head of a response from lines as libcurl hands them over: whole, in order, with their line break.
///
/// Heads of interim responses are read and dropped. Limits count over all of them and over the trailers, so that a server
/// cannot send heads for ever.
struct ResponseHeadParser {
    enum Verdict {
        case more
        case complete(ResponseHead)
        case tooLarge
    }

    /// The most bytes that names and values of all fields may have.
    static let maximumBytes = 80 * 1024
    /// The most fields.
    static let maximumFields = 200

    private var status = 0
    private var headers = TransportHeaders()
    private var byteCount = 0
    private var lineCount = 0

    /// Whether the final head is complete; what follows are trailers.
    private(set) var isComplete = false

    /// Whether a line of any head has come.
    var hasStarted: Bool { lineCount > 0 }

    mutating func consume(_ line: UnsafeRawBufferPointer) -> Verdict {
        let content = Self.trimmed(line)
        lineCount += 1
        byteCount += content.count
        guard byteCount <= Self.maximumBytes, lineCount <= Self.maximumFields + 2 else { return .tooLarge }
        if isComplete { return .more }
        if content.isEmpty { return finishHead() }
        if let code = Self.statusCode(of: content) {
            status = code
            headers = TransportHeaders()
            headers.reserveUsualCapacity()
        } else if line[0] == UInt8(ascii: " ") || line[0] == UInt8(ascii: "\t") {
            headers.extendLastValue(by: content)
        } else if let colon = content.firstIndex(of: UInt8(ascii: ":")) {
            headers.append(
                name: content[..<colon],
                value: Self.trimmed(UnsafeRawBufferPointer(rebasing: content[(colon + 1)...]))
            )
        }
        return .more
    }

    private mutating func finishHead() -> Verdict {
        guard status >= 200 else { return .more }
        isComplete = true
        let head = ResponseHead(status: status, headers: headers)
        headers = TransportHeaders()
        return .complete(head)
    }

    /// The code of a status line such as `HTTP/1.1 200 OK`; `nil` for any other line.
    private static func statusCode(of line: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard line.starts(with: "HTTP/".utf8), let space = line.firstIndex(of: UInt8(ascii: " ")) else { return nil }
        let digits = line[(space + 1)...].prefix(3)
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func trimmed(_ bytes: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer> {
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, isSpace(bytes[start]) { start += 1 }
        while end > start, isSpace(bytes[end - 1]) { end -= 1 }
        return bytes[start..<end]
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
    }
}
