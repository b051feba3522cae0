public import PlenumWeb

/// Who may come in, and with how much.
public struct DoorConfiguration: Sendable {
    /// The keys of which every request must carry one; a server without any trusts whoever can reach it.
    public var keys: [ClientKey]
    /// Names that the Host header may have, without ports. Empty: any, for a server that asks for a key.
    public var allowedHosts: Set<String>
    /// The most bytes of a body.
    public var bodyLimit: Int
    /// Whether the words of completions outside conversations are kept beside their numbers.
    public var keepsWords: Bool
    /// The page.
    public var page: WebPage
    /// How many debates may go on at once for one key, or for all who come without one; if nothing is said, four with a key
    /// and any number without.
    public var debatesAtOnce: Int?
    /// How long the client of a stream waits for a head: then it is given one, whatever becomes of its answer.
    public var headPatience = Duration.seconds(10)
    /// How often a client that waits for the first event of a stream is told that it is not forgotten.
    public var keepAliveInterval = Duration.seconds(15)

    /// How many debates may go on at once; `nil` for any number.
    var debateLimit: Int? { debatesAtOnce ?? (keys.isEmpty ? nil : 4) }

    /// Makes a configuration.
    public init(
        keys: [ClientKey] = [],
        allowedHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"],
        bodyLimit: Int = 64 << 20,
        keepsWords: Bool = true,
        page: WebPage = WebPage(),
        debatesAtOnce: Int? = nil
    ) {
        self.keys = keys
        self.allowedHosts = allowedHosts
        self.bodyLimit = bodyLimit
        self.keepsWords = keepsWords
        self.page = page
        self.debatesAtOnce = debatesAtOnce
    }
}
