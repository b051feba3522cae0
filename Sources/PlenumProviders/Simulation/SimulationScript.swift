/// What a simulated model does, told by its name: `sim-wait200-gap20-words40` waits 200 ms before it begins and 20 ms
/// between two words, and says 40.
///
/// | part | what |
/// |---|---|
/// | `-waitN` | N milliseconds before the first word |
/// | `-gapN` | N milliseconds between two words |
/// | `-wordsN` | N words in the answer |
/// | `-statusN` | refuses with this HTTP status |
/// | `-cutN` | breaks off without a terminator after N words |
/// | `-hangN` | falls silent after N words |
/// | `-html` | answers with a web page (over HTTP only) |
/// | `-longline` | answers with one line of 10 MB (over HTTP only) |
public struct SimulationScript: Sendable, Hashable {
    /// Milliseconds before the first word.
    public var wait = 0
    /// Milliseconds between two words.
    public var gap = 15
    /// Words in the answer; as many as the model finds if `nil`.
    public var words: Int?
    /// The HTTP status of a refusal.
    public var refusal: Int?
    /// After how many words the answer breaks off.
    public var cut: Int?
    /// After how many words the answer falls silent.
    public var hang: Int?
    /// Whether to answer with a web page.
    public var isHTML = false
    /// Whether to answer with one endless line.
    public var isLongLine = false

    /// Reads a model's name; parts that are not known say nothing.
    public init(model: String) {
        for part in model.split(separator: "-") {
            let name = part.prefix { !$0.isNumber }
            let number = Int(part.dropFirst(name.count)).map { min($0, 600_000) }
            switch name {
            case "wait": wait = number ?? wait
            case "gap": gap = number ?? gap
            case "words": words = number.map { min($0, 100_000) }
            case "status": refusal = number.map { min(max($0, 400), 599) }
            case "cut": cut = number
            case "hang": hang = number
            case "html": isHTML = true
            case "longline": isLongLine = true
            default: break
            }
        }
    }
}
