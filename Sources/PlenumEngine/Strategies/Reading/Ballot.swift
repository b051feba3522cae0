import PlenumCore

/// A member's ranking of the others' answers, best first, by label.
struct Ballot: Sendable, Hashable {
    /// The labels, best first.
    let ranking: [String]

    /// Reads a ranking out of what a member said: the JSON that was asked for, or a list behind "ranking".
    /// - Parameter labels: those that were shown; a ballot that does not name each of them once is none.
    init?(_ text: String, labels: [String]) {
        var named: [String] = []
        if let list = LooseJSON.object(in: text, with: "ranking")?["ranking"]?.array {
            named = list.compactMap { $0.string.flatMap { Self.label(in: $0, of: labels) } }
        } else if let start = text.lowercased().range(of: "ranking") {
            let offset = text.lowercased().distance(from: text.lowercased().startIndex, to: start.upperBound)
            let rest = text.dropFirst(offset)
            for word in rest.split(whereSeparator: { !$0.isLetter && !$0.isNumber }) where labels.contains(String(word))
            {
                named.append(String(word))
                if named.count == labels.count { break }
            }
        }
        guard named.count == labels.count, Set(named).count == named.count else { return nil }
        ranking = named
    }

    /// "Response C" is C.
    private static func label(in text: String, of labels: [String]) -> String? {
        let words = text.split { !$0.isLetter && !$0.isNumber }.map { $0.uppercased() }
        return words.last { labels.contains($0) }
    }
}

/// How answers did in the rankings of those who did not write them.
struct RankScores: Sendable, Hashable {
    /// One answer's places.
    struct Score: Sendable, Hashable {
        /// Whose answer.
        var seat: Int
        /// The places it was given, 1 the best.
        var places: [Int]

        /// The mean place in hundredths; of an answer that nobody ranked, the worst.
        var mean: Int { places.isEmpty ? .max : places.reduce(0, +) * 100 / places.count }
    }

    /// Best first.
    let scores: [Score]

    /// Counts ballots.
    /// - Parameters:
    ///   - seats: whose answers were ranked.
    ///   - ballots: each a list of seats, best first.
    init(seats: [Int], ballots: [[Int]]) {
        var scores = seats.map { Score(seat: $0, places: []) }
        for ballot in ballots {
            for (place, seat) in ballot.enumerated() {
                guard let index = scores.firstIndex(where: { $0.seat == seat }) else { continue }
                scores[index].places.append(place + 1)
            }
        }
        // By the mean; of equal ones by the points of Borda's count, then by fewer last places, then by seat.
        let least = ballots.map(\.count).max() ?? 0
        func points(_ score: Score) -> Int { score.places.reduce(0) { $0 + least - $1 } }
        func lasts(_ score: Score) -> Int { score.places.count { $0 == least } }
        self.scores = scores.sorted { left, right in
            (left.mean, -points(left), lasts(left), left.seat) < (right.mean, -points(right), lasts(right), right.seat)
        }
    }

    /// The scores, with how far apart the places are.
    var json: JSONValue {
        .array(
            scores.map { score in
                [
                    "seat": .number(JSONNumber(score.seat)),
                    "mean_rank": score.places.isEmpty ? .null : .string(Self.decimal(score.mean)),
                    "ranks": .array(score.places.map { .number(JSONNumber($0)) }),
                    "spread": .number(JSONNumber((score.places.max() ?? 0) - (score.places.min() ?? 0))),
                ]
            }
        )
    }

    private static func decimal(_ hundredths: Int) -> String {
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
