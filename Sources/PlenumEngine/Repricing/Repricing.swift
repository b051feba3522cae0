public import PlenumCore

/// Reckons the costs of what was asked in the past once more, by other prices: after a mistake in the table, or for models
/// that had no price in it.
///
/// Only costs from a table change, and unknown ones whose tokens are known. What a provider itself said that it cost stays,
/// and so does the cost of a model that the new table has no price for.
public struct Repricing: Sendable {
    /// What came of it.
    public struct Outcome: Sendable, Hashable {
        /// Generations that were looked at.
        public var seen = 0
        /// Those whose cost is a table's to say.
        public var priced = 0
        /// Those of them whose cost changed, or would.
        public var changed = 0
        /// Those of them whose cost stays for want of a price.
        public var withoutPrice = 0
        /// What those whose cost is a table's to say cost in all before; an unknown cost counts as nothing.
        public var before = Money.zero
        /// The same sum afterwards.
        public var after = Money.zero

        /// Makes a value of zeros.
        public init() {}
    }

    private let storage: any Storage
    private let prices: [String: Price]
    private let isRehearsal: Bool
    private let limit: Int

    /// Makes a repricing that has not begun.
    /// - Parameters:
    ///   - storage: where the generations are.
    ///   - models: the models with their prices; of several with one name the first that has a price counts.
    ///   - isRehearsal: whether nothing is written.
    ///   - limit: how many generations are read at a time; what changes of them is one commit.
    public init(of storage: any Storage, by models: [Model], isRehearsal: Bool = false, limit: Int = 500) {
        self.storage = storage
        self.isRehearsal = isRehearsal
        self.limit = limit
        prices = models.reduce(into: [:]) { prices, model in
            guard let price = model.price, prices[model.id.description] == nil else { return }
            prices[model.id.description] = price
        }
    }

    /// Goes through all generations. Each page is committed as a whole; done again after a break, it changes what is left.
    /// - Parameter report: told after each page how far it has come.
    public func run(_ report: (Outcome) -> Void = { _ in }) async throws(PlenumError) -> Outcome {
        var outcome = Outcome()
        var cursor: ExportCursor? = ExportCursor(stage: .generations)
        while let place = cursor, place.stage == .generations {
            let page = try await storage.export(after: place, limit: limit)
            var changes: [StorageChange] = []
            for case .createGeneration(let generation, _) in page.changes {
                if let change = look(at: generation, &outcome) { changes.append(change) }
            }
            if !isRehearsal, !changes.isEmpty { try await storage.commit(changes) }
            report(outcome)
            cursor = page.next
        }
        return outcome
    }

    /// Counts a generation, and says what changes of it.
    private func look(at generation: Generation, _ outcome: inout Outcome) -> StorageChange? {
        outcome.seen += 1
        guard let ending = generation.ending, let usage = ending.usage, ending.costSource != .provider else {
            return nil
        }
        outcome.priced += 1
        let old = ending.cost ?? .zero
        outcome.before = outcome.before + old
        guard let price = prices[generation.model] else {
            outcome.withoutPrice += 1
            outcome.after = outcome.after + old
            return nil
        }
        let cost = price.cost(of: usage)
        outcome.after = outcome.after + cost
        // A cost that is right keeps the version that it came from.
        guard ending.cost != cost else { return nil }
        outcome.changed += 1
        return .reprice(generation.id, cost, .table, priceVersion: price.version)
    }
}
