/// Text in columns.
struct Table {
    private var rows: [[String]]

    /// Makes a table with a heading.
    init(columns: [String]) { rows = [columns] }

    /// Adds a row.
    mutating func add(_ row: [String]) { rows.append(row) }

    /// The rows, each column as wide as its widest cell.
    var text: String {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
                .joined(separator: "  ").trimmingSuffix() + "\n"
        }.joined()
    }
}

extension String {
    /// The text without blanks at its end.
    fileprivate func trimmingSuffix() -> String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
