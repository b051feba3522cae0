internal import CCurl
internal import Glibc
internal import Synchronization

/// What the reactor is told from outside.
enum Command: Sendable {
    case start(Transfer)
    /// The reader has drained a queue that was full.
    case resume(Transfer, slot: Int)
    /// The reader has gone.
    case stop(Transfer, slot: Int)
}

/// The reactor's inbox: any thread posts, the reactor takes everything at once.
///
/// The event descriptor is written only when the reactor sleeps, and being watched edge-triggered it is never read: a post to
/// a busy reactor costs a lock and an append.
final class Mailbox: Sendable {
    private struct State {
        var commands: [Command] = []
        var isAsleep = false
        var isClosed = false
    }

    /// The descriptor that becomes readable when a sleeping reactor has mail.
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws(TransportError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .outOfDescriptors("eventfd") }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Leaves a command; `false` if the mailbox is closed.
    @discardableResult
    func post(_ command: Command) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.commands.append(command)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if mustWake { wake() }
        return isTaken
    }

    /// Refuses further commands and wakes the reactor so that it can end.
    func close() {
        state.withLock { $0.isClosed = true }
        wake()
    }

    /// Swaps the commands against an empty array, whose storage serves the next ones; `false` if the mailbox is closed.
    func take(into commands: inout [Command]) -> Bool {
        state.withLock { state in
            state.isAsleep = false
            swap(&state.commands, &commands)
            return !state.isClosed
        }
    }

    /// Announces that the reactor is about to sleep; `false` if there is mail, so that it must not.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.commands.isEmpty && !state.isClosed
            return state.isAsleep
        }
    }

    private func wake() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }
}
