import PlenumCore

/// What a provider said of an error, in any of the shapes of wire notes 1.5.
struct ErrorReport {
    var message: String?
    var type: String?
    var code: String?
    var status: Int?
    var parameter: String?
    var requestID: String?
    var retryDelay: Duration?
    /// Google's reason, such as `API_KEY_INVALID`.
    var reason: String?
    /// Whether a quota of a whole day is used up.
    var isDailyQuota = false

    init() {}

    /// Reads a body; `nil` if it is no JSON that speaks of an error.
    init?(body: [UInt8]) {
        guard let tree = try? JSONValue(parsing: body) else { return nil }
        self.init(tree)
    }

    /// Reads an object, or the array with one object that Gemini sends on a stream.
    init?(_ tree: JSONValue) {
        let root = tree.array?.first ?? tree
        guard root.object != nil else { return nil }
        requestID = root["request_id"]?.string
        switch root["error"] {
        case .object?: read(root["error"]!)
        case .string(let text)?:
            message = text
            code = root["code"]?.string
        default: readFlat(root)
        }
        if message == nil, type == nil, code == nil { return nil }
    }

    private mutating func read(_ error: JSONValue) {
        message = Self.text(error["message"]) ?? error["failed_generation"]?.string
        type = error["type"]?.string
        status = error["code"]?.int ?? error["status_code"]?.int ?? error["code"]?.string.flatMap { Int($0) }
        code = error["code"]?.string ?? error["status"]?.string ?? error["code"]?.number?.text
        parameter = error["param"]?.string
        if type == nil { type = error["status"]?.string }
        for detail in error["details"]?.array ?? [] { readDetail(detail) }
    }

    /// Mistral's, FastAPI's and old vLLM's shapes.
    private mutating func readFlat(_ root: JSONValue) {
        message = Self.text(root["message"]) ?? Self.text(root["detail"]) ?? root["error_message"]?.string
        type = root["type"]?.string
        code = root["code"]?.string ?? root["code"]?.number?.text
        status = root["code"]?.int ?? root["status_code"]?.int
        parameter = root["param"]?.string
    }

    private mutating func readDetail(_ detail: JSONValue) {
        if let delay = detail["retryDelay"]?.string { retryDelay = RetryDelay.parse(delay) }
        if let word = detail["reason"]?.string { reason = word }
        for violation in detail["violations"]?.array ?? []
        where violation["quotaId"]?.string?.contains("PerDay") == true {
            isDailyQuota = true
        }
    }

    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: text
        case nil, .null?: nil
        case let other?: other["detail"].flatMap { text($0) } ?? other.text
        }
    }

    /// Whether any of the words stands in the message.
    func says(_ words: String...) -> Bool {
        guard let lower = message?.lowercased() else { return false }
        return words.contains { lower.contains($0) }
    }

    /// The provider's words for the error, without numbers.
    func isCoded(_ words: String...) -> Bool {
        words.contains { $0 == code || $0 == type || $0 == reason }
    }
}
