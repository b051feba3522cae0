import PlenumCore

extension Media {
    /// The same media with its base64 in the usual letters and padded, and with the type that its first bytes tell
    /// (wire notes 2.3): clients leave padding out, use the alphabet of addresses, and call a JPEG `image/jpg`.
    /// - Throws: ``PlenumError/Code/invalidRequest`` if it is not base64 at all, or a data URL without base64.
    func normalised() throws(PlenumError) -> Media {
        var media = self
        media.mimeType = Self.bareType(mimeType)
        switch source {
        case .file: return media
        case .url(let address):
            guard address.prefix(5).lowercased() == "data:" else { return media }
            throw PlenumError(
                .invalidRequest,
                "A data URL must be written as data:TYPE;base64,BYTES.",
                parameter: "messages"
            )
        case .base64(let payload):
            guard let tidy = Self.tidy(payload) else {
                throw PlenumError(
                    .invalidRequest,
                    "The data of a picture or a file is not base64.",
                    parameter: "messages"
                )
            }
            media.source = .base64(tidy)
            if let told = Self.sniff(tidy), media.mimeType.map({ Self.isGuess($0, told) }) ?? true {
                media.mimeType = told
            }
            return media
        }
    }

    /// Whether a type gives way to what the bytes tell: another type of picture, or none in particular.
    private static func isGuess(_ type: String, _ told: String) -> Bool {
        type == "application/octet-stream" || (type.hasPrefix("image/") && told.hasPrefix("image/"))
    }

    /// The type without parameters, in lower case.
    private static func bareType(_ type: String?) -> String? {
        guard let type else { return nil }
        let bare = type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
        return bare == "image/jpg" ? "image/jpeg" : bare.isEmpty ? nil : bare
    }

    /// Standard base64 with its padding; `nil` for what is none.
    private static func tidy(_ payload: String) -> String? {
        var isTidy = true
        var letters = 0
        var padding = 0
        for byte in payload.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F:
                guard padding == 0 else { return nil }
                letters += 1
            case 0x2D, 0x5F:
                guard padding == 0 else { return nil }
                letters += 1
                isTidy = false
            case 0x3D: padding += 1
            case 0x20, 0x09, 0x0A, 0x0D: isTidy = false
            default: return nil
            }
        }
        guard letters % 4 != 1, padding <= 2 else { return nil }
        let missing = (4 - letters % 4) % 4
        if isTidy, padding == missing { return payload }
        var out: [UInt8] = []
        out.reserveCapacity(letters + missing)
        for byte in payload.utf8 where byte > 0x20 && byte != 0x3D {
            out.append(byte == 0x2D ? 0x2B : byte == 0x5F ? 0x2F : byte)
        }
        out += Array(repeating: 0x3D, count: missing)
        return String(decoding: out, as: UTF8.self)
    }

    /// What the first bytes say: the types of pictures that providers take, and PDF.
    private static func sniff(_ payload: String) -> String? {
        guard let bytes = Base64.decode(String(payload.prefix(24))) else { return nil }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) { return "image/png" }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: "GIF8".utf8) { return "image/gif" }
        if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBP".utf8) { return "image/webp" }
        if bytes.starts(with: "%PDF".utf8) { return "application/pdf" }
        return nil
    }

    /// Whether this is text, whatever its form.
    var isText: Bool {
        guard let mimeType else { return false }
        return mimeType.hasPrefix("text/") || mimeType == "application/json" || mimeType == "application/xml"
    }

    /// The text of a document that is here, if it is text.
    var documentText: String? {
        guard isText, case .base64(let payload) = source, let bytes = Base64.decode(payload) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PlenumError {
    /// A file's id or address that only its own provider can read.
    static var fileNotPortable: PlenumError {
        PlenumError(
            .unsupportedParameter,
            "file_not_portable: the file lies at another provider; send its bytes, or choose a model of that provider.",
            parameter: "file_id"
        )
    }

    /// Media of a type that the model's provider does not take.
    static func mediaRefused(_ type: String?, taken: String) -> PlenumError {
        PlenumError(
            .unsupportedParameter,
            "This model's provider takes \(taken), not \(type ?? "media of no type").",
            parameter: "messages"
        )
    }
}
