import PlenumCore

/// The votes of a round: answers in the form in which they are compared, and who gave them.
struct Tally: Sendable, Hashable {
    /// One answer.
    struct Group: Sendable, Hashable {
        /// The form in which it was compared.
        var form: String
        /// As the first seat that gave it wrote it.
        var answer: String
        /// Who gave it.
        var seats: [Int]
        /// How sure they are on average, where they say; -1 if none does.
        var confidence: Int
    }

    /// The answers, those of most seats first; equal ones in the order of their first seats.
    let groups: [Group]
    /// How many could have voted.
    let of: Int

    /// Counts what seats have said.
    /// - Parameters:
    ///   - votes: each seat's envelope.
    ///   - of: how many could have voted.
    init(_ votes: [(seat: Int, envelope: AnswerEnvelope)], of: Int) {
        var groups: [Group] = []
        var sums: [(sum: Int, count: Int)] = []
        for vote in votes {
            guard let form = vote.envelope.normalized, let answer = vote.envelope.answer else { continue }
            let place = groups.firstIndex { $0.form == form } ?? groups.count
            if place == groups.count {
                groups.append(Group(form: form, answer: answer, seats: [], confidence: -1))
                sums.append((0, 0))
            }
            groups[place].seats.append(vote.seat)
            if let sure = vote.envelope.confidence { sums[place] = (sums[place].sum + sure, sums[place].count + 1) }
        }
        for (place, sum) in sums.enumerated() where sum.count > 0 { groups[place].confidence = sum.sum / sum.count }
        self.groups = groups.enumerated().sorted { left, right in
            let (l, r) = (left.element.seats.count, right.element.seats.count)
            return l == r ? left.offset < right.offset : l > r
        }.map(\.element)
        self.of = of
    }

    /// How many have voted.
    var votes: Int { groups.reduce(0) { $0 + $1.seats.count } }

    /// Whether all that could vote did, or two thirds of them, and said the same.
    var isUnanimous: Bool { groups.count == 1 && votes >= (2 * of + 2) / 3 }

    /// The answer that most gave; of equal ones that whose seats are surer, then that of an earlier round's plurality.
    func plurality(before: Tally? = nil) -> Group? {
        guard let most = groups.first?.seats.count else { return nil }
        let best = groups.filter { $0.seats.count == most }
        guard best.count > 1 else { return best.first }
        let surest = best.map(\.confidence).max() ?? -1
        let sure = best.filter { $0.confidence == surest }
        guard sure.count > 1, let before, let earlier = before.plurality()?.form else { return sure.first }
        return sure.first { $0.form == earlier } ?? sure.first
    }

    /// Whether the same answers were given as often.
    func isSame(as other: Tally) -> Bool {
        !groups.isEmpty && Set(groups.map(Count.init)) == Set(other.groups.map(Count.init))
    }

    private struct Count: Hashable {
        var form: String
        var votes: Int

        init(_ group: Group) { (form, votes) = (group.form, group.seats.count) }
    }

    /// The share of the seats that gave the commonest answer, in percent.
    var agreement: Int { of == 0 ? 0 : (groups.first?.seats.count ?? 0) * 100 / of }

    /// The answers with their counts.
    var json: JSONValue {
        .array(
            groups.map {
                [
                    "answer": .string($0.answer), "votes": .number(JSONNumber($0.seats.count)),
                    "seats": .array($0.seats.map { .number(JSONNumber($0)) }),
                ]
            }
        )
    }
}
