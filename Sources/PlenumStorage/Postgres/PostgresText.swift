import PlenumCore

/// A statement as PostgreSQL takes it, with numbered placeholders.
struct PostgresText {
    /// How often a statement can be in one run of it.
    enum Merging {
        /// Never: each has its own run.
        case none
        /// Any number of times: it inserts, deletes or asks.
        case free
        /// Once a target, which its last argument names: of two rows for one target `UPDATE` takes only one.
        case byTarget
    }

    /// UTF-8, with a zero at the end.
    var text: [CChar]
    /// Whether, and how, the arguments come as arrays.
    let merging: Merging

    init(_ statement: SQLStatement) {
        let text = statement.text(in: .postgres)
        let isMerged = text.contains(SQLDialect.rowsMarker)
        self.text = Array(Self.numbered(text, isMerged: isMerged).utf8CString)
        merging = !isMerged ? .none : text.hasPrefix("UPDATE") ? .byTarget : .free
    }

    /// Puts numbers, or the columns of the rows, in place of the placeholders.
    private static func numbered(_ text: String, isMerged: Bool) -> String {
        var numbered = ""
        var count = 0
        for character in text {
            guard character == "?" else {
                numbered.append(character)
                continue
            }
            count += 1
            numbered += isMerged ? "v.a\(count)" : "$\(count)"
        }
        guard isMerged else { return numbered }
        let places = (1...max(count, 1)).map { "$\($0)" }.joined(separator: ", ")
        let names = (1...max(count, 1)).map { "a\($0)" }.joined(separator: ", ")
        let parts = numbered.split(separator: SQLDialect.rowsMarker, omittingEmptySubsequences: false)
        return parts.joined(separator: "unnest(\(places)) AS v (\(names))")
    }

    /// Every statement's text.
    static let all: [PostgresText] = SQLStatement.allCases.map(PostgresText.init)

    static func of(_ statement: SQLStatement) -> PostgresText { all[statement.rawValue] }
}
