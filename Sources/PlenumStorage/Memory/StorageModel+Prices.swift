import PlenumCore

extension StorageModel {
    /// Gives a generation that has ended another cost, and its message the same.
    mutating func reprice(
        _ id: GenerationID,
        _ cost: Money?,
        _ source: GenerationEnding.CostSource?,
        _ version: String?
    ) throws(PlenumError) {
        guard var stored = generations[id] else { throw .missing("generation", id) }
        guard stored.record.status.isTerminal else { throw .notPriced(id) }
        stored.record.ending?.cost = cost
        stored.record.ending?.costSource = source
        stored.record.ending?.priceVersion = version
        put(\.generations, id, stored)
        guard let message = stored.record.message, var shown = messages[message] else { return }
        guard shown.record.generation == id, shown.record.status.isTerminal else { return }
        shown.record.cost = cost
        put(\.messages, message, shown)
    }
}
