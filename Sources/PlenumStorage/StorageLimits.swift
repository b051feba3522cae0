import PlenumCore

/// Bounds that all backends share.
enum StorageLimits {
    /// What a counter of tokens counts for at most in a usage report, so that no provider's nonsense makes the sum
    /// overflow: a million million.
    static let reportedTokens = 1_000_000_000_000
    /// What a cost counts for at most in a usage report: a million dollars in nano-dollars.
    static let reportedCost: Int64 = 1_000_000_000_000_000
    /// How many hits a page of a search may have.
    static let hits = 1...100
    /// Milliseconds of a day.
    static let day: Int64 = 86_400_000
}

extension Int {
    /// The nearest number in a range.
    func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}

/// A day of the calendar, counted from 1970-01-01 in UTC.
struct CalendarDay {
    /// Days since 1970-01-01.
    var number: Int64

    /// The date as `2026-11-22`: years of 400-year eras that begin in March, so that leap days come last.
    var text: String {
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension String {
    /// With U+FFFD in place of every NUL, which PostgreSQL cannot keep in a text: all backends keep the same.
    var withoutNUL: String {
        guard utf8.contains(0) else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}
