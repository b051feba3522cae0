import Synchronization

/// One exchange, shared by the task that reads it and the reactor that carries it.
///
/// It drives ``TransferState``: the action is computed under the lock and performed outside it.
final class Transfer: Sendable {
    // The tests run with continuations that are checked; a release saves their two allocations an exchange.
    #if DEBUG
        typealias Waiter = CheckedContinuation<Void, Never>
    #else
        typealias Waiter = UnsafeContinuation<Void, Never>
    #endif

    /// How the response is handed over.
    enum Delivery: Sendable {
        /// In one piece at the end, of at most so many bytes.
        case whole(limit: Int)
        /// Head first, then what has come.
        case streamed
    }

    /// How many bytes of a streamed body wait for the reader before the server is held back.
    static let queueCapacity = 256 * 1024

    let request: TransportRequest
    let delivery: Delivery
    private let mailbox: Mailbox
    private let state: Mutex<TransferState<Waiter>>

    init(_ request: TransportRequest, delivery: Delivery, mailbox: Mailbox) {
        self.request = request
        self.delivery = delivery
        self.mailbox = mailbox
        state = Mutex(TransferState(capacity: Self.queueCapacity))
    }

    /// Runs a step of the state machine; for the reactor, which wakes the waiters it gets when its own turn is over.
    func withState<Result: Sendable>(_ step: (inout TransferState<Waiter>) -> Result) -> Result {
        state.withLock { step(&$0) }
    }
}

// MARK: - The reader's side

extension Transfer {
    /// Hands the exchange to the reactor.
    func start() throws(TransportError) {
        guard !Task.isCancelled else { throw Self.cancelled }
        guard mailbox.post(.start(self)) else {
            throw TransportError(
                code: .shutdown,
                message: "The transport was shut down: no new request is taken."
            )
        }
    }

    func head() async throws(TransportError) -> ResponseHead {
        while true {
            switch state.withLock({ $0.takeHead() }) {
            case .ready(let head): return head
            case .failed(let error): throw error
            case .pending: await wait(until: .head)
            }
        }
    }

    func whole() async throws(TransportError) -> WholeResponse {
        while true {
            switch state.withLock({ $0.takeWhole() }) {
            case .ready(let response): return response
            case .failed(let error): throw error
            case .pending: await wait(until: .end)
            }
        }
    }

    /// All bytes that wait; `nil` at the end of the body.
    func bytes() async throws(TransportError) -> [UInt8]? {
        while true {
            let taken = state.withLock { $0.takeBytes() }
            if let resume = taken.resume { mailbox.post(.resume(self, slot: resume)) }
            switch taken.poll {
            case .ready(let bytes): return bytes
            case .failed(let error): throw error
            case .pending: await wait(until: .bytes)
            }
        }
    }

    func confirmContent() {
        state.withLock { $0.confirmContent() }
    }

    /// Ends the exchange now; without effect if it has ended.
    func cancel() {
        let abort = state.withLock { $0.abort(Self.cancelled) }
        if let slot = abort.slot { mailbox.post(.stop(self, slot: slot)) }
        abort.waiter?.resume()
    }

    private func wait(until need: TransferState<Waiter>.Need) async {
        await withTaskCancellationHandler {
            await Self.withWaiter { continuation in
                let ready = state.withLock { $0.park(continuation, until: need) }
                ready?.resume()
            }
        } onCancel: {
            cancel()
        }
    }

    private static func withWaiter(_ body: (Waiter) -> Void) async {
        #if DEBUG
            await withCheckedContinuation(body)
        #else
            await withUnsafeContinuation(body)
        #endif
    }

    private static let cancelled = TransportError(code: .cancelled, message: "The request was cancelled by its caller.")
}
