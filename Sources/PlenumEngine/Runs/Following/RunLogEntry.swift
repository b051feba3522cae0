public import PlenumCore

/// An event of a run under way, not yet written as JSON.
struct RunLogEntry: Sendable {
    /// What kind of text a delta is.
    enum DeltaKind: String, Sendable {
        case text
        case reasoning
        case tool
    }

    /// What happened.
    enum Body: Sendable {
        /// Anything but text: a name and the members that are its own.
        case fact(name: String, seat: Int?, members: JSONObject)
        /// Text of a turn, and how many bytes of its kind came before it.
        case delta(turn: Int, seat: Int?, kind: DeltaKind, offset: Int, text: String)
    }

    /// Its number; of deltas put together the last one's.
    var sequence: Int
    /// What happened.
    var body: Body

    /// Puts neighbouring deltas of one turn and kind together; other turns' deltas between them do not part them.
    static func merged(_ entries: some Sequence<RunLogEntry>) -> [RunLogEntry] {
        var merged: [RunLogEntry] = []
        var open: [Int: (index: Int, kind: DeltaKind)] = [:]
        for entry in entries {
            guard case .delta(let turn, let seat, let kind, _, let text) = entry.body else {
                open = [:]
                merged.append(entry)
                continue
            }
            if let place = open[turn], place.kind == kind,
                case .delta(_, _, _, let offset, let before) = merged[place.index].body
            {
                merged[place.index].sequence = entry.sequence
                merged[place.index].body = .delta(
                    turn: turn,
                    seat: seat,
                    kind: kind,
                    offset: offset,
                    text: before + text
                )
            } else {
                open[turn] = (merged.count, kind)
                merged.append(entry)
            }
        }
        // A grown delta has taken a later number than the entries behind it.
        return merged.sorted { $0.sequence < $1.sequence }
    }

    /// The position of the first entry with a number above another, by halving: entries stand in the order of their numbers.
    static func firstIndex(in entries: [RunLogEntry], after sequence: Int) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].sequence > sequence { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Writes the event.
    func event(of run: RunID) -> RunEvent {
        var writer = JSONWriter(reserving: 160)
        writer.beginObject()
        switch body {
        case .fact(let name, let seat, let members):
            head(name, run, seat, &writer)
            writer.members(of: members)
            writer.endObject()
            return RunEvent(sequence: sequence, name: name, seat: seat, data: writer.bytes)
        case .delta(let turn, let seat, let kind, let offset, let text):
            head("seat.delta", run, seat, &writer)
            writer.member("turn", turn)
            writer.member("kind", kind.rawValue)
            writer.member("offset", offset)
            writer.member("text", text)
            writer.endObject()
            return RunEvent(sequence: sequence, name: "seat.delta", seat: seat, data: writer.bytes)
        }
    }

    private func head(_ name: String, _ run: RunID, _ seat: Int?, _ writer: inout JSONWriter) {
        writer.member("type", name)
        writer.member("seq", sequence)
        writer.member("run", run.description)
        if let seat { writer.member("seat", seat) }
    }
}

extension RunLogEntry.Body {
    /// The same without what tells which model wrote what: names, prices, ids of the ledger, words of providers.
    var withoutNames: RunLogEntry.Body {
        guard case .fact(let name, let seat, let members) = self else { return self }
        return .fact(name: name, seat: seat, members: members.withoutNames)
    }
}

extension JSONObject {
    /// Members that tell which model wrote what.
    private static let telling: Set<String> = [
        "model", "provider", "generation", "cost", "fallback_models", "by", "attempts",
    ]

    /// The same without the members that tell which model wrote what, at any depth.
    public var withoutNames: JSONObject {
        JSONObject(
            members.compactMap { key, value in
                guard !Self.telling.contains(key) else { return nil }
                return key == "error" ? (key, value.codeAlone) : (key, value.withoutNames)
            }
        )
    }
}

extension JSONValue {
    fileprivate var withoutNames: JSONValue {
        switch self {
        case .object(let object): .object(object.withoutNames)
        case .array(let elements): .array(elements.map(\.withoutNames))
        default: self
        }
    }

    /// An error without the words of who gave it.
    fileprivate var codeAlone: JSONValue {
        guard let code = self["code"] else { return self }
        return ["code": code, "message": "The model failed.", "retryable": self["retryable"] ?? .null]
    }
}

/// How much of each turn's text a reader has been shown.
///
/// A checkpoint puts deltas together, also some that a reader has seen in part: it is given the rest alone.
struct ShownText: Sendable {
    private struct Kind: Hashable {
        let turn: Int
        let kind: RunLogEntry.DeltaKind
    }

    private var bytes: [Kind: Int] = [:]

    /// The part of an entry that was not shown yet; `nil` if there is none.
    mutating func rest(of entry: RunLogEntry) -> RunLogEntry? {
        guard case .delta(let turn, let seat, let kind, let offset, let text) = entry.body else { return entry }
        let key = Kind(turn: turn, kind: kind)
        let known = bytes[key] ?? offset
        let end = offset + text.utf8.count
        guard end > known else { return nil }
        bytes[key] = end
        guard known > offset else { return entry }
        var rest = entry
        let unseen = String(decoding: text.utf8.dropFirst(known - offset), as: UTF8.self)
        rest.body = .delta(turn: turn, seat: seat, kind: kind, offset: known, text: unseen)
        return rest
    }
}
