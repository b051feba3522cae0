import PlenumCore

/// What may be spent on asking a provider again where it failed: each time costs, and each answer gives a little back.
///
/// So a provider that is down for long is asked once a request and no more, however many ask, and one that fails now and
/// then is asked again as often as that helps.
struct RetryPurse: Sendable {
    /// What it holds at most, and at first.
    static let capacity = 500

    private(set) var tokens = capacity

    /// What asking again costs. Who was waited for in vain is likely to be waited for in vain again.
    static func price(after error: PlenumError) -> Int { error.code == .timeout ? 10 : 5 }

    /// Takes a price out, if it is there.
    mutating func pay(_ price: Int) -> Bool {
        guard tokens >= price else { return false }
        tokens -= price
        return true
    }

    /// Puts something back for an answer that went well: what was paid for it, or else a little.
    /// - Parameter paid: what was paid for asking; 0 if it was the first time.
    mutating func giveBack(_ paid: Int) { tokens = min(Self.capacity, tokens + max(1, paid)) }
}
