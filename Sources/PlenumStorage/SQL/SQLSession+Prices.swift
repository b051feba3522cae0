import PlenumCore

extension SQLSession {
    /// Gives a generation that has ended another cost, and its message the same.
    func reprice(
        _ id: GenerationID,
        _ cost: Money?,
        _ source: GenerationEnding.CostSource?,
        _ version: String?
    ) throws(PlenumError) {
        let fault = { () throws(PlenumError) in
            try self.exists(.generationStatus) { $0.id(id) } ? PlenumError.notPriced(id) : .missing("generation", id)
        }
        try demand(.repriceGeneration, orThrow: fault) {
            $0.money(cost)
            $0.text(source?.rawValue)
            $0.text(version)
            $0.id(id)
        }
        try run(.repriceMessage) {
            $0.money(cost)
            $0.id(id)
            $0.id(id)
        }
    }
}
