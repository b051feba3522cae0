import PlenumCore
import PlenumWire

/// What holds of the parser of server-sent events.
enum SSEProperties {
    /// What a parser gave.
    private struct Outcome: Equatable {
        var events: [Event] = []
        var bytes: [UInt8] = []
    }

    /// An event without its span: where line ends are mixed, a cut decides to which event the LF of a CRLF belongs.
    private struct Event: Equatable {
        var name: String?
        var data: [UInt8]
    }

    /// The events are the same for every cut, and no byte is lost.
    static func check(_ cuts: Cuts) throws(Violation) {
        let whole = try read([cuts.body])
        try hold(whole.bytes == cuts.body, "the bytes come back whole")
        try hold(try read(cuts.pieces) == whole, "the events are the same for every cut")
        let data = whole.events.flatMap(\.data).count
        try hold(data <= cuts.body.count, "the data of events is no longer than what was sent")
    }

    private static func read(_ pieces: [[UInt8]]) throws(Violation) -> Outcome {
        var parser = SSEParser()
        var outcome = Outcome()
        func take(_ batch: SSEBatch) {
            outcome.bytes += batch.bytes
            for event in batch.events {
                outcome.events.append(Event(name: batch.name(of: event), data: batch.data(of: event)))
            }
        }
        for piece in pieces {
            do {
                take(try parser.feed(piece))
            } catch {
                throw Violation("an event under the limit is refused: \(error)")
            }
        }
        take(parser.finish())
        return outcome
    }
}
