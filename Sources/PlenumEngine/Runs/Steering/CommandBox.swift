import PlenumCore
import Synchronization

/// Commands on their way to the coordinator of a run, each with somebody who waits for what becomes of it.
final class CommandBox: Sendable {
    /// A command, and who sent it.
    struct Letter: Sendable {
        /// Who sent it.
        enum Sender: Sendable {
            /// Somebody of this process, who waits.
            case here(CheckedContinuation<PlenumError?, Never>)
            /// Somebody of another process, who reads the answer in the storage.
            case elsewhere(CommandID)
        }

        let command: RunCommand
        let sender: Sender

        /// Says that the run has ended before it could hear. Who sent it from elsewhere sees that.
        func refuse() {
            if case .here(let sender) = sender { sender.resume(returning: CommandBox.closed) }
        }
    }

    private struct State {
        var letters: [Letter] = []
        /// The commands from elsewhere that were taken in: each is found again and again until it is answered.
        var known: Set<CommandID> = []
        var reader: CheckedContinuation<Letter?, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Sends a command and waits until it is carried out.
    /// - Throws: what the coordinator says; ``closed`` if the run has ended.
    func send(_ command: RunCommand) async throws(PlenumError) {
        let fault = await withCheckedContinuation { sender in
            if !put(Letter(command: command, sender: .here(sender))) { sender.resume(returning: Self.closed) }
        }
        if let fault { throw fault }
    }

    /// Takes in a command from elsewhere, once. Where the run has ended it stays without an answer, and its sender sees that.
    func take(_ command: RunCommand, from id: CommandID) {
        guard state.withLock({ $0.known.insert(id).inserted }) else { return }
        _ = put(Letter(command: command, sender: .elsewhere(id)))
    }

    /// Hands a letter to the reader, or keeps it until there is one.
    /// - Returns: whether the box takes any.
    private func put(_ letter: Letter) -> Bool {
        let (isOpen, reader) = state.withLock { state -> (Bool, CheckedContinuation<Letter?, Never>?) in
            guard !state.isClosed else { return (false, nil) }
            guard let reader = state.reader else {
                state.letters.append(letter)
                return (true, nil)
            }
            state.reader = nil
            return (true, reader)
        }
        reader?.resume(returning: letter)
        return isOpen
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
        for letter in letters { letter.refuse() }
        reader?.resume(returning: nil)
    }
}
