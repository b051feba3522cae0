/// Text as people write it, as far as an index can tell: the second most frequent word is about half as frequent as the
/// first, the third a third. The same seed gives the same text.
struct NaturalText {
    /// All words, the most frequent first.
    let words: [String]
    /// How frequent the words up to each one are together.
    private let sums: [Double]
    private var state: UInt64

    init(words count: Int = 30_000, seed: UInt64 = 1) {
        words = (0..<count).map(Self.word)
        var sum = 0.0
        sums = (0..<count).map { rank in
            sum += 1 / (Double(rank) + 2.7)
            return sum
        }
        state = seed
    }

    /// Writes a number in syllables, so that there are words of every length with beginnings in common.
    private static func word(_ rank: Int) -> String {
        let consonants = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w", "z"]
        let vowels = ["a", "e", "i", "o", "u"]
        var rest = rank + 1
        var word = ""
        while rest > 0 {
            word += consonants[rest % consonants.count] + vowels[rest / consonants.count % vowels.count]
            rest /= consonants.count * vowels.count
        }
        return word + (rank % 3 == 0 ? "n" : "")
    }

    /// The next random number below a bound (SplitMix64).
    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) >> 1) % bound
    }

    /// How frequent a word of a rank is among all words.
    func frequency(_ rank: Int) -> Double { 1 / (Double(rank) + 2.7) / (sums.last ?? 1) }

    /// The rank of the next word.
    private mutating func rank() -> Int {
        let wanted = Double(below(1 << 30)) / Double(1 << 30) * (sums.last ?? 1)
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] < wanted { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Writes about so many words.
    mutating func text(_ count: Int) -> String {
        var text = ""
        for place in 0..<(count / 2 + below(count)) {
            if place > 0 { text += place % 9 == 0 ? ". " : " " }
            text += words[rank()]
        }
        return text
    }
}
