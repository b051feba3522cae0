internal import CCurl
internal import Glibc

extension TransportError {
    static let outOfMemory = TransportError(
        code: .unavailable,
        message: "The transport ran out of memory: give the process more, or send it less at once."
    )

    static let shutDown = TransportError(
        code: .shutdown,
        message: "The transport was shut down while the request was under way."
    )

    static let headTooLarge = TransportError(
        code: .tooLarge,
        message: "The upstream's response has more than 200 headers or more than 80 KiB of them: it was dropped.",
        beforeFirstByte: false
    )

    static func bodyTooLarge(limit: Int) -> TransportError {
        TransportError(
            code: .tooLarge,
            message:
                "The upstream's response is larger than the \(limit) bytes that were asked for: raise the limit or ask for less.",
            beforeFirstByte: false
        )
    }

    /// A descriptor could not be made; `errno` says why.
    static func outOfDescriptors(_ call: String) -> TransportError {
        TransportError(
            code: .unavailable,
            message: "The transport could not get a file descriptor: raise the limit of open files.",
            cause: "\(call): \(String(cString: strerror(errno)))"
        )
    }

    static func timeout(_ phase: Phase, origin: String, beforeFirstByte: Bool) -> TransportError {
        let what =
            switch phase {
            case .connect: "could not be connected to in time"
            case .responseHead: "did not begin to answer in time"
            case .firstContent: "began to answer but brought no content in time"
            case .idle: "fell silent in the middle of its response"
            case .total: "did not finish its response in the time that the whole request has"
            }
        return TransportError(
            code: .timeout,
            message: "The upstream \(origin) \(what): try again, or raise the timeout `\(phase.rawValue)`.",
            phase: phase,
            beforeFirstByte: beforeFirstByte
        )
    }

    /// Says what a result of libcurl, other than success, means here.
    static func failure(_ result: CURLcode, cause: String, origin: String, beforeFirstByte: Bool) -> TransportError {
        if result == CURLE_OPERATION_TIMEDOUT {
            var error = timeout(.connect, origin: origin, beforeFirstByte: beforeFirstByte)
            error.cause = cause
            return error
        }
        let (code, message) = meaning(of: result, cause: cause, origin: origin)
        return TransportError(code: code, message: message, cause: cause, beforeFirstByte: beforeFirstByte)
    }

    private static func meaning(of result: CURLcode, cause: String, origin: String) -> (Code, String) {
        switch result {
        case CURLE_URL_MALFORMAT:
            (.invalidURL, "The upstream's URL cannot be read: correct the provider's base URL.")
        case CURLE_COULDNT_RESOLVE_HOST:
            (.resolve, "The upstream's name \(origin) could not be resolved: check its spelling and the name service.")
        case CURLE_COULDNT_CONNECT:
            (.connect, "The upstream \(origin) does not take connections: check the address and whether it is running.")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CRL_BADFILE, CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            (
                .tls,
                "No trusted TLS connection to the upstream \(origin) could be made: check its certificate and the CA file."
            )
        case CURLE_PARTIAL_FILE:
            (.truncated, "The upstream \(origin) ended its response before the end it had announced: try again.")
        case CURLE_RECV_ERROR where cause.contains("chunk"), CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY,
            CURLE_BAD_CONTENT_ENCODING:
            (.protocolViolation, "The upstream \(origin) answered with something that is not HTTP/1.1: check the URL.")
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING:
            (.reset, "The connection to the upstream \(origin) broke before the response was complete: try again.")
        case CURLE_OUT_OF_MEMORY:
            (outOfMemory.code, outOfMemory.message)
        default:
            (.unavailable, "The transport could not carry out the request to \(origin): the cause says why.")
        }
    }
}
