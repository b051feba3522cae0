import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore

extension Response {
    /// An answer of JSON bytes.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An answer of a tree.
    static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        json(value.bytes, status: status)
    }

    /// What the head of a stream says that no proxy should hold back.
    static func streamHeaders(_ contentType: String) -> HTTPFields {
        [.contentType: contentType, .cacheControl: "no-cache", .accelBuffering: "no"]
    }

    /// A stream.
    static func stream(
        _ contentType: String,
        headers extra: HTTPFields = [:],
        _ write: @escaping @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        var headers = streamHeaders(contentType)
        headers.append(contentsOf: extra)
        return Response(status: .ok, headers: headers, body: ResponseBody(write))
    }

    /// A stream of server-sent events.
    static func events(
        headers: HTTPFields = [:],
        _ write: @escaping @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        stream("text/event-stream; charset=utf-8", headers: headers, write)
    }
}

/// Lists as every route writes them.
enum ListJSON {
    /// `{object: "list", data, first_id, last_id, has_more}`
    static func page<Element>(_ page: Page<Element>, id: (Element) -> String, _ view: (Element) -> JSONValue)
        -> JSONValue
    {
        [
            "object": "list", "data": .array(page.elements.map(view)),
            "first_id": page.elements.first.map { .string(id($0)) } ?? .null,
            "last_id": page.elements.last.map { .string(id($0)) } ?? .null, "has_more": .bool(page.hasMore),
        ]
    }

    /// `{id, object, deleted: true}`
    static func deleted(_ id: String, _ object: String) -> JSONValue {
        ["id": .string(id), "object": .string("\(object).deleted"), "deleted": true]
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
