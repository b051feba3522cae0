import PlenumCore
import Synchronization

/// What a streamed reply has shown and no checkpoint has kept yet.
final class LiveReply: Sendable {
    private struct State {
        var sequence = 0
        var text = ""
        var reasoning = ""
    }

    let generation: GenerationID
    private let state = Mutex(State())

    init(_ generation: GenerationID) { self.generation = generation }

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

    /// Gives what is new since the last call, `nil` if nothing is.
    func takeProgress() -> Progress? {
        state.withLock { state in
            guard !state.text.isEmpty || !state.reasoning.isEmpty else { return nil }
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
