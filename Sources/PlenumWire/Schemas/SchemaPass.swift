import PlenumCore

/// A schema rewritten for a dialect, and what became of it.
struct SchemaPass: Hashable {
    /// A change in one place.
    struct Change: Hashable {
        /// The place, as a JSON pointer.
        var path: String
        /// The keyword.
        var keyword: String
        /// Whether the schema says less than before.
        var isLoss: Bool
    }

    var schema: JSONValue
    var changes: [Change]

    /// Whether the schema says less than before.
    var isLossy: Bool { changes.contains(where: \.isLoss) }

    /// Notes a loss.
    func warn(_ path: String, _ written: inout RequestBody) {
        if isLossy { written.warn(path, .converted) }
    }
}
