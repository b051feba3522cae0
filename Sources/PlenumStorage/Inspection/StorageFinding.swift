/// One thing that an examination of a storage has found.
public struct StorageFinding: Sendable, Hashable {
    /// How bad it is.
    public enum Level: String, Sendable, Hashable, Comparable {
        /// As it should be.
        case fine
        /// Works, but should be looked at.
        case warning
        /// Does not work, or is not safe.
        case problem

        private var rank: Int { self == .fine ? 0 : self == .warning ? 1 : 2 }

        /// Orders by badness.
        public static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }
    }

    /// How bad it is.
    public var level: Level
    /// What was found and, if it is bad, what to do; never a secret.
    public var sentence: String

    /// Makes a finding.
    public init(_ level: Level, _ sentence: String) {
        self.level = level
        self.sentence = sentence
    }
}
