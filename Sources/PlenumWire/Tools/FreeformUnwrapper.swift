import PlenumCore

/// Takes the text out of arguments that come in pieces, cut anywhere.
struct FreeformUnwrapper: Sendable {
    private enum Place { case opening, text, end }

    private var held: [UInt8] = []
    private var place = Place.opening
    /// Whether the text has begun.
    private(set) var hasText = false

    /// Takes more of the arguments.
    /// - Returns: what of the text became readable; empty if it cannot be told yet.
    mutating func take(_ fragment: String) -> String {
        guard place != .end else { return "" }
        held += fragment.utf8
        if place == .opening { open() }
        return place == .text ? readText() : ""
    }

    /// Passes `{"input":"`, once all of it is there; anything else is left for the end.
    private mutating func open() {
        let wanted = Array(FreeformText.opening.utf8)
        var met = 0
        for (offset, byte) in held.enumerated() {
            let isSpace = [0x20, 0x0A, 0x0D, 0x09].contains(byte)
            // White space may stand anywhere but in the name.
            if isSpace, met <= 1 || met >= 8 { continue }
            guard byte == wanted[met] else {
                place = .end
                return
            }
            met += 1
            if met == wanted.count {
                place = .text
                hasText = true
                held.removeFirst(offset + 1)
                return
            }
        }
    }

    private mutating func readText() -> String {
        var cut = 0
        var at = 0
        scan: while at < held.count {
            switch held[at] {
            case UInt8(ascii: "\""):
                place = .end
                break scan
            case UInt8(ascii: "\\"):
                guard let length = escapeLength(at) else { break scan }
                at += length
            default: at += 1
            }
            cut = at
        }
        let quoted = [UInt8(ascii: "\"")] + held[..<cut] + [UInt8(ascii: "\"")]
        held.removeFirst(cut)
        guard let text = (try? JSONValue(parsing: quoted))?.string else {
            place = .end
            return ""
        }
        return text
    }

    /// How long an escape is, both halves of a pair included; `nil` if it is not whole yet.
    private func escapeLength(_ at: Int) -> Int? {
        guard at + 1 < held.count else { return nil }
        guard held[at + 1] == UInt8(ascii: "u") else { return 2 }
        guard at + 6 <= held.count else { return nil }
        let isHighHalf =
            held[at + 2] | 0x20 == UInt8(ascii: "d")
            && "89abAB".utf8.contains(held[at + 3])
        guard isHighHalf else { return 6 }
        guard at + 6 < held.count else { return nil }
        guard held[at + 6] == UInt8(ascii: "\\") else { return 6 }
        return at + 12 <= held.count ? 12 : at + 7 < held.count && held[at + 7] != UInt8(ascii: "u") ? 6 : nil
    }
}
