import PlenumCore
import Synchronization

/// A reply under way whose beginning was kept: what it has shown and no checkpoint has kept yet.
final class LiveReply: Sendable {
    private struct State {
        var generation: GenerationID
        var sequence = 0
        var text = ""
        var reasoning = ""
        var isClosed = false
    }

    /// The attempt that it comes from: the last one of its group.
    var generation: GenerationID { state.withLock { $0.generation } }
    /// How it is ended from outside.
    let cut: Cut
    private let state: Mutex<State>

    init(_ generation: GenerationID, cut: Cut = Cut()) {
        state = Mutex(State(generation: generation))
        self.cut = cut
    }

    /// Goes on with another attempt, before anything was shown.
    func goOn(with generation: GenerationID) { state.withLock { $0.generation = generation } }

    /// Takes in what a piece shows.
    func show(_ events: [ReplyEvent]) {
        state.withLock { state in
            for event in events {
                switch event {
                case .text(let text), .refusal(let text): state.text += text
                case .reasoning(let text): state.reasoning += text
                default: break
                }
            }
        }
    }

    /// Shows nothing to checkpoints any more; called before its end is committed.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Gives what is new since the last call, `nil` if nothing is.
    func takeProgress() -> Progress? {
        state.withLock { state in
            guard !state.isClosed, !state.text.isEmpty || !state.reasoning.isEmpty else { return nil }
            let progress = Progress(sequence: state.sequence, text: state.text, reasoning: state.reasoning)
            state.sequence += 1
            state.text = ""
            state.reasoning = ""
            return progress
        }
    }

    /// Takes back what could not be kept, to be kept with the next.
    func restore(_ progress: Progress) {
        state.withLock { state in
            state.text = progress.text + state.text
            state.reasoning = progress.reasoning + state.reasoning
        }
    }
}
