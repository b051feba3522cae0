import PlenumCore

/// What a simulated model says that sits in a debate: it fills the forms that it is asked to fill, so that debates come to
/// results also where nobody has set a key. It thinks nothing: what it says depends on the forms and on its name.
enum SimulatedDebater {
    /// Says something; `nil` if no debate asks.
    static func answer(_ chat: ChatRequest, model: String, opening: String) -> String? {
        let asked = chat.turns.last { $0.role == .user }?.text ?? ""
        let rules = chat.instructions.map(\.text).joined(separator: "\n")
        if asked.contains(#"{"decided":"#) { return #"{"decided": false, "why": "This judge is simulated."}"# }
        if asked.contains(#"{"winner":"#) { return verdict(asked) }
        if let form = form(in: asked, from: #"{"notes":"#) { return form }
        if let form = form(in: asked, from: #"{"points":"#) { return form }
        guard rules.contains("<turn>") || rules.contains("ANSWER: <") || asked.contains("<turn from=") else {
            return nil
        }
        let topic = chat.turns.first?.text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        var said = "\(opening) On \"\(topic.prefix(80))\": this is simulated by Plenum and made up without any model."
        if asked.contains("BEST: <") {
            said += "\n\n| Response | Clear | Total |\n|---|---|---|\n| A | 70 | 70 |\nBEST: A"
        }
        guard rules.contains("ANSWER: <") else { return said }
        said += "\n\nANSWER: \(model.hasPrefix("sphinx") ? "no" : "yes")"
        if rules.contains("CONFIDENCE: <") { said += "\nCONFIDENCE: 60" }
        if rules.contains("CHANGED: <") { said += "\nCHANGED: no\nBECAUSE: It is simulated, and has no other answer." }
        return said
    }

    /// The side that has said most wins, in whatever order the sides stand.
    private static func verdict(_ asked: String) -> String {
        var lengths: [String: Int] = [:]
        for block in asked.split(separator: #"<turn from="Side "#).dropFirst() {
            lengths[String(block.prefix(1)), default: 0] += block.prefix(while: { $0 != "<" }).count
        }
        let winner = lengths.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? "tie"
        return #"{"winner": "\#(winner)", "scores": {}, "decisive_point": "It said more: this judge is simulated.", "#
            + #""errors_found": [], "unresolved": [], "answer": "Simulated: nobody has thought about it."}"#
    }

    /// The object that stands in a prompt as the form to fill, from where it begins to the end of its line.
    private static func form(in asked: String, from start: String) -> String? {
        guard let range = asked.ranges(of: start).last else { return nil }
        return String(asked[range.lowerBound...].prefix { !$0.isNewline })
    }
}
