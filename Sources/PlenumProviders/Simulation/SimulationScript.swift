public import PlenumWire

/// What a simulated model does, told by its name: `sim-wait200-gap20-words40` waits 200 ms before it begins and 20 ms
/// between two words, and says 40. The parts may come in any order; of several faults the last one counts.
///
/// | part | what |
/// |---|---|
/// | `-waitN` | N milliseconds before the answer begins |
/// | `-gapN` | N milliseconds between two words |
/// | `-wordsN` | N words in the answer |
/// | `-callsN` | N calls in one turn, of the first N tools, or of the same ones again with other arguments |
/// | `-thinkN` | N words of thoughts before the answer, over HTTP with the state that the dialect has |
/// | `-strict` | over HTTP: refuses what the real provider would refuse, see ``SimulatedScruples`` |
/// | `-failN` | only the first N calls of this name fail as it says, later ones do not |
/// | `-statusN` | refuses with this HTTP status |
/// | `-quota` | refuses with 429, since nothing is left on the account |
/// | `-toolong` | refuses with 400, since the prompt is longer than the model can read |
/// | `-retryafterN` | a refusal's `retry-after`, in seconds |
/// | `-retryafterms` and N | a refusal's `retry-after-ms` |
/// | `-shouldretry0`, `-shouldretry1` | a refusal's `x-should-retry` |
/// | `-errorN` | an error of this HTTP status in place of an answer whose own status is 200: `-error529` is overload |
/// | `-afterN` | with `-errorN`: N words come before the error |
/// | `-cutN` | closes the connection after N words |
/// | `-endN` | ends in order after N words, without the dialect's terminator |
/// | `-hangN` | falls silent after N words |
/// | `-resetP` | closes the connection hard at point P |
/// | `-stallP` | falls silent at point P |
/// | `-html` | answers with a web page (over HTTP only) |
/// | `-longline` | answers with one line of 10 MB (over HTTP only) |
///
/// An output format with a schema is answered with JSON that satisfies it, pictures with how many there are and of which
/// type.
///
/// The points: 1 before the request is read, 2 after it was read and before the head, 3 after the head, 4 after the
/// preamble (the start event, the role), 5 after the first content, 6 in the middle of an event, 7 before the terminator.
/// A whole answer breaks off after the head (3), one byte (4), half (5, 6, `-cutN`, `-endN`, `-hangN`) or all but one
/// byte (7) of its body.
public struct SimulationScript: Sendable, Hashable {
    /// Milliseconds before the answer begins.
    public var wait = 0
    /// Milliseconds between two words.
    public var gap = 15
    /// Words in the answer; as many as the model finds if `nil`.
    public var words: Int?
    /// Calls in a turn that calls tools.
    public var calls = 1
    /// Words of thoughts before the answer.
    public var thoughts = 0
    /// Whether it refuses what the real provider would refuse.
    public var isStrict = false
    /// What goes wrong.
    public var fault: SimulatedFault?
    /// How many calls it goes wrong with; all if `nil`.
    public var failures: Int?

    /// Reads a model's name; parts that are not known say nothing.
    public init(model: String) {
        var details = Details()
        for part in model.split(separator: "-") {
            let name = part.prefix { !$0.isNumber }
            let number = Int(part.dropFirst(name.count)).map { min($0, 600_000) }
            switch name {
            case "wait": wait = number ?? wait
            case "gap": gap = number ?? gap
            case "words": words = number.map { min($0, 100_000) }
            case "calls": calls = number.map { min(max($0, 1), 128) } ?? calls
            case "think": thoughts = number.map { min($0, 100_000) } ?? thoughts
            case "strict": isStrict = true
            case "fail": failures = number
            default:
                if let named = Self.fault(name, number) { fault = named } else { details.take(name, number) }
            }
        }
        details.complete(&fault)
    }

    private static func fault(_ name: Substring, _ number: Int?) -> SimulatedFault? {
        switch name {
        case "quota": return .refusal(SimulatedFault.Refusal(status: 429, reason: .quota))
        case "toolong": return .refusal(SimulatedFault.Refusal(status: 400, reason: .contextLength))
        case "html": return .webPage
        case "longline": return .longLine
        default: break
        }
        guard let number else { return nil }
        switch name {
        case "status": return .refusal(SimulatedFault.Refusal(status: min(max(number, 400), 599)))
        case "error": return .error(status: min(max(number, 400), 599), after: nil)
        case "cut": return .breaks(.close, .words(number))
        case "end": return .breaks(.end, .words(number))
        case "hang": return .breaks(.stall, .words(number))
        case "reset": return SimulatedFault.Point(rawValue: number).map { .breaks(.reset, .point($0)) }
        case "stall": return SimulatedFault.Point(rawValue: number).map { .breaks(.stall, .point($0)) }
        default: return nil
        }
    }

    /// What a name says of its fault beside naming it.
    private struct Details {
        private var retryAfter: Int?
        private var retryAfterMilliseconds: Int?
        private var shouldRetry: Bool?
        private var words: Int?

        mutating func take(_ name: Substring, _ number: Int?) {
            switch name {
            case "retryafter": retryAfter = number
            case "retryafterms": retryAfterMilliseconds = number
            case "shouldretry": shouldRetry = number.map { $0 > 0 }
            case "after": words = number
            default: break
            }
        }

        func complete(_ fault: inout SimulatedFault?) {
            switch fault {
            case .refusal(var refusal)?:
                refusal.retryAfter = retryAfter
                refusal.retryAfterMilliseconds = retryAfterMilliseconds
                refusal.shouldRetry = shouldRetry
                fault = .refusal(refusal)
            case .error(let status, _)?: fault = .error(status: status, after: words)
            default: break
            }
        }
    }
}
