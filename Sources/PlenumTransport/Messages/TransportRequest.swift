/// One HTTP request.
public struct TransportRequest: Sendable {
    /// The method, in the case it goes out in; `POST` unless said otherwise.
    public var method: String

    /// An absolute `http` or `https` URL, already percent-encoded.
    ///
    /// Its path goes out as it stands.
    public var url: String

    /// The headers in their order.
    ///
    /// `Content-Length`, `Transfer-Encoding`, `Connection` and `Expect` are the transport's own business: fields of these names
    /// are left out. A name must be a token and a value must hold no control character but tab, else the request is refused
    /// as ``TransportError/Code-swift.struct/invalidRequest``.
    public var headers: [(name: String, value: String)]

    /// The body; empty for none.
    public var body: [UInt8]

    /// How long to wait for what.
    public var timeouts: TransportTimeouts

    /// A PEM file with the certificate authorities to trust instead of the system's.
    ///
    /// Certificates are verified in any case.
    public var caFile: String?

    /// The most bytes read from the socket at once, from 1 KiB to 512 KiB; as the transport is configured if `nil`.
    ///
    /// Each exchange holds so much while it lasts: less is better for answers that come in small pieces over a long time.
    public var receiveBufferSize: Int?

    /// Makes a request.
    ///
    /// - Parameters:
    ///   - method: The method, in the case it goes out in.
    ///   - url: An absolute `http` or `https` URL, percent-encoded.
    ///   - headers: The headers in their order.
    ///   - body: The body; empty for none.
    ///   - timeouts: How long to wait for what.
    ///   - caFile: A PEM file with the certificate authorities to trust instead of the system's.
    public init(
        method: String = "POST",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        timeouts: TransportTimeouts = TransportTimeouts(),
        caFile: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeouts = timeouts
        self.caFile = caFile
    }
}

extension TransportRequest {
    /// Refuses what must never reach the wire: it runs on the caller's side, where the work is spread over the cores.
    func validate() throws(TransportError) {
        guard Self.isUsable(url) else {
            throw TransportError(
                code: .invalidURL,
                message: "The upstream's URL is not an absolute http or https URL: correct the provider's base URL."
            )
        }
        guard !method.isEmpty, method.utf8.allSatisfy(\.isTokenByte) else {
            throw TransportError(code: .invalidRequest, message: "The request's method is not an HTTP token.")
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte), value.utf8.allSatisfy(\.isFieldByte) else {
                throw TransportError(
                    code: .invalidRequest,
                    message:
                        "A request header has a name or a value that HTTP forbids: look for line breaks in a configured key."
                )
            }
        }
    }

    /// The host and port as written, for messages; without credentials, path and query.
    var origin: String {
        var authority = url[...]
        if let scheme = authority.firstRange(ofSchemeEnd: "://") { authority = authority[scheme...] }
        authority = authority.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        return String(authority)
    }

    private static func isUsable(_ url: String) -> Bool {
        let bytes = url.utf8
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }.map { $0 | 0x20 }
        guard scheme == Array("http".utf8) || scheme == Array("https".utf8) else { return false }
        let rest = bytes.dropFirst(scheme.count)
        guard rest.starts(with: "://".utf8), rest.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return false }
        guard let first = rest.dropFirst(3).first else { return false }
        return first != UInt8(ascii: "/") && first != UInt8(ascii: "?") && first != UInt8(ascii: "#")
    }
}

extension Substring {
    /// The index after the first occurrence of a separator.
    fileprivate func firstRange(ofSchemeEnd separator: String) -> Index? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(separator) { return index(start, offsetBy: separator.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension UInt8 {
    /// Whether HTTP allows the byte in a method or in the name of a header (RFC 9110, section 5.6.2).
    fileprivate var isTokenByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// Whether HTTP allows the byte in the value of a header (RFC 9110, section 5.5).
    fileprivate var isFieldByte: Bool {
        self == 0x09 || (self >= 0x20 && self != 0x7F)
    }
}
