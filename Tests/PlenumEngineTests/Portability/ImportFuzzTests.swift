import PlenumCore
import PlenumStorage
import Testing

@testable import PlenumEngine

@Suite("Damaged files")
struct ImportFuzzTests {
    /// A file of each kind.
    private func files() async throws -> [[UInt8]] {
        let test = PortabilityUnderTest()
        try await test.fill()
        return [SampleFiles.chatGPT, SampleFiles.claude, try await test.whole()].map { Array($0.utf8) }
    }

    /// Imports what may be anything: a report or a sentence comes of it.
    private func take(_ file: [UInt8]) async throws {
        do {
            let report = try await PortabilityUnderTest().take(file)
            #expect(report.conversations.total > 0 || report.format == .plenum)
        } catch {
            #expect(error.code == .invalidRequest)
        }
    }

    @Test("a file that ends anywhere is refused as a whole")
    func truncated() async throws {
        for file in try await files() {
            for length in stride(from: 0, to: file.count - 3, by: 13) {
                let test = PortabilityUnderTest()
                let error = await #expect(throws: PlenumError.self) { try await test.take(Array(file[..<length])) }
                #expect(error?.code == .invalidRequest)
                #expect(try await test.storage.count().total == 0)
            }
        }
    }

    @Test("a byte that is another one never makes it fall")
    func changedBytes() async throws {
        var random = SeededRandom(seed: 7)
        for file in try await files() {
            for _ in 0..<400 {
                var damaged = file
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let signs = Array("\"{}[],:0-9eEn\\x00\u{0}".utf8) + [0xFF]
                    damaged[Int.random(in: file.indices, using: &random)] = signs.randomElement(using: &random) ?? 0
                }
                try await take(damaged)
            }
        }
    }

    @Test("a value of another type anywhere never makes it fall")
    func changedValues() async throws {
        let others: [JSONValue] = [
            .null, true, "", "x", -1, [], [:], .array([[:], "a", 5]), .object(JSONObject([("parts", [5]), ("id", 7)])),
            .number(JSONNumber(Int64.max)), .number(JSONNumber(Int64.min)),
        ]
        for file in try await files() {
            let whole = try JSONValue(parsing: file)
            var place = 0
            while true {
                var count = place
                let other = others[place % others.count]
                let damaged = whole.replacing(&count, with: other)
                guard count < 0 else { break }
                try await take(damaged.bytes)
                place += 1
            }
            #expect(place > 80)
        }
    }
}

extension JSONValue {
    /// The tree with another value in the place of its `count`th, which becomes negative when that is met.
    fileprivate func replacing(_ count: inout Int, with other: JSONValue) -> JSONValue {
        guard count >= 0 else { return self }
        count -= 1
        if count < 0 { return other }
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(&count, with: other) })
        case .object(let object):
            return .object(
                JSONObject(object.members.map { (key: $0.key, value: $0.value.replacing(&count, with: other)) })
            )
        default: return self
        }
    }
}

/// Random numbers that are the same every time.
private struct SeededRandom: RandomNumberGenerator {
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
