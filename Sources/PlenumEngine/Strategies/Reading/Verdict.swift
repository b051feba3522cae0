import PlenumCore

/// What a judge says in one pass.
struct Verdict: Sendable, Hashable {
    /// The position of the side that has convinced it, from 0, in the order of this pass; `nil` for a tie.
    let winner: Int?
    /// The object as the judge wrote it.
    let json: JSONObject

    /// Reads a verdict out of what a judge said.
    /// - Parameter sides: how many there are.
    init?(_ text: String, sides: Int) {
        guard let object = LooseJSON.object(in: text, with: "winner"), let named = object["winner"] else { return nil }
        let word = named.string ?? named.int.map(String.init) ?? ""
        if word.lowercased() == "tie" || word.lowercased() == "draw" {
            winner = nil
        } else {
            let digits = word.filter { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), (1...max(1, sides)).contains(number) else { return nil }
            winner = number - 1
        }
        json = object
    }
}
