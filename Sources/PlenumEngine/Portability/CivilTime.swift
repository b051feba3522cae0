import PlenumCore

/// A moment as the calendar and the clock in UTC tell it.
struct CivilTime: Sendable, Hashable {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64 = 0
    var minute: Int64 = 0
    var second: Int64 = 0
    var millisecond: Int64 = 0

    private static let dayLength: Int64 = 86_400_000

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Takes a moment apart: years of 400-year eras that begin in March, so that leap days come last.
    init(_ time: Timestamp) {
        let milliseconds = time.milliseconds
        var days = milliseconds / Self.dayLength
        var rest = milliseconds % Self.dayLength
        if rest < 0 { (days, rest) = (days - 1, rest + Self.dayLength) }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
        (second, millisecond) = (rest / 1000 % 60, rest % 1000)
    }

    /// The moment, for a year of four digits.
    var timestamp: Timestamp {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        let minutes = hour * 60 + minute
        return Timestamp(milliseconds: days * Self.dayLength + (minutes * 60 + second) * 1000 + millisecond)
    }

    /// `2026-11-22`
    var date: String { "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))" }

    /// `2026-11-22 14:05 UTC`
    var text: String { "\(date) \(Self.padded(hour, 2)):\(Self.padded(minute, 2)) UTC" }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension CivilTime {
    /// Reads `2026-11-22T14:05:06.789Z` (ISO 8601), with fraction, seconds, clock and zone left out or not; without a zone
    /// it is UTC.
    init?(iso8601 text: String) {
        var rest = text.utf8.prefix(64)
        guard let year = Self.digits(&rest, 4), Self.skip("-", &rest), let month = Self.digits(&rest, 2),
            Self.skip("-", &rest), let day = Self.digits(&rest, 2), 1...12 ~= month, 1...31 ~= day
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard !rest.isEmpty else { return }
        guard Self.skip("T", &rest) || Self.skip("t", &rest) || Self.skip(" ", &rest) else { return nil }
        guard let hour = Self.digits(&rest, 2), Self.skip(":", &rest), let minute = Self.digits(&rest, 2),
            0...24 ~= hour, 0...59 ~= minute
        else { return nil }
        (self.hour, self.minute) = (hour, minute)
        if Self.skip(":", &rest) {
            guard let second = Self.digits(&rest, 2), 0...60 ~= second else { return nil }
            self.second = second
        }
        if Self.skip(".", &rest) || Self.skip(",", &rest) {
            let fraction = rest.prefix { 0x30...0x39 ~= $0 }
            guard !fraction.isEmpty else { return nil }
            rest = rest.dropFirst(fraction.count)
            for (digit, weight) in zip(fraction, [100, 10, 1] as [Int64]) {
                millisecond += Int64(digit - 0x30) * weight
            }
        }
        guard let offset = Self.zone(&rest), rest.isEmpty else { return nil }
        self = CivilTime(Timestamp(milliseconds: timestamp.milliseconds - offset * 60_000))
    }

    /// The minutes by which a zone is ahead of UTC.
    private static func zone(_ rest: inout Substring.UTF8View) -> Int64? {
        if rest.isEmpty || skip("Z", &rest) || skip("z", &rest) { return 0 }
        let sign: Int64 = skip("+", &rest) ? 1 : skip("-", &rest) ? -1 : 0
        guard sign != 0, let hours = digits(&rest, 2) else { return nil }
        _ = skip(":", &rest)
        guard let minutes = rest.isEmpty ? 0 : digits(&rest, 2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }

    private static func skip(_ sign: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func digits(_ rest: inout Substring.UTF8View, _ count: Int) -> Int64? {
        let taken = rest.prefix(count)
        guard taken.count == count, taken.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        rest = rest.dropFirst(count)
        return taken.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
    }
}

extension Timestamp {
    /// The moments that a file may name: from 1970 to the end of the year 9999.
    static let portable: ClosedRange<Int64> = 0...253_402_300_799_999

    /// The moment, if a file may name it.
    init?(portable milliseconds: Int64?) {
        guard let milliseconds, Self.portable.contains(milliseconds) else { return nil }
        self.init(milliseconds: milliseconds)
    }
}
