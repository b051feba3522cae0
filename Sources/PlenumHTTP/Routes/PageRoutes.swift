import HTTPTypes
import Hummingbird
import NIOCore
import PlenumWeb

/// The page's files.
struct PageRoutes: Sendable {
    func add(to router: Router<DoorContext>) {
        for asset in WebAsset.all {
            for path in asset.paths {
                router.get("\(path)") { request, _ in response(asset, request) }
            }
        }
    }

    private func response(_ asset: WebAsset, _ request: Request) -> Response {
        var headers: HTTPFields = [
            .contentType: asset.mediaType, .eTag: asset.tag, .cacheControl: "no-cache",
            .contentSecurityPolicy: "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
        if request.headers[.ifNoneMatch] == asset.tag { return Response(status: .notModified, headers: headers) }
        headers[.contentLength] = String(asset.bytes.count)
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
}
