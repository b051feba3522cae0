/// Something that a person says to a run which another process carries out than the one that hears it: it is kept until
/// that process takes it and answers.
public struct PostedCommand: Sendable, Hashable, Identified {
    /// What became of it.
    public enum Answer: Sendable, Hashable {
        /// It was done.
        case obeyed
        /// It was not done, and why.
        case refused(RecordedError)
    }

    /// The prefix of its ids.
    public static let identifierPrefix = "cmd"

    /// Its id.
    public var id: CommandID
    /// The run that it is for.
    public var run: RunID
    /// What is to be done, in the engine's own words.
    public var command: JSONObject
    /// What became of it; `nil` while it waits.
    public var answer: Answer?

    /// Makes a command that waits.
    public init(id: CommandID, run: RunID, command: JSONObject) {
        self.id = id
        self.run = run
        self.command = command
    }
}

/// The id of a command on its way.
public typealias CommandID = Identifier<PostedCommand>
