import HTTPTypes
import Hummingbird
import Logging
import PlenumCore
import PlenumEngine

/// The one middleware: names the request, checks host, origin and key, and turns errors into answers.
struct Gatekeeper: RouterMiddleware {
    typealias Context = DoorContext

    private let allowedHosts: Set<String>
    private let keys: KeyRing

    init(_ configuration: DoorConfiguration) {
        allowedHosts = configuration.allowedHosts
        keys = KeyRing(configuration)
    }

    func handle(
        _ request: Request,
        context: DoorContext,
        next: @concurrent (Request, DoorContext) async throws -> Response
    ) async throws -> Response {
        do {
            var context = context
            if !Self.isProbe(request.uri.path) {
                try checkHost(request)
                if !PageRoutes.isForPage(request) { context.caller = try caller(of: request) }
            }
            return try await next(request, context)
        } catch {
            return ErrorResponse.response(to: error, for: request, logger: context.logger)
        }
    }

    /// Probes say nothing about anybody, and are asked by machines that know no key.
    private static func isProbe(_ path: String) -> Bool { path == "/livez" || path == "/readyz" }

    /// A page of another site must not speak to a server that trusts its machine: neither by a name of its own that
    /// leads here (DNS rebinding), nor from its own origin.
    private func checkHost(_ request: Request) throws(PlenumError) {
        guard !allowedHosts.isEmpty else { return }
        let host = Self.name(of: request.head.authority ?? "")
        guard allowedHosts.contains(host) else {
            throw PlenumError(
                .permission,
                "The host name \"\(host.prefix(100))\" is not served here. Set PLENUM_ALLOWED_HOSTS to allow it."
            )
        }
        guard let origin = request.headers[.origin] else { return }
        let originHost = origin.firstRange(of: "://").map { Self.name(of: origin[$0.upperBound...]) } ?? ""
        guard allowedHosts.contains(originHost) else {
            throw PlenumError(.permission, "Pages of other origins may not call this server.")
        }
    }

    /// The name of `name:port`, with the brackets of an IPv6 address.
    private static func name(of authority: some StringProtocol) -> String {
        let text = authority.lowercased()
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") { return String(text[...end]) }
        return String(text.prefix { $0 != ":" })
    }

    /// Finds out who asks.
    /// - Throws: `authentication` if a key is missing, or is nobody's.
    private func caller(of request: Request) throws(PlenumError) -> Caller {
        let key = keys.isLocked ? Credentials.key(of: request) : nil
        if let caller = keys.caller(with: key) { return caller }
        guard key != nil else {
            throw PlenumError(
                .authentication,
                "This server asks for a key: send it as \"Authorization: Bearer KEY\"."
            )
        }
        throw PlenumError(.authentication, "The key is wrong.")
    }
}

/// Where clients of each dialect put their key.
enum Credentials {
    private static let anthropicKey = HTTPField.Name("x-api-key")!

    /// Reads the key: `Authorization: Bearer`, `x-api-key`, `x-goog-api-key` or `?key=`, in that order.
    static func key(of request: Request) -> String? {
        if let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") {
            return header.dropFirst(7).trimming(" ")
        }
        return request.headers[anthropicKey] ?? request.headers[.googleKey]
            ?? request.uri.queryParameters["key"].map(String.init)
    }
}

extension StringProtocol {
    /// The text without a character at either end.
    fileprivate func trimming(_ character: Character) -> String {
        var text = self[...]
        while text.first == character { text = text.dropFirst() }
        while text.last == character { text = text.dropLast() }
        return String(text)
    }
}

extension HTTPField.Name {
    static let generationID = HTTPField.Name("X-Generation-Id")!
}
