public import PlenumCore

/// What one answer is made of, and how.
public struct SynthesisPlan: Sendable, Hashable {
    /// How.
    public enum Mode: String, Sendable, Hashable, CaseIterable {
        /// One answer that holds what is right in all.
        case fuse
        /// The points in which they differ, for a person to pick from; with picks, one answer by these.
        case checklist
        /// A table of how they do by criteria.
        case compare
        /// As a person says.
        case custom
    }

    /// An answer that goes in.
    public struct Source: Sendable, Hashable {
        /// The message.
        public var message: MessageID
        /// The seat that wrote it.
        public var seat: Int?
        /// Its words, which are not kept here again.
        public var text: String

        /// Makes a source.
        public init(message: MessageID, seat: Int?, text: String = "") {
            self.message = message
            self.seat = seat
            self.text = text
        }
    }

    /// How.
    public var mode: Mode
    /// The answers.
    public var sources: [Source] = []
    /// The run that they came of.
    public var of: RunID?
    /// Seats whose answers could not go in, since there are none.
    public var left: [Int] = []
    /// What a person wants, with `custom`; something to heed with the others.
    public var instructions: String?
    /// What a person picked of a checklist.
    public var picks: [String] = []

    /// Makes a plan.
    public init(mode: Mode) { self.mode = mode }

    /// The members.
    public var json: JSONObject {
        var json = JSONObject([
            ("mode", .string(mode.rawValue)),
            (
                "sources",
                .array(
                    sources.map { source in
                        [
                            "message": .string(source.message.description),
                            "seat": source.seat.map { .number(JSONNumber($0)) } ?? .null,
                        ]
                    }
                )
            ),
        ])
        json["run"] = of.map { .string($0.description) }
        if !left.isEmpty { json["left_out"] = .array(left.map { .number(JSONNumber($0)) }) }
        json["instructions"] = instructions.map { .string($0) }
        if !picks.isEmpty { json["picks"] = .array(picks.map { .string($0) }) }
        return json
    }

    /// Reads what ``json`` has written.
    init?(_ json: JSONObject) {
        guard let mode = json["mode"]?.string.flatMap(Mode.init) else { return nil }
        self.init(mode: mode)
        sources = (json["sources"]?.array ?? []).compactMap { source in
            guard let message = source["message"]?.string.flatMap({ MessageID($0) }) else { return nil }
            return Source(message: message, seat: source["seat"]?.int)
        }
        of = json["run"]?.string.flatMap { RunID($0) }
        left = json["left_out"]?.array?.compactMap(\.int) ?? []
        instructions = json["instructions"]?.string
        picks = json["picks"]?.array?.compactMap(\.string) ?? []
    }
}
