import PlenumCore

/// How long a provider asks to be left alone, in every way in which they say it (wire notes 1.5).
enum RetryDelay {
    /// Reads `retry-after-ms` and `retry-after`, in seconds or as a date beside the response's own `date`.
    static func read(header: (String) -> String?) -> Duration? {
        if let text = header("retry-after-ms"), let milliseconds = Double(text),
            let delay = bounded(milliseconds / 1000),
            milliseconds > 0
        {
            return delay
        }
        guard let text = header("retry-after") else { return nil }
        if let seconds = Double(text) { return bounded(seconds) }
        guard let then = HTTPDate.seconds(text), let now = header("date").flatMap(HTTPDate.seconds) else { return nil }
        return bounded(Double(max(0, then - now)))
    }

    /// Reads `34s`, `34.07s`, `644ms` and `6m0.2s`.
    static func parse(_ text: some StringProtocol) -> Duration? {
        var total = 0.0
        var number = ""
        var unit = ""
        var isRead = false
        func factor() -> Double? {
            switch unit {
            case "h": 3600
            case "m": 60
            case "s": 1
            case "ms": 0.001
            default: nil
            }
        }
        for character in text {
            if character.isASCII, character.isNumber || character == "." {
                if !unit.isEmpty {
                    guard let value = Double(number), let factor = factor() else { return nil }
                    total += value * factor
                    (number, unit) = ("", "")
                }
                number.append(character)
            } else {
                unit.append(character)
            }
            isRead = true
        }
        guard isRead, let value = Double(number), let factor = factor() else { return nil }
        return bounded(total + value * factor)
    }

    /// Finds "try again in 1.5s" in a message.
    static func inMessage(_ text: String) -> Duration? {
        let marks = ["try again in ", "retry in "]
        let lower = Array(text.lowercased().utf8.prefix(4000))
        for mark in marks.map({ Array($0.utf8) }) where lower.count > mark.count {
            for start in 0...(lower.count - mark.count) where lower[start...].starts(with: mark) {
                let rest = lower[(start + mark.count)...]
                let word = rest.prefix { $0 > 0x20 && $0 != UInt8(ascii: ",") }
                var text = String(decoding: word, as: UTF8.self)
                while text.hasSuffix(".") { text.removeLast() }
                if let delay = parse(text) { return delay }
            }
        }
        return nil
    }

    /// Holds a delay between nothing and a day; `nil` for what is no number.
    private static func bounded(_ seconds: Double) -> Duration? {
        guard seconds.isFinite, seconds >= 0 else { return nil }
        let milliseconds = min(seconds, 86400) * 1000
        let whole = Int64(milliseconds)
        return .milliseconds(Double(whole) < milliseconds ? whole + 1 : whole)
    }
}

/// Dates as HTTP writes them (RFC 9110 section 5.6.7), in the one form that is still sent.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func seconds(_ text: String) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 6, let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])),
            let year = Int(words[3]), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let clock = words[4].split(separator: ":").compactMap { Int($0) }
        guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }) else { return nil }
        return days(year, month + 1, day) * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// Days since 1970 of a date of the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
