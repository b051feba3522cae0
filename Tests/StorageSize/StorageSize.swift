import Glibc
import PlenumCore
import PlenumStorage

/// Fills a storage and measures what its reads take as it grows. It does nothing unless it is told how far to go:
///
///     PLENUM_SIZE=1000,10000,100000 PLENUM_SIZE_STORAGE=sqlite:/tmp/size/plenum.sqlite swift run -c release StorageSize
@main
struct StorageSize {
    /// How many calls of each kind are measured.
    private static let calls = 300

    static func main() async {
        guard let sizes = setting("PLENUM_SIZE")?.split(separator: ",").compactMap({ Int($0) }), !sizes.isEmpty,
            let address = setting("PLENUM_SIZE_STORAGE")
        else {
            print("Set PLENUM_SIZE to numbers of conversations, and PLENUM_SIZE_STORAGE to an empty storage.")
            return
        }
        do {
            let storage = try await StorageURL(address).open()
            var filling = Filling()
            for size in sizes {
                let start = ContinuousClock.now
                try await filling.fill(storage, to: size)
                print(
                    "\n\(size) conversations, \(size * Filling.messages) messages, filled in \(ContinuousClock.now - start)"
                )
                try await measure(storage, &filling)
            }
            await storage.close()
        } catch {
            print("\(error)")
        }
    }

    private static func setting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func measure(_ storage: any Storage, _ filling: inout Filling) async throws(PlenumError) {
        print("| milliseconds                       |   median |      p99 |      max |")
        let ids = filling.ids
        let text = filling.text
        var random = NaturalText(words: 1, seed: 7)
        let picks = (0..<calls).map { _ in random.below(ids.count) }
        try await show("list: the first page of 20") { _ throws(PlenumError) in _ = try await storage.conversations() }
        try await show("list: a page of 20 anywhere") { call throws(PlenumError) in
            let page = PageRequest(after: ids[picks[call]])
            _ = try await storage.conversations(matching: ConversationFilter(isArchived: false), page: page)
        }
        try await show("open: a conversation and 50 messages") { call throws(PlenumError) in
            let id = ids[picks[call]]
            _ = try await storage.conversation(id)
            _ = try await storage.messages(in: id, page: PageRequest(limit: 50))
        }
        // The word that stands in about half of all messages: of some sixty words, one in ninety is it.
        let half = (0..<text.words.count).min { left, right in
            abs(text.frequency(left) - 1.0 / 90) < abs(text.frequency(right) - 1.0 / 90)
        }
        let everywhere = text.words[half ?? 0]
        let rare = picks.map { text.words[5000 + $0 % 20_000] }
        let common = picks.map { text.words[$0 % 50] }
        try await show("search: a rare word", storage) { rare[$0] }
        try await show("search: one of 50 common words", storage) { common[$0] }
        try await show("search: in half of all messages", storage) { _ in everywhere }
        try await show("search: a common and a rare word", storage) { "\(common[$0]) \(rare[$0])" }
        try await show("search: two common words", storage) { "\(common[$0]) \(common[calls - 1 - $0])" }
        let letters = Array("bdfghklmnprstvwz")
        try await show("search: one letter", storage) { String(letters[$0 % letters.count]) }
        try await show("search: three letters", storage) { String(common[$0].prefix(3)) }
        try await show("search: four letters of a rare word", storage) { String(rare[$0].prefix(4)) }
        try await show("search: only once common", storage) { _ in Filling.bygone }
        try await show("search: archived, one letter", storage, archived: true) {
            String(letters[$0 % letters.count])
        }
        try await show("search: nothing, a common word and none", storage) { "\(common[$0]) qqq" }
    }

    private static func show(_ name: String, _ body: (Int) async throws(PlenumError) -> Void) async throws(PlenumError)
    {
        print(try await Measurement(name, calls: calls, body).row)
    }

    private static func show(
        _ name: String,
        _ storage: any Storage,
        archived: Bool? = nil,
        _ words: (Int) -> String
    ) async throws(PlenumError) {
        try await show(name) { call throws(PlenumError) in
            let query = try SearchQuery(words(call), isArchived: archived)
            _ = try await storage.search(query, limit: 20, after: nil)
        }
    }
}
