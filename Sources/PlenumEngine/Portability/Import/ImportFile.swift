import PlenumCore

/// A file to import: whose it is, and its conversations one after another.
///
/// The whole text is checked at the beginning; of what it says, only one conversation at a time is made.
struct ImportFile {
    /// Whose file it is.
    let format: ImportFormat
    /// How many bytes it has.
    var byteCount: Int { reader.bytes.count }
    /// How many of its bytes have been passed.
    var position: Int { isAtEnd ? byteCount : reader.position }

    private var reader: JSONReader
    private let isSingle: Bool
    private var isAtEnd = false

    /// Looks at a file.
    /// - Throws: `invalidRequest` for what is no JSON, or of no shape that is known.
    init(_ bytes: [UInt8]) throws(PlenumError) {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { throw Self.packed }
        // Some editors put a mark before UTF-8.
        var reader = JSONReader(bytes, from: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        let shape: Shape?
        do {
            var check = reader
            try check.skip()
            try check.finish()
            shape = try Self.shape(&reader)
        } catch {
            throw PlenumError(.invalidRequest, "The file is not JSON: \(error).")
        }
        guard let shape else { throw Self.unknown }
        if shape.format == .plenum, shape.version != PlenumExport.version { throw Self.otherVersion(shape.version) }
        (format, isSingle, self.reader) = (shape.format, shape.isSingle, reader)
    }

    /// Reads the next conversation; `nil` after the last.
    mutating func next() throws(PlenumError) -> JSONValue? {
        guard !isAtEnd else { return nil }
        do {
            if isSingle {
                isAtEnd = true
            } else if try !reader.nextElement() {
                isAtEnd = true
                return nil
            }
            return try reader.readValue()
        } catch {
            throw PlenumError(.invalidRequest, "The file is not JSON: \(error).")
        }
    }
}

/// Telling shapes apart.
extension ImportFile {
    private struct Shape {
        var format: ImportFormat
        var version: Int?
        /// Whether the file is a conversation, and no list of them.
        var isSingle = false
    }

    /// Finds out whose file it is, and goes to its first conversation.
    private static func shape(_ reader: inout JSONReader) throws(JSONError) -> Shape? {
        switch try reader.peek() {
        case .array: return try listShape(&reader)
        case .object: return try objectShape(&reader)
        default: return nil
        }
    }

    /// A list is of the shape of the first conversation in it that is one.
    private static func listShape(_ reader: inout JSONReader) throws(JSONError) -> Shape? {
        try reader.enterArray()
        var look = reader
        while try look.nextElement() {
            guard try look.peek() == .object else {
                try look.skip()
                continue
            }
            if let format = try foreignFormat(&look) { return Shape(format: format) }
        }
        return nil
    }

    /// The format of the conversation that is next, which is passed; `nil` if it is none.
    private static func foreignFormat(_ reader: inout JSONReader) throws(JSONError) -> ImportFormat? {
        var format: ImportFormat?
        try reader.enterObject()
        while let key = try reader.nextKey() {
            switch key {
            case "mapping": format = format ?? .chatGPT
            case "chat_messages": format = format ?? .claude
            default: break
            }
            try reader.skip()
        }
        return format
    }

    private static func objectShape(_ reader: inout JSONReader) throws(JSONError) -> Shape? {
        var look = reader
        if let format = try foreignFormat(&look) { return Shape(format: format, isSingle: true) }
        look = reader
        var object: String?
        var version: Int?
        var list: JSONReader?
        try look.enterObject()
        while let key = try look.nextKey() {
            switch key {
            case "object": object = try look.readValue().string
            case "version": version = try look.readValue().int
            case "conversations":
                list = try look.peek() == .array ? look : nil
                try look.skip()
            default: try look.skip()
            }
        }
        guard object == PlenumExport.object, var list else { return nil }
        try list.enterArray()
        reader = list
        return Shape(format: .plenum, version: version)
    }

    private static var packed: PlenumError {
        PlenumError(
            .invalidRequest,
            "This is a ZIP archive. Unpack it, and send the file conversations.json that is in it."
        )
    }

    private static var unknown: PlenumError {
        PlenumError(
            .invalidRequest,
            "This is no export that is known here. Known are Plenum's own (an object with \"object\": "
                + "\"\(PlenumExport.object)\"), and the conversations.json of ChatGPT (a list of conversations with a "
                + "\"mapping\") and of Claude (a list of conversations with \"chat_messages\")."
        )
    }

    private static func otherVersion(_ version: Int?) -> PlenumError {
        PlenumError(
            .invalidRequest,
            "This export has the version \(version.map { "\($0)" } ?? "of nothing"), and this Plenum reads "
                + "\(PlenumExport.version): import it with the Plenum that wrote it, or a newer one.",
            parameter: "version"
        )
    }
}
