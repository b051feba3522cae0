import PlenumCore
import Synchronization

/// Commands on their way to the coordinator of a run, each with somebody who waits for what becomes of it.
final class CommandBox: Sendable {
    /// A command, and who sent it.
    struct Letter: Sendable {
        let command: RunCommand
        let sender: CheckedContinuation<PlenumError?, Never>
    }

    private struct State {
        var letters: [Letter] = []
        var reader: CheckedContinuation<Letter?, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Sends a command and waits until it is carried out.
    /// - Throws: what the coordinator says; ``closed`` if the run has ended.
    func send(_ command: RunCommand) async throws(PlenumError) {
        let fault = await withCheckedContinuation { sender in
            let letter = Letter(command: command, sender: sender)
            let (isClosed, reader) = state.withLock { state in
                guard !state.isClosed else { return (true, nil as CheckedContinuation<Letter?, Never>?) }
                guard let reader = state.reader else {
                    state.letters.append(letter)
                    return (false, nil)
                }
                state.reader = nil
                return (false, reader)
            }
            if isClosed { sender.resume(returning: Self.closed) } else { reader?.resume(returning: letter) }
        }
        if let fault { throw fault }
    }

    /// What is said when the run has ended before it could hear.
    static let closed = PlenumError(.conflict, "The run has ended.")

    /// Waits for the next command; `nil` when the box is closed.
    func next() async -> Letter? {
        await withCheckedContinuation { reader in
            let (isReady, letter) = state.withLock { state -> (Bool, Letter?) in
                if !state.letters.isEmpty { return (true, state.letters.removeFirst()) }
                if state.isClosed { return (true, nil) }
                state.reader = reader
                return (false, nil)
            }
            if isReady { reader.resume(returning: letter) }
        }
    }

    /// Takes no more commands; those that wait are told so.
    func close() {
        let (letters, reader) = state.withLock { state in
            state.isClosed = true
            defer {
                state.letters = []
                state.reader = nil
            }
            return (state.letters, state.reader)
        }
        for letter in letters { letter.sender.resume(returning: Self.closed) }
        reader?.resume(returning: nil)
    }
}
