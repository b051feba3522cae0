import PlenumCore

/// Collects the parts of a turn with the members of each that only its dialect knows, such as cache marks.
///
/// A part has no room for them, so they stand in the turn's extra members by the part's position.
struct TurnBuilder {
    /// The member of ``Turn/extra`` under which they stand; no dialect has one of this name.
    private static let member = "$parts"

    let dialect: Dialect
    private(set) var parts: [ContentPart] = []
    private var extras = JSONObject()

    init(_ dialect: Dialect) { self.dialect = dialect }

    mutating func add(_ part: ContentPart, extra: JSONObject = JSONObject()) {
        if !extra.isEmpty { extras[String(parts.count)] = .object(extra) }
        parts.append(part)
    }

    /// Gives state to the thoughts at the end, which a client may have got in several pieces and brings back so.
    mutating func attach(_ state: OpaqueState) {
        var text = ""
        while let last = parts.last?.reasoning, last.opaque == nil, extras[String(parts.count - 1)] == nil {
            text = last.text + text
            parts.removeLast()
        }
        parts.append(.reasoning(Reasoning(text, opaque: state)))
    }

    func turn(_ role: Turn.Role, name: String? = nil, extra: JSONObject = JSONObject()) -> Turn {
        var fields = extra
        if !extras.isEmpty { fields[Self.member] = .object(extras) }
        return Turn(role, parts, name: name, extra: DialectFields(dialect, fields))
    }

    /// The extra members of one part of a turn, if they are of this dialect.
    static func extra(of turn: Turn, part index: Int, _ dialect: Dialect) -> JSONObject? {
        guard let extra = turn.extra, extra.dialect == dialect else { return nil }
        return extra.fields[member]?[String(index)]?.object
    }

    /// The extra members of the turn itself, if they are of this dialect.
    static func extra(of turn: Turn, _ dialect: Dialect) -> JSONObject? {
        guard var extra = turn.extra, extra.dialect == dialect else { return nil }
        extra.fields[member] = nil
        return extra.fields
    }
}

extension Tool {
    /// The member of ``Tool/extra`` that holds a tool which is no function: hosted by its provider, or with a grammar.
    private static let member = "$tool"

    /// Makes a tool that only one dialect knows.
    init(_ name: String, description: String? = nil, verbatim: JSONValue, _ dialect: Dialect) {
        self.init(name, description: description, extra: DialectFields(dialect, JSONObject([(Self.member, verbatim)])))
    }

    /// The definition of a tool that only one dialect knows; `nil` for a function.
    var verbatim: (dialect: Dialect, json: JSONValue)? {
        guard let extra, let json = extra.fields[Self.member] else { return nil }
        return (extra.dialect, json)
    }

    /// The extra members of a function, if they are of this dialect.
    func extra(_ dialect: Dialect) -> JSONObject? {
        guard let extra, extra.dialect == dialect, verbatim == nil else { return nil }
        return extra.fields
    }
}

extension ChatRequest {
    /// Refuses what would mean something else in another dialect (wire notes 2.6, rows marked 400).
    /// - Parameter searches: whether the writer finds words for another dialect's search of the web.
    func checkPortable(to dialect: Dialect, searches: Bool = false) throws(PlenumError) {
        if let extra, extra.dialect != dialect {
            let several = ["n", "candidateCount"].first { (extra.fields[$0]?.int ?? 1) > 1 }
            let refused = ["logprobs", "top_logprobs", "prediction", "audio", "web_search_options", "prompt"].first {
                extra.fields[$0].map { !$0.isNull && $0 != .bool(false) && $0 != 0 } ?? false
                    && !(searches && $0 == "web_search_options")
            }
            if let field = several ?? refused { throw .unportable(field) }
        }
        for tool in tools {
            guard let own = tool.verbatim, own.dialect != dialect, own.json["type"]?.string != "custom",
                !(searches && tool.isWebSearch(foreignTo: dialect))
            else { continue }
            throw PlenumError(
                .unsupportedParameter,
                "The tool \(tool.name) is hosted by another provider; choose a model of that provider or leave it out.",
                parameter: "tools"
            )
        }
    }
}

extension PlenumError {
    /// A parameter that the model's provider has no equal of.
    static func unportable(_ field: String) -> PlenumError {
        PlenumError(
            .unsupportedParameter,
            "This model's provider has nothing like \(field); leave it out or choose another model.",
            parameter: field
        )
    }
}
