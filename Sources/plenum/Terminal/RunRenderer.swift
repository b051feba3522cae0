import ArgumentParser
import PlenumCore
import Synchronization

/// Shows a run's events in the terminal as they come: side by side, or one answer after another.
final class RunRenderer: EventRenderer {
    private struct SeatText {
        var model = ""
        var text = ""
        var footer: String?
    }

    private struct State {
        var seats: [SeatText] = []
        var conversation = ""
        var isFailed = false
        /// In turn: the seat whose text is being printed, and how much of it was.
        var current = 0
        var printed = 0
        /// Side by side: how many lines the last drawing took.
        var drawn = 0
    }

    private let columns: Bool
    private let isSilent: Bool
    private let state = Mutex(State())

    /// Makes a renderer.
    /// - Parameters:
    ///   - columns: whether answers stand side by side.
    ///   - isSilent: whether nothing is shown until the end.
    init(columns: Bool, isSilent: Bool) {
        self.columns = columns
        self.isSilent = isSilent
    }

    /// Shows an event.
    func show(_ data: [UInt8]) {
        guard let event = try? JSONValue(parsing: data) else { return }
        state.withLock { state in
            Self.apply(event, to: &state)
            guard !isSilent, !state.seats.isEmpty else { return }
            if columns, state.seats.count > 1 { Self.draw(&state) } else { Self.print(&state) }
        }
    }

    /// Ends the output.
    /// - Throws: an exit code of 1 if a seat failed.
    func finish() throws {
        let state = state.withLock { $0 }
        if !isSilent, !state.conversation.isEmpty {
            Terminal.complain("kept in \(state.conversation)")
        }
        if state.isFailed { throw ExitCode(1) }
    }

    private static func apply(_ event: JSONValue, to state: inout State) {
        let seat = event["seat"]?.int ?? 0
        switch event["type"]?.string {
        case "run.created":
            state.conversation = event["conversation"]?.string ?? ""
            state.seats = (event["seats"]?.array ?? []).map { SeatText(model: $0["model"]?.string ?? "") }
        case "seat.delta" where state.seats.indices.contains(seat) && event["kind"]?.string == "text":
            state.seats[seat].text += Terminal.harmless(event["text"]?.string ?? "")
        case "seat.completed" where state.seats.indices.contains(seat):
            let tokens = event["usage"]?["output_tokens"]?.int.map { "\($0) tokens" }
            let cost = event["cost"]?.string.map { "$\($0)" }
            let time = event["duration_ms"]?.int.map { "\(Double($0 / 10) / 100) s" }
            state.seats[seat].footer = [tokens, cost, time].compactMap { $0 }.joined(separator: ", ")
        case "seat.failed" where state.seats.indices.contains(seat):
            state.isFailed = true
            state.seats[seat].footer = "failed: \(Terminal.harmless(event["error"]?["message"]?.string ?? ""))"
        case "error": state.isFailed = true
        default: break
        }
    }

    /// Prints the first unfinished seat's text as it comes; the others wait for their turn.
    private static func print(_ state: inout State) {
        while state.current < state.seats.count {
            let seat = state.seats[state.current]
            if state.printed == 0, !seat.text.isEmpty || seat.footer != nil { Terminal.write("── \(seat.model)\n") }
            let text = Array(seat.text.unicodeScalars.dropFirst(state.printed))
            Terminal.write(String(String.UnicodeScalarView(text)))
            state.printed += text.count
            guard let footer = seat.footer else { return }
            Terminal.write("\n(\(footer))\n\n")
            state.current += 1
            state.printed = 0
        }
    }

    /// Draws all seats anew, side by side, over the last drawing.
    private static func draw(_ state: inout State) {
        let width = max(16, (Terminal.width - 3 * (state.seats.count - 1)) / state.seats.count)
        let blocks = state.seats.map { seat in
            [seat.model, String(repeating: "─", count: min(width, 40))] + wrap(seat.text, width)
                + (seat.footer.map { [""] + wrap("(\($0))", width) } ?? [])
        }
        let height = blocks.map(\.count).max() ?? 0
        var text = state.drawn > 0 ? "\u{1B}[\(state.drawn)A" : ""
        for row in 0..<height {
            let cells = blocks.map { block in
                let cell = row < block.count ? String(block[row].prefix(width)) : ""
                return cell + String(repeating: " ", count: width - cell.count)
            }
            text += "\u{1B}[2K" + cells.joined(separator: " │ ") + "\n"
        }
        state.drawn = height
        Terminal.write(text)
    }

    private static func wrap(_ text: String, _ width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            var lines = [""]
            for word in line.split(separator: " ", omittingEmptySubsequences: false) {
                let last = lines[lines.count - 1]
                if last.isEmpty {
                    lines[lines.count - 1] = String(word)
                } else if last.count + 1 + word.count <= width {
                    lines[lines.count - 1] = last + " " + word
                } else {
                    lines.append(String(word))
                }
            }
            return lines
        }
    }
}
