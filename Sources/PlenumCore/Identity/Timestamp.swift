/// A moment, in milliseconds since 1970 (UTC).
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970.
    public let milliseconds: Int64

    /// Makes a moment.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whole seconds since 1970, as the API writes times.
    public var seconds: Int64 { milliseconds / 1000 }

    /// Milliseconds from another moment to this one.
    public static func - (left: Timestamp, right: Timestamp) -> Int { Int(left.milliseconds - right.milliseconds) }

    /// Orders by time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}
