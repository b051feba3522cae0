public import PlenumCore

/// What became of a file that was imported.
public struct ImportReport: Sendable, Hashable {
    /// What happened to the conversations of the file.
    public struct Conversations: Sendable, Hashable {
        /// They were not here before.
        public var added = 0
        /// They were, and have more messages now.
        public var updated = 0
        /// There was nothing to add.
        public var unchanged = 0
        /// They could not be taken over; the errors say why.
        public var failed = 0

        /// All of them.
        public var total: Int { added + updated + unchanged + failed }
    }

    /// What happened to the messages of the conversations that did not fail.
    public struct Messages: Sendable, Hashable {
        /// They were not here before.
        public var added = 0
        /// They were, or say nothing: hidden ones, a system's, a tool's.
        public var skipped = 0
    }

    /// Why a conversation could not be taken over.
    public struct Failure: Sendable, Hashable {
        /// Its title, or its id in the file.
        public var conversation: String
        /// What is wrong with it.
        public var message: String
    }

    /// Whose file it was.
    public let format: ImportFormat
    /// The conversations.
    public internal(set) var conversations = Conversations()
    /// The messages.
    public internal(set) var messages = Messages()
    /// Why conversations failed: the first hundred.
    public private(set) var failures: [Failure] = []

    /// The most failures that are told.
    public static let failureLimit = 100

    init(_ format: ImportFormat) { self.format = format }

    mutating func fail(_ conversation: String, _ error: PlenumError) {
        conversations.failed += 1
        guard failures.count < Self.failureLimit else { return }
        failures.append(Failure(conversation: String(conversation.prefix(200)), message: error.message))
    }

    /// The report as the API gives it.
    public var json: JSONValue {
        [
            "object": "import", "format": .string(format.rawValue),
            "conversations": [
                "added": .number(JSONNumber(conversations.added)),
                "updated": .number(JSONNumber(conversations.updated)),
                "unchanged": .number(JSONNumber(conversations.unchanged)),
                "failed": .number(JSONNumber(conversations.failed)),
            ],
            "messages": [
                "added": .number(JSONNumber(messages.added)), "skipped": .number(JSONNumber(messages.skipped)),
            ],
            "errors": .array(
                failures.map { ["conversation": .string($0.conversation), "message": .string($0.message)] }
            ),
        ]
    }
}

/// How far an import has come.
public struct ImportProgress: Sendable, Hashable {
    /// Bytes of the file that were read.
    public var bytes: Int
    /// Bytes of the file.
    public var total: Int
    /// What became of what was read, but for what waits to be written.
    public var report: ImportReport
}
