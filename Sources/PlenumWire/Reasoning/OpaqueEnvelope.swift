import PlenumCore

/// State of one dialect on its way through another: a client carries it in a field that it does not read and brings it
/// back, and only the dialect that it belongs to gets it (wire notes 2.7).
enum OpaqueEnvelope {
    private static let mark = "gw1."

    /// Closes state into a text of the letters of base64url.
    static func close(_ state: OpaqueState) -> String {
        var content = JSONObject([("kind", .string(state.kind.rawValue)), ("payload", .string(state.payload))])
        content["origin"] = state.origin.map { .string($0.description) }
        return mark + Base64.encode(JSONValue.object(content).bytes, urlSafe: true)
    }

    /// Whether a body may have such a text in it, which no provider must see: as it is, or once more in base64.
    static func mayBe(in body: [UInt8]) -> Bool {
        body.holds("\"gw1.") || body.holds("\"Z3cxL")
    }

    /// Opens such a text; `nil` for any other.
    static func open(_ text: String) -> OpaqueState? {
        guard text.hasPrefix(mark), let bytes = Base64.decode(String(text.dropFirst(mark.count))),
            let content = try? JSONValue(parsing: bytes),
            let kind = content["kind"]?.string.flatMap(OpaqueState.Kind.init),
            let payload = content["payload"]?.string
        else { return nil }
        return OpaqueState(kind, payload, origin: content["origin"]?.string.flatMap(ModelID.init))
    }
}

/// Base64 (RFC 4648).
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 4 / 3 + 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for position in 0...group.count { out.append(letters[Int(bits >> UInt32(18 - 6 * position)) & 63]) }
            if !urlSafe { out += Array(repeating: UInt8(ascii: "="), count: 3 - group.count) }
        }
        if urlSafe {
            out = out.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Reads either alphabet, padded or not.
    static func decode(_ text: String) -> [UInt8]? {
        var out: [UInt8] = []
        var bits: UInt32 = 0
        var held = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = value(byte) else { return nil }
            bits = bits << 6 | value
            held += 6
            if held >= 8 {
                held -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        return out
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
