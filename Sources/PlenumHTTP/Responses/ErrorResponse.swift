import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PlenumCore
import PlenumWire

/// Errors as the dialect of the door writes them.
enum ErrorResponse {
    /// Writes any error; one that is not ours says nothing of itself to the client.
    static func response(to error: any Error, for request: Request, logger: Logger) -> Response {
        let known = plenumError(error, logger: logger)
        var wire = DoorDialect.format(of: request).writeError(known)
        if let record = known.routing, RoutingMetadata.isWanted(request.headers) {
            wire.body = RoutingMetadata.add(record, to: wire.body)
        }
        var headers = HTTPFields()
        headers[.contentType] = "application/json"
        for field in wire.headers {
            if let name = HTTPField.Name(field.name) { headers[name] = field.value }
        }
        return Response(
            status: .init(code: wire.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: wire.body))
        )
    }

    static func plenumError(_ error: any Error, logger: Logger) -> PlenumError {
        switch error {
        case let error as PlenumError: return error
        case let error as HTTPError where error.status == .notFound:
            return PlenumError(.notFound, "There is no such route. GET /openapi.json describes those that there are.")
        case let error as HTTPError where error.status == .contentTooLarge:
            return PlenumError(.tooLarge, "The body is larger than this server accepts.")
        case is NIOTooManyBytesError:
            return PlenumError(.tooLarge, "The body is larger than this server accepts.")
        case is CancellationError: return PlenumError(.cancelled, "The client left.")
        default:
            logger.error("a request failed", metadata: ["error": "\(error)"])
            return PlenumError(.internal, "Something went wrong inside Plenum. Its log says what.")
        }
    }
}
