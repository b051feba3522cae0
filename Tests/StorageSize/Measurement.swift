import PlenumCore

/// How long calls take, one after another.
struct Measurement {
    /// What was called.
    let name: String
    private var milliseconds: [Double] = []

    /// Calls something again and again.
    init(_ name: String, calls: Int, _ body: (Int) async throws(PlenumError) -> Void) async throws(PlenumError) {
        self.name = name
        for call in 0..<calls {
            let start = ContinuousClock.now
            try await body(call)
            milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
        }
        milliseconds.sort()
    }

    /// The time within which a part of the calls was done.
    private func percentile(_ part: Double) -> Double {
        milliseconds[min(milliseconds.count - 1, Int(Double(milliseconds.count) * part))]
    }

    /// A row of the table.
    var row: String {
        let numbers = [percentile(0.5), percentile(0.99), milliseconds.last ?? 0].map { Self.column($0) }
        return
            "| \(name)\(String(repeating: " ", count: max(0, 34 - name.count))) | \(numbers.joined(separator: " | ")) |"
    }

    /// Hundredths of milliseconds.
    private static func column(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let text = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}
