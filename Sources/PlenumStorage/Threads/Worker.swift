import Glibc
import PlenumCore

/// A thread of the operating system for C that blocks, and the way to wait for its end.
// Sendable because its state is only touched while its own mutex is held: a pthread mutex, which ThreadSanitizer sees.
final class Worker: @unchecked Sendable {
    private enum State {
        case running([CheckedContinuation<Void, Never>])
        case ended
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state = State.running([])

    /// Starts a thread.
    /// - Parameter body: all that the thread does.
    /// - Throws: `storage` if the system gives no more threads.
    init(_ body: @escaping @Sendable () -> Void) throws(PlenumError) {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
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
        guard code == 0 else {
            start.release()
            throw PlenumError(.storage, "The system gives no more threads: raise its limit.", cause: "errno \(code)")
        }
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Returns once the thread's body has returned.
    func end() async {
        await withCheckedContinuation { continuation in
            if !waits(continuation) { continuation.resume() }
        }
    }

    /// Keeps a continuation for the end; `false` if that has come.
    private func waits(_ continuation: CheckedContinuation<Void, Never>) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard case .running(let waiting) = state else { return false }
        state = .running(waiting + [continuation])
        return true
    }

    fileprivate func markEnded() {
        pthread_mutex_lock(mutex)
        let last = state
        state = .ended
        pthread_mutex_unlock(mutex)
        guard case .running(let waiting) = last else { return }
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
