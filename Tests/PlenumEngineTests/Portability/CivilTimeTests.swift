import PlenumCore
import Testing

@testable import PlenumEngine

@Suite("Times of files")
struct CivilTimeTests {
    @Test(
        "ISO 8601 is read with and without fraction, seconds and zone",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2024-02-29T12:34:56.789Z", 1_709_210_096_789),
            ("2024-02-29 12:34", 1_709_210_040_000), ("2024-02-29", 1_709_164_800_000),
            ("2024-05-06T12:00:00.123456+00:00", 1_714_996_800_123), ("2024-05-06T12:00:00.5-0130", 1_715_002_200_500),
            ("1969-12-31T23:59:59.999Z", -1), ("2000-01-01T00:00:00,25Z", 946_684_800_250),
        ] as [(String, Int64)]
    )
    func read(_ text: String, _ milliseconds: Int64) {
        #expect(CivilTime(iso8601: text)?.timestamp.milliseconds == milliseconds)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "", "2024", "2024-13-01", "2024-00-01", "2024-01-32", "2024-01-01T", "2024-01-01T1:00", "2024-01-01T25:00",
            "2024-01-01T10:60", "2024-01-01T10:00:61", "2024-01-01T10:00:00.", "2024-01-01T10:00Zx",
            "2024-01-01T10:00+",
            "2024-01-01T10:00+24:00", "yesterday", "٢٠٢٤-01-01",
        ]
    )
    func refused(_ text: String) { #expect(CivilTime(iso8601: text) == nil) }

    @Test("a moment taken apart and put together is the same")
    func roundTrip() {
        for _ in 0..<1000 {
            let time = Timestamp(milliseconds: Int64.random(in: -62_000_000_000_000...Timestamp.portable.upperBound))
            #expect(CivilTime(time).timestamp == time)
        }
        #expect(CivilTime(Timestamp(milliseconds: 1_709_210_096_789)).text == "2024-02-29 12:34 UTC")
    }
}
