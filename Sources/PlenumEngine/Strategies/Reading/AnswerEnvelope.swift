import PlenumCore

/// What a seat was asked to say at the end of its answer, read leniently and never guessed from prose.
struct AnswerEnvelope: Sendable, Hashable {
    /// The answer in few words, as it was written; `nil` if it cannot be found: then the seat abstains.
    var answer: String?
    /// How sure the seat is, from 0 to 100.
    var confidence: Int?
    /// Whether it says that it has changed its answer.
    var isChanged: Bool?
    /// Why.
    var because: String?

    /// The answer in the form in which answers are compared.
    var normalized: String? { answer.flatMap(AnswerForm.normalized) }

    /// Reads the end of a text: the last line of each name counts, however it is decorated; or a JSON object.
    init(_ text: String) {
        if let object = LooseJSON.object(in: text, with: "answer") {
            answer = object["answer"]?.string ?? object["answer"]?.number.map { JSONValue.number($0).text }
            confidence = object["confidence"]?.int
            isChanged = object["changed"]?.bool
            because = object["because"]?.string
            tidy()
            return
        }
        for line in text.split(whereSeparator: \.isNewline) {
            guard let (name, value) = Self.field(line) else { continue }
            switch name {
            case "answer", "final answer": answer = value
            case "confidence": confidence = Self.number(value)
            case "changed": isChanged = Self.truth(value)
            case "because": because = value
            default: break
            }
        }
        tidy()
    }

    private mutating func tidy() {
        if let given = answer, AnswerForm.normalized(given) == nil { answer = nil }
        if let given = confidence, !(0...100).contains(given) { confidence = nil }
    }

    /// `**ANSWER:** 42`, `- Answer: 42`, `ANSWER = 42`: a name and what stands behind it.
    private static func field(_ line: Substring) -> (name: String, value: String)? {
        let bare = line.drop { !$0.isLetter }
        guard let colon = bare.firstIndex(where: { $0 == ":" || $0 == "=" }) else { return nil }
        let name = bare[..<colon].filter { $0.isLetter || $0 == " " }.lowercased()
        guard name.count <= 14 else { return nil }
        var value = bare[bare.index(after: colon)...]
        while let last = value.last, last.isWhitespace || last == "*" || last == "_" || last == "`" {
            value.removeLast()
        }
        while let first = value.first, first.isWhitespace || first == "*" || first == "_" || first == "`" {
            value.removeFirst()
        }
        let plain = name.split(separator: " ").joined(separator: " ")
        return value.isEmpty ? nil : (plain, String(value))
    }

    private static func number(_ text: String) -> Int? {
        let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        // Some say 0.8 and mean 80.
        let rest = text.drop { !$0.isNumber }.dropFirst(digits.count)
        guard number <= 1, rest.first == ".", let tenths = Int(rest.dropFirst().prefix { $0.isNumber }.prefix(1)) else {
            return number
        }
        return number == 1 ? 100 : tenths * 10
    }

    private static func truth(_ text: String) -> Bool? {
        let word = text.lowercased().prefix { $0.isLetter }
        switch word {
        case "yes", "true", "ja", "oui": return true
        case "no", "false", "nein", "non": return false
        default: return nil
        }
    }
}

/// The form in which answers are compared: without decoration, case and ways of writing a number.
enum AnswerForm {
    /// Brings an answer into the form; `nil` if nothing is left of it.
    static func normalized(_ answer: String) -> String? {
        var text = answer.lowercased()
        while let start = text.range(of: "\\boxed{"), let close = text[start.upperBound...].firstIndex(of: "}") {
            text.replaceSubrange(start.lowerBound...close, with: text[start.upperBound..<close])
        }
        text.removeAll { "*_`$\"'“”‘’".contains($0) }
        var words = text.split(whereSeparator: \.isWhitespace)[...]
        if words.count > 1, let first = words.first, ["the", "a", "an"].contains(first) { words.removeFirst() }
        if words.count > 1, words.first == "option" { words.removeFirst() }
        text = words.joined(separator: " ")
        while let last = text.last, ".!,;:".contains(last) { text.removeLast() }
        // An option letter stands alone: "(B)", "b)", "B.".
        let letters = text.filter { $0.isLetter || $0.isNumber }
        if letters.count == 1, text.count <= 3 { text = letters }
        if let number = number(text) { return number }
        return text.isEmpty ? nil : text
    }

    /// A number by its value: 1,000 is 1000, and 2.50 is 2.5.
    private static func number(_ text: String) -> String? {
        var digits = text
        let isNegative = digits.hasPrefix("-") || digits.hasPrefix("−")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        guard let first = digits.first, first.isASCII, first.isNumber,
            digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "," || $0 == ".") })
        else { return nil }
        let halves = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard halves.count <= 2, isGrouped(halves[0]) else { return nil }
        var whole = String(halves[0].filter { $0 != "," }.drop { $0 == "0" })
        if whole.isEmpty { whole = "0" }
        var fraction = halves.count == 2 ? String(halves[1]) : ""
        guard !fraction.contains(",") else { return nil }
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let value = fraction.isEmpty ? whole : "\(whole).\(fraction)"
        return isNegative && value != "0" ? "-" + value : value
    }

    private static func isGrouped(_ digits: Substring) -> Bool {
        let groups = digits.split(separator: ",", omittingEmptySubsequences: false)
        return groups.count == 1 || (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 }
    }
}

extension String {
    /// The first place of a text in this one.
    func range(of wanted: String) -> Range<Index>? { ranges(of: wanted).first }
}

/// An answer as a person reads it.
public enum AnswerText {
    private static let counting = ["confidence", "changed", "because"]

    /// Leaves out the lines at the end that are there to be counted.
    public static func withoutCounting(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while let last = lines.last {
            let name = last.drop { !$0.isLetter }.prefix { $0.isLetter }.lowercased()
            let isField = last.contains(":") && counting.contains(name)
            guard isField || last.allSatisfy(\.isWhitespace) else { break }
            lines.removeLast()
        }
        return lines.joined(separator: "\n")
    }
}
