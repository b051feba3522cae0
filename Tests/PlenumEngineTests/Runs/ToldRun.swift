import PlenumCore
import PlenumEngine
import Testing

extension EngineUnderTest {
    /// Follows a run to its end.
    func follow(_ run: RunID, after sequence: Int = 0) async throws -> [RunEvent] {
        var all: [RunEvent] = []
        for try await batch in try await engine.events(ofRun: run, after: sequence) { all += batch }
        return all
    }

    /// Waits until an event of a run has come that is wanted.
    func wait(_ run: RunID, until isWanted: @escaping (RunEvent) -> Bool) async throws {
        for try await batch in try await engine.events(ofRun: run, after: 0) where batch.contains(where: isWanted) {
            return
        }
        Issue.record("the run ended before the event came")
    }
}

/// A run as the events of its stream tell it: each turn's text, and the names of the rest.
struct ToldRun {
    private(set) var texts: [Int: String] = [:]
    private(set) var names: [String] = []

    init(_ events: [RunEvent]) throws {
        for event in events {
            let data = try JSONValue(parsing: event.data)
            guard event.name == "seat.delta", data["kind"]?.string == "text", let turn = data["turn"]?.int else {
                names.append(event.name)
                continue
            }
            #expect(data["offset"]?.int == texts[turn, default: ""].utf8.count)
            texts[turn, default: ""] += data["text"]?.string ?? ""
        }
    }
}

extension [RunEvent] {
    /// The text that a seat's deltas add up to.
    func text(of seat: Int) throws -> String {
        var text = ""
        for event in self where event.name == "seat.delta" && event.seat == seat {
            let data = try JSONValue(parsing: event.data)
            #expect(data["offset"]?.int == text.utf8.count)
            text += data["text"]?.string ?? ""
        }
        return text
    }
}
