import ArgumentParser
import PlenumCore
import Synchronization

/// Something that shows a run's events as they come.
protocol EventRenderer: Sendable {
    /// Shows an event.
    func show(_ data: [UInt8])

    /// Ends the output.
    /// - Throws: an exit code of 1 if the run failed.
    func finish() throws
}

/// Shows a debate in the terminal turn by turn; of turns that are made at once, one after another.
final class TurnRenderer: EventRenderer {
    private struct Turn {
        var number: Int
        var heading: String
        var colour: Int
        var text = ""
        var footer: String?
    }

    private struct State {
        var waiting: [Turn] = []
        var printed = 0
        var last = ""
        var conversation = ""
        var isFailed = false
    }

    private let isSilent: Bool
    private let state = Mutex(State())

    /// Makes a renderer.
    /// - Parameter isSilent: whether nothing is shown until the end.
    init(isSilent: Bool) { self.isSilent = isSilent }

    func show(_ data: [UInt8]) {
        guard let event = try? JSONValue(parsing: data) else { return }
        state.withLock { state in
            let lines = Self.apply(event, to: &state)
            guard !isSilent else { return }
            Self.print(&state)
            for line in lines { Terminal.write(Terminal.dimmed(line) + "\n") }
        }
    }

    func finish() throws {
        let state = state.withLock { $0 }
        if !isSilent, !state.conversation.isEmpty { Terminal.complain("kept in \(state.conversation)") }
        if state.isFailed { throw ExitCode(1) }
    }

    /// - Returns: lines to print at once.
    private static func apply(_ event: JSONValue, to state: inout State) -> [String] {
        let number = event["turn"]?.int
        let place = state.waiting.firstIndex { $0.number == number }
        switch event["type"]?.string {
        case "run.created": state.conversation = event["conversation"]?.string ?? ""
        case "snapshot": state.waiting = (event["turns"]?.array ?? []).map(said)
        case "seat.started": state.waiting.append(turn(event))
        case "seat.delta":
            guard let place, event["kind"]?.string == "text" else { break }
            state.waiting[place].text += Terminal.harmless(event["text"]?.string ?? "")
        case "seat.completed":
            guard let place else { break }
            state.waiting[place].footer = footer(event)
        case "seat.failed":
            guard let place else { break }
            let why = Terminal.harmless(event["error"]?["message"]?.string ?? "")
            state.waiting[place].footer = "failed: \(why)"
        case "human": return ["You: \(Terminal.harmless(event["text"]?.string ?? ""))"]
        case "round.completed": return tally(event)
        case "run.paused": return ["paused: \(event["reason"]?.string ?? "")"]
        case "run.completed":
            state.isFailed = ["failed", "interrupted"].contains(event["status"]?.string)
            return end(event)
        default: break
        }
        return []
    }

    private static func turn(_ event: JSONValue) -> Turn {
        let seat = event["seat"]?.int
        let phase = event["phase"]?.string ?? ""
        let round = event["round"]?.int.map { $0 > 0 ? ", round \($0)" : "" } ?? ""
        let heading = "\(seat.map { "seat \($0 + 1)" } ?? phase) · \(event["model"]?.string ?? "?") · \(phase)\(round)"
        return Turn(number: event["turn"]?.int ?? -1, heading: heading, colour: (seat ?? 5) % 6)
    }

    /// A turn that was over before this began to follow.
    private static func said(_ event: JSONValue) -> Turn {
        var said = turn(event)
        said.text = Terminal.harmless(event["text"]?.string ?? "")
        said.footer = event["status"]?.string ?? ""
        return said
    }

    private static func footer(_ event: JSONValue) -> String {
        let tokens = event["usage"]?["output_tokens"]?.int.map { "\($0) tokens" }
        let cost = event["cost"]?.string.map { "$\($0)" }
        let time = event["duration_ms"]?.int.map { "\(Double($0 / 10) / 100) s" }
        let answer = event["answer"]?.string.map { "answer: \(Terminal.harmless($0))" }
        return [answer, tokens, cost, time].compactMap(\.self).joined(separator: ", ")
    }

    private static func tally(_ event: JSONValue) -> [String] {
        let counts = (event["tally"]?.array ?? []).compactMap { group -> String? in
            guard let answer = group["answer"]?.string, let votes = group["votes"]?.int else { return nil }
            return "\(Terminal.harmless(answer)) × \(votes)"
        }
        return counts.isEmpty ? [] : ["round \(event["round"]?.int ?? 0): \(counts.joined(separator: ", "))"]
    }

    private static func end(_ event: JSONValue) -> [String] {
        let result = event["result"]
        var lines = ["── \(event["status"]?.string ?? "") (\(event["stop_reason"]?.string ?? ""))"]
        if let method = result?["method"]?.string, method != "none" {
            let answer = result?["answer"]?.string.map { ": \(Terminal.harmless($0))" } ?? ""
            lines.append("\(method)\(answer)")
        }
        if let baseline = result?["baseline"]?["answer"]?.string {
            let votes = result?["baseline"]?["votes"]?.int ?? 0
            let of = result?["baseline"]?["of"]?.int ?? 0
            lines.append("plain vote would have said: \(Terminal.harmless(baseline)) (\(votes) of \(of))")
        }
        if let cost = event["cost"]?.string { lines.append("cost: $\(cost)") }
        return lines
    }

    /// Prints the first turn that is not over as it comes; the others wait.
    private static func print(_ state: inout State) {
        while let turn = state.waiting.first {
            if state.printed == 0, !turn.text.isEmpty || turn.footer != nil {
                Terminal.write(Terminal.coloured("── \(turn.heading)", turn.colour) + "\n")
            }
            let text = turn.text.unicodeScalars.dropFirst(state.printed)
            Terminal.write(String(String.UnicodeScalarView(text)))
            state.printed += text.count
            guard let footer = turn.footer else { return }
            Terminal.write("\n\(Terminal.dimmed("(\(footer))"))\n\n")
            state.waiting.removeFirst()
            state.printed = 0
        }
    }
}
