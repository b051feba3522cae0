/// How a database looks for words. Each finds the numbers of rows of `searchable` below a number (the first placeholder)
/// that match a query (the second), as a table named `found`.
struct SQLSearch: Sendable {
    /// The type of a row's words.
    var words: String
    /// The placeholder of words that stand in one text with a space between two.
    var placeholder: String
    /// What makes the index of the table's words.
    var index: String
    /// What stands between the words of a query, each with its quotes and its star.
    var and: String
    /// What encloses a word of a query on its left and on its right.
    var quotes: (left: String, right: String)
    /// What stands before `SELECT` in a statement that uses ``found``.
    var prelude: String
    /// The table of all rows found.
    var found: String
    /// The same over the newest rows only, where looking at these first is worth while.
    var newest: String?

    /// SQLite's FTS5.
    ///
    /// It keeps lists of row numbers alone (`detail=none`), of words that need no cutting any more, and lists for the first one,
    /// two and three letters, so that a short beginning is one list too. It reads a list from its end, and stops when a
    /// page is full. The words themselves stand in `searchable`; triggers keep both alike.
    static let sqlite = SQLSearch(
        words: "TEXT",
        placeholder: "?",
        index: """
            CREATE VIRTUAL TABLE search_index USING fts5 (
                words, content='searchable', content_rowid='number',
                tokenize='ascii', detail=none, columnsize=0, prefix='1 2 3'
            );
            CREATE TRIGGER searchable_added AFTER INSERT ON searchable BEGIN
                INSERT INTO search_index (rowid, words) VALUES (new.number, new.words);
            END;
            CREATE TRIGGER searchable_removed AFTER DELETE ON searchable BEGIN
                INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', old.number, old.words);
            END;

            """,
        and: " AND ",
        quotes: ("\"", "\"*"),
        prelude: "",
        found: "(SELECT rowid AS number FROM search_index WHERE rowid < ? AND search_index MATCH ?)",
        newest: nil
    )

    /// PostgreSQL's `tsvector`, made of the words as they are: no parser, no dictionary.
    ///
    /// A GIN index gathers all that match before anything is sorted, which is slow for a word that is nearly everywhere. So
    /// the newest rows are looked at first, one by one: such a word fills a page from them. `MATERIALIZED` keeps the
    /// planner from walking backwards through everything when it takes a rare word for a common one.
    static let postgres = SQLSearch(
        words: "TSVECTOR",
        placeholder: "array_to_tsvector(string_to_array(?, ' '))",
        index: "CREATE INDEX searchable_words ON searchable USING gin (words);\n",
        and: " & ",
        quotes: ("'", "':*"),
        prelude: """
            WITH matching AS MATERIALIZED (SELECT number FROM searchable WHERE number < ? AND words @@ ?::tsquery)
            """,
        found: "matching",
        newest: """
            (SELECT number FROM (SELECT number, words FROM searchable WHERE number < ? ORDER BY number DESC LIMIT 2000) newest
            WHERE words @@ ?::tsquery)
            """
    )

    /// Writes a query: every word must be the beginning of one. Words are letters and digits alone, so that quotes are
    /// safe around them.
    func query(_ words: [String]) -> String {
        words.map { "\(quotes.left)\($0)\(quotes.right)" }.joined(separator: and)
    }
}
