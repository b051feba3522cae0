import PlenumCore
import PlenumWire

/// What holds of a format that reads a client's request.
struct RequestProperties {
    private let format: any WireFormat
    static let tag = ModelID(provider: "p", model: "m")

    init(_ format: any WireFormat) { self.format = format }

    /// A body is refused or read; what is read can be said to every provider or is refused.
    func check(_ body: [UInt8]) throws(Violation) {
        try passThrough(body)
        let door: DoorRequest
        do {
            door = try format.readRequest(body)
        } catch {
            return try refused(error)
        }
        try hold((try? JSONValue(parsing: body))?.object != nil, "what is read as a request is a JSON object")
        let head = try? format.scanRequest(body)
        try hold(head == door.head, "a request has the same head scanned and read")
        _ = format.echo(of: door)
        for other in WireFormats.all {
            for quirks in Self.quirks { _ = try Self.write(door.chat, in: other, quirks: quirks) }
        }
    }

    private static let quirks: [Quirks] = {
        var odd = Quirks()
        odd.maxTokensField = "max_output"
        odd.developerRole = false
        odd.dropFields = ["temperature", "user"]
        odd.noStreamOptions = true
        odd.reasoningField = "reasoning_content"
        odd.requiredToolChoice = "any"
        odd.seedField = "random_seed"
        odd.stringContentOnly = true
        odd.noStrictTools = true
        odd.topK = true
        return [Quirks(), odd]
    }()

    /// A body that is passed on stays JSON, unless it says nothing at all.
    private func passThrough(_ body: [UInt8]) throws(Violation) {
        guard let head = try? format.scanRequest(body) else { return }
        if (try? JSONValue(parsing: body))?.object?.isEmpty == true { return }
        for quirks in Self.quirks {
            let request = CompletionRequest(
                model: "up\"stream",
                tag: Self.tag,
                stream: true,
                prompt: .verbatim(head.verbatim(body))
            )
            guard let sent = try? format.writeRequest(request, quirks: quirks) else { continue }
            try hold((try? JSONValue(parsing: sent.body))?.object != nil, "a request that is passed on stays JSON")
        }
    }

    private func refused(_ error: PlenumError) throws(Violation) {
        try hold(
            error.code == .invalidRequest || error.code == .unsupportedParameter,
            "a refusal is the client's: \(error)"
        )
        let wire = format.writeError(error)
        try hold((400..<500).contains(wire.status), "a refusal has the status of one: \(wire.status)")
        try hold((try? JSONValue(parsing: wire.body)) != nil, "a refusal is JSON")
    }

    /// Writes a request to a provider; `nil` if it is refused.
    static func write(
        _ chat: ChatRequest,
        in format: any WireFormat,
        quirks: Quirks = Quirks()
    ) throws(Violation) -> WireRequest? {
        let request = CompletionRequest(model: "upstream", tag: tag, stream: true, prompt: .chat(chat), outputLimit: 99)
        let sent: WireRequest
        do {
            sent = try format.writeRequest(request, quirks: quirks)
        } catch {
            try hold(error.code != .internal, "\(format.dialect.rawValue) has a fault of its own: \(error)")
            return nil
        }
        let tree = try? JSONValue(parsing: sent.body)
        try hold(tree?.object != nil, "what is written in \(format.dialect.rawValue) is a JSON object")
        return sent
    }
}
