import PlenumCore

/// What a writer of requests gives: the bytes, and what could not be said in them as it was meant.
struct RequestBody {
    var bytes: [UInt8]
    private(set) var warnings: [RequestWarning] = []
    /// The names of tools that had to be spelled in another way, each with its own name.
    private(set) var toolNames: [String: String] = [:]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    /// Notes what was done about something that cannot be said; once is enough.
    mutating func warn(_ path: String, _ action: RequestWarning.Action) {
        let warning = RequestWarning(path, action)
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    /// Notes that a tool goes by another name there.
    mutating func rename(_ own: String, to name: String) { toolNames[name] = own }
}
