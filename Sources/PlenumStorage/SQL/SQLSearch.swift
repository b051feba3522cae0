/// How a database looks for words.
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
    /// A table of the number, conversation and message of every row of `searchable` below a number (the first
    /// placeholder) that matches a query (the second); with ``sparesIndex`` in ``prelude``, of a query in two parts.
    var found: String
    /// Whether the index gets the long words of a query alone (the second placeholder), and rows that it finds are held
    /// against the whole query (the third).
    var sparesIndex: Bool
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
        found: """
            (SELECT i.rowid AS number, s.conversation, s.message
            FROM search_index i JOIN searchable s ON s.number = i.rowid WHERE i.rowid < ? AND i.search_index MATCH ?)
            """,
        sparesIndex: false,
        newest: nil
    )

    /// PostgreSQL's `tsvector`, made of the words as they are: no parser, no dictionary.
    ///
    /// A GIN index gathers all that match before anything is sorted, which is slow for a word that is nearly everywhere.
    /// So the newest rows are looked at first, one by one: such a word fills a page from them. `MATERIALIZED` keeps the
    /// planner from walking backwards through everything when it takes a rare word for a common one, `OFFSET 0` from
    /// joining all that match before it sorts them. A word of one or two letters beside a longer one is kept from the
    /// index, where it would gather half of all rows; `IS TRUE` hides the whole query from it.
    static let postgres = SQLSearch(
        words: "TSVECTOR",
        placeholder: "array_to_tsvector(string_to_array(?, ' '))",
        index: "CREATE INDEX searchable_words ON searchable USING gin (words) WITH (gin_pending_list_limit = 256);\n",
        and: " & ",
        quotes: ("'", "':*"),
        prelude: """
            WITH matching AS MATERIALIZED (
                SELECT number, conversation, message FROM searchable
                WHERE number < ? AND words @@ ?::tsquery AND (words @@ ?::tsquery) IS TRUE
            )

            """,
        found: "(SELECT number, conversation, message FROM matching ORDER BY number DESC OFFSET 0)",
        sparesIndex: true,
        newest: """
            (SELECT number, conversation, message FROM (
                SELECT number, conversation, message, words FROM searchable
                WHERE number < ? ORDER BY number DESC LIMIT 5000
            ) newest WHERE words @@ ?::tsquery)
            """
    )

    /// The words that an index should look for: the longer ones if there are any. An ideograph has three bytes.
    func indexed(_ words: [String]) -> [String] {
        let long = words.filter { $0.utf8.count > 2 }
        return long.isEmpty ? words : long
    }

    /// Writes a query: every word must be the beginning of one. Words are letters and digits alone, so that quotes are
    /// safe around them.
    func query(_ words: [String]) -> String {
        words.map { "\(quotes.left)\($0)\(quotes.right)" }.joined(separator: and)
    }
}
