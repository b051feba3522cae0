internal import CCurl

/// The headers of a request as libcurl reads them: a linked list of C strings.
///
/// Text and nodes live in two buffers that are kept from one request to the next, where `curl_slist_append` would allocate
/// twice for each header and walk the list each time.
struct HeaderList: ~Copyable {
    private var text: UnsafeMutableBufferPointer<CChar> = .allocate(capacity: 1024)
    private var nodes: UnsafeMutableBufferPointer<curl_slist> = .allocate(capacity: 24)

    deinit {
        text.deallocate()
        nodes.deallocate()
    }

    /// Writes the list anew; what it held before must no longer be in use.
    ///
    /// Headers that libcurl would add by itself are switched off: `Expect` always, a body's type if the request names none.
    mutating func fill(with headers: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist> {
        reserve(for: headers)
        var end = 0
        var count = 0
        var hasContentType = false
        for (name, value) in headers where !Self.isReserved(name) {
            if name.utf8.count == 12, Self.matches(name, "content-type") { hasContentType = true }
            let start = end
            write(name, at: &end)
            // An empty value is marked by a semicolon; after a colon libcurl would take it for a removal.
            write(value.isEmpty ? ";" : ": ", at: &end)
            write(value, at: &end)
            link(from: start, &end, &count)
        }
        for removal in hasContentType ? ["Expect:"] : ["Expect:", "Content-Type:"] {
            let start = end
            write(removal, at: &end)
            link(from: start, &end, &count)
        }
        nodes[count - 1].next = nil
        return nodes.baseAddress!
    }

    private mutating func reserve(for headers: [(name: String, value: String)]) {
        let length = headers.reduce(64) { $0 + $1.name.utf8.count + $1.value.utf8.count + 3 }
        if length > text.count {
            text.deallocate()
            text = .allocate(capacity: length * 2)
        }
        if headers.count + 2 > nodes.count {
            nodes.deallocate()
            nodes = .allocate(capacity: headers.count * 2)
        }
    }

    private func write(_ string: String, at end: inout Int) {
        var string = string
        let target = UnsafeMutableRawPointer(text.baseAddress! + end)
        string.withUTF8 { bytes in
            guard let source = bytes.baseAddress else { return }
            target.copyMemory(from: source, byteCount: bytes.count)
            end += bytes.count
        }
    }

    private func link(from start: Int, _ end: inout Int, _ count: inout Int) {
        text[end] = 0
        end += 1
        nodes.initializeElement(at: count, to: curl_slist(data: text.baseAddress! + start, next: nil))
        if count > 0 { nodes[count - 1].next = nodes.baseAddress! + count }
        count += 1
    }

    /// Whether a header is the transport's own business.
    ///
    /// The lengths decide nearly always.
    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 6: matches(name, "expect")
        case 10: matches(name, "connection")
        case 14: matches(name, "content-length")
        case 17: matches(name, "transfer-encoding")
        default: false
        }
    }

    private static func matches(_ name: String, _ lowercased: StaticString) -> Bool {
        name.utf8.elementsEqual(
            UnsafeBufferPointer(start: lowercased.utf8Start, count: lowercased.utf8CodeUnitCount)
        ) { $0.asciiLowercased == $1 }
    }
}
