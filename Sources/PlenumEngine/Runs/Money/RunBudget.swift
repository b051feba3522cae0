import PlenumCore

/// What a run may spend, has spent and has set aside for calls under way.
///
/// A call is made only if its most cost fits together with what is kept back for the end; so the cap holds whatever the
/// models answer.
struct RunBudget: Sendable, Hashable {
    /// The most that may be spent; no limit if `nil`.
    var cap: Money?
    /// What was spent: as the providers or the price table say, and where they say nothing the most that it can have been.
    private(set) var spent = Money.zero
    private var reserved: [Int: Money] = [:]

    /// Makes a budget.
    init(cap: Money?) { self.cap = cap }

    /// What is set aside for calls under way.
    var pending: Money { reserved.values.reduce(.zero, +) }

    /// What is left of the cap; `nil` without one.
    var left: Money? {
        cap.map { Money(nanoDollars: max(0, $0.nanoDollars - (spent + pending).nanoDollars)) }
    }

    /// Whether a call fits.
    /// - Parameter keeping: what must be left behind it.
    func affords(_ cost: Money?, keeping: Money) -> Bool {
        guard let left else { return true }
        guard let cost else { return false }
        return (cost + keeping) <= left
    }

    /// Sets money aside for a turn.
    mutating func reserve(_ cost: Money?, for turn: Int) { reserved[turn] = cost ?? .zero }

    /// Books what a turn has cost.
    /// - Parameters:
    ///   - cost: what it cost; `nil` if not known.
    ///   - isFree: whether it can have cost nothing: it was refused before anything was made.
    mutating func settle(_ turn: Int, _ cost: Money?, isFree: Bool) {
        let most = reserved.removeValue(forKey: turn) ?? .zero
        spent = spent + (cost ?? (isFree ? .zero : most))
    }

    /// Books what was spent before this process took the run over.
    mutating func book(_ cost: Money) { spent = spent + cost }
}
