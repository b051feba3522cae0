import Foundation
import PlenumCore
import Testing

/// Mutated texts from a fixed seed: the same ones on every run.
@Suite("JSON reader under mutation")
struct JSONFuzzTests {
    private static let seeds: [[UInt8]] =
        JSONCase.accepted.map(\.bytes).filter { $0.count < 300 }
        + JSONCase.refused.map(\.0.bytes).filter { $0.count < 300 }
        + [
            #"{"model":"a/b","messages":[{"role":"user","content":"héllo \"you\" 漢字 \ud83d\ude00"}],"n":1.5e3}"#,
            #"[{"a":[true,false,null,{"b":{}}]},[[]],"\\","\/",-0.0e-1,{"a":1,"a":2}]"#,
        ].map { Array($0.utf8) }

    /// Pieces that hurt parsers.
    private static let pieces: [[UInt8]] =
        [
            "{", "}", "[", "]", "\"", "\\", ",", ":", "\\u", "\\ud800", "e", "-", ".", "0", "\n", " ", "null", "é",
            "1e999",
        ]
        .map { Array($0.utf8) } + [[0], [0x1F], [0x80], [0xC0], [0xED, 0xA0, 0x80], [0xF4, 0x90], [0xFF]]

    @Test("reading, skipping and walking find the same fault in 100,000 texts")
    func agreement() {
        var random = SplitMix(seed: 8259)
        for _ in 0..<100_000 {
            let text = Self.mutated(&random)
            let fault = readFault(text)
            guard skipFault(text) == fault, (walkFault(text) == nil) == (fault == nil) else {
                Issue.record("no agreement on \(String(decoding: text, as: UTF8.self).debugDescription) \(text)")
                return
            }
        }
    }

    @Test("what is read can be written, and reads back equal")
    func roundTrip() throws {
        var random = SplitMix(seed: 17)
        for _ in 0..<30_000 {
            guard let tree = try? JSONValue(parsing: Self.mutated(&random)) else { continue }
            #expect(try JSONValue(parsing: tree.bytes) == tree)
        }
    }

    @Test("Foundation takes and refuses the same texts, but for the differences that are known")
    func differential() {
        var random = SplitMix(seed: 404)
        for _ in 0..<20_000 {
            let text = Self.mutated(&random)
            let mine = readFault(text)
            let theirs = (try? JSONSerialization.jsonObject(with: Data(text), options: .fragmentsAllowed)) != nil
            guard (mine == nil) != theirs, !Self.isKnownDifference(text, mine) else { continue }
            let shown = String(decoding: text, as: UTF8.self).debugDescription
            Issue.record("Foundation \(theirs ? "takes" : "refuses") \(shown)")
            return
        }
    }

    /// Where Foundation departs from RFC 8259 or from this reader.
    ///
    /// It refuses lone surrogates and numbers beyond a double. It takes a comma before a closing bracket, a byte order
    /// mark, UTF-16 and UTF-32 (which it guesses by NUL bytes), and up to 512 levels.
    private static func isKnownDifference(_ text: [UInt8], _ mine: JSONError?) -> Bool {
        if let mine {
            return mine.reason.hasPrefix("a comma stands before") || mine.reason.hasPrefix("nesting")
                || text.contains(0)
                || [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]].contains { text.starts(with: $0) }
        }
        let shown = String(decoding: text, as: UTF8.self).lowercased()
        let numbers = shown.split { !"+-.e0123456789".contains($0) }
        return shown.contains("\\ud") || numbers.contains { Double($0)?.isInfinite == true }
    }

    private static func mutated(_ random: inout SplitMix) -> [UInt8] {
        var text = seeds.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 0...text.count, using: &random)
            let end = min(text.count, at + Int.random(in: 0...4, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: at)
            case 1: text.removeSubrange(at..<end)
            case 2: text.replaceSubrange(at..<end, with: pieces.randomElement(using: &random) ?? [])
            case 3: text.insert(contentsOf: text[at..<end], at: Int.random(in: 0...text.count, using: &random))
            default: if at < text.count { text[at] = UInt8.random(in: 0...255, using: &random) }
            }
        }
        return text
    }
}

/// Random numbers that are the same on every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
