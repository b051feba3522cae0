import Glibc
import Synchronization

/// A thread of the operating system for C that blocks, and the way to wait for its end.
final class Worker: Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    private let state = Mutex(State.running([]))

    /// Starts a thread.
    /// - Parameter body: all that the thread does.
    init(_ body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(ThreadStart(worker: self, body: body))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            start.toOpaque()
        )
        pthread_attr_destroy(&attributes)
        precondition(code == 0, "A thread could not be started (\(code)): the limit on threads is reached.")
    }

    /// Returns once the thread's body has returned.
    func end() async {
        await withCheckedContinuation { continuation in
            let isEnded = state.withLock { state in
                guard case .running(let waiting) = state else { return true }
                state = .running(waiting + [continuation])
                return false
            }
            if isEnded { continuation.resume() }
        }
    }

    fileprivate func markEnded() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard case .running(let waiting) = state else { return [] }
            state = .ended
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// What a new thread is given.
private final class ThreadStart: Sendable {
    private let worker: Worker
    private let body: @Sendable () -> Void

    init(worker: Worker, body: @escaping @Sendable () -> Void) {
        self.worker = worker
        self.body = body
    }

    func run() {
        body()
        worker.markEnded()
    }
}
