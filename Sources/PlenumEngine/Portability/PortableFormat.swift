/// How conversations are written for somebody to take along.
public enum PortableFormat: String, Sendable, Hashable, CaseIterable {
    /// Everything, to be read again by any Plenum.
    case json
    /// The path to the leaf, for people to read.
    case markdown

    /// What the end of a file's name is.
    public var fileExtension: String { self == .json ? "json" : "md" }

    /// The media type.
    public var contentType: String { self == .json ? "application/json" : "text/markdown; charset=utf-8" }
}

/// The marks by which Plenum's own export is known.
enum PlenumExport {
    /// What its member `object` says.
    static let object = "plenum.export"
    /// The version that is written, and the latest that can be read.
    static let version = 1
    /// What stands before the conversations.
    static let opening = #"{"object":"\#(object)","version":\#(version),"conversations":["#
    /// What stands behind them.
    static let closing = "]}\n"
}
