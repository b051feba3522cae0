import HTTPTypes
import Hummingbird
import NIOCore
import PlenumWeb

/// The page: one document for every place in it, and its files; and the description of the API, which is served like them.
struct PageRoutes: Sendable {
    let page: WebPage

    /// The places of the page. Its own script reads from the address what to show.
    static let places = ["/", "/c/:conversation", "/usage", "/preferences"]
    /// Where its files lie.
    static let folders = ["css", "js", "vendor"]
    private static let icon = "/favicon.ico"
    /// The description of the API, for machines: it stands at the root, and where the API does.
    private static let description = "/openapi.json"
    private static let descriptions = ["", "/v1", "/api/v1"].map { $0 + description }
    /// What the paths of the page begin with.
    private static let beginnings = Set((places + folders + [icon]).compactMap { $0.split(separator: "/").first })

    func add(to router: Router<DoorContext>) {
        for place in Self.places {
            router.get("\(place)") { request, _ in try response("/index.html", request) }
        }
        for folder in Self.folders {
            router.get("/\(folder)/**") { request, _ in try response(request.uri.path, request) }
        }
        router.get("\(Self.icon)") { request, _ in try response("/mark.svg", request) }
        for path in Self.descriptions {
            router.get("\(path)") { request, _ in try response(Self.description, request) }
        }
    }

    /// Whether a request is for the page itself, which holds nothing of anybody's: it is given without a key, and asks
    /// for one. So is the description of the API.
    static func isForPage(_ request: Request) -> Bool {
        guard request.method == .get else { return false }
        if descriptions.contains(request.uri.path) { return true }
        return request.uri.path.split(separator: "/", maxSplits: 1).first.map(beginnings.contains) ?? true
    }

    private func response(_ path: String, _ request: Request) throws -> Response {
        guard let asset = page.asset(at: path) else { throw HTTPError(.notFound) }
        var headers: HTTPFields = [
            .contentType: asset.mediaType, .eTag: asset.tag, .cacheControl: "no-cache", .vary: "Accept-Encoding",
            .xContentTypeOptions: "nosniff",
        ]
        // What the document may do holds for all that it loads.
        if asset.mediaType.hasPrefix("text/html") {
            headers[.contentSecurityPolicy] = Self.policy
            headers[Self.referrerPolicy] = "no-referrer"
        }
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        var bytes = asset.bytes
        if let gzipped = asset.gzipped, request.headers[.acceptEncoding]?.contains("gzip") == true {
            headers[.contentEncoding] = "gzip"
            bytes = gzipped
        }
        headers[.contentLength] = String(bytes.count)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static let referrerPolicy = HTTPField.Name("Referrer-Policy")!

    /// Nothing from elsewhere is loaded, nothing that a model wrote is run: no text ever becomes markup or script.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    ].joined(separator: "; ")
}
