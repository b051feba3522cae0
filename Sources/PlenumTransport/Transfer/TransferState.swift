/// What one exchange has brought so far and who waits for it: the state machine between the reactor and the reader.
///
/// It holds no lock and resumes nobody. Every method says what its caller has to do, and a waiter that is handed out is
/// handed out once. `Waiter` is a continuation in the program and a number in the tests.
struct TransferState<Waiter: Sendable>: Sendable {
    /// What a waiter waits for; the end of the exchange satisfies each of them.
    enum Need: Sendable {
        case head, bytes, end
    }

    /// What the reader finds.
    enum Poll<Value: Sendable>: Sendable {
        case ready(Value)
        case failed(TransportError)
        case pending
    }

    /// What became of bytes that arrived.
    enum Reception: Sendable {
        case accepted(waking: Waiter?)
        case full
    }

    /// What is left to do after an abort.
    struct Abort: Sendable {
        /// The reactor's slot to clear, if the reactor has the exchange and has not ended it.
        var slot: Int?
        var waiter: Waiter?
    }

    private enum Stage: Sendable {
        case queued
        case running(slot: Int)
        case ended(TransportError?)
    }

    private var stage = Stage.queued
    private var head: ResponseHead?
    private var queue: [UInt8] = []
    private let capacity: Int
    private var isFull = false
    private var isBeating = false
    private var waiter: (value: Waiter, need: Need)?

    /// Whether the reader has said that content came.
    private(set) var isContentConfirmed = false

    /// - Parameter capacity: How many bytes may wait for the reader.
    init(capacity: Int) {
        self.capacity = capacity
    }
}

// MARK: - The reactor's side

extension TransferState {
    /// Takes the exchange on; `false` if it was aborted while it was queued.
    mutating func adopt(slot: Int) -> Bool {
        guard case .queued = stage else { return false }
        stage = .running(slot: slot)
        return true
    }

    mutating func receive(head: ResponseHead) -> Waiter? {
        guard case .running = stage else { return nil }
        self.head = head
        return takeWaiter(of: .head)
    }

    /// Queues bytes; `.full` means that none was taken and that the reader will ask for more when it has drained the queue.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
        guard case .running = stage else { return .accepted(waking: nil) }
        guard queue.isEmpty || queue.count + bytes.count <= capacity else {
            isFull = true
            return .full
        }
        queue.append(contentsOf: bytes)
        isBeating = false
        return .accepted(waking: takeWaiter(of: .bytes))
    }

    /// Gives the reader an empty piece, now if it waits and else when it comes, unless bytes come first.
    mutating func beat() -> Waiter? {
        guard case .running = stage, queue.isEmpty else { return nil }
        isBeating = true
        return takeWaiter(of: .bytes)
    }

    /// Ends the exchange in order, with head and body if they were held back for a whole response.
    mutating func complete(with whole: WholeResponse?) -> Waiter? {
        guard case .running = stage else { return nil }
        if let whole {
            head = ResponseHead(status: whole.status, headers: whole.headers)
            queue = whole.body
        }
        stage = .ended(nil)
        return takeWaiter(of: .end)
    }

    /// Ends the exchange with an error, which the reader meets after the bytes that are queued.
    mutating func fail(_ error: TransportError) -> Waiter? {
        if case .ended = stage { return nil }
        stage = .ended(error)
        return takeWaiter(of: .end)
    }
}

// MARK: - The reader's side

extension TransferState {
    mutating func takeHead() -> Poll<ResponseHead> {
        if let head { return .ready(head) }
        return end(or: .pending)
    }

    /// Takes all that is queued; `nil` is the end.
    ///
    /// A slot is given if the reactor stopped reading because the queue was full.
    mutating func takeBytes() -> (poll: Poll<[UInt8]?>, resume: Int?) {
        guard queue.isEmpty else {
            var bytes: [UInt8] = []
            swap(&bytes, &queue)
            guard isFull, case .running(let slot) = stage else { return (.ready(bytes), nil) }
            isFull = false
            return (.ready(bytes), slot)
        }
        if case .ended(nil) = stage { return (.ready(nil), nil) }
        if isBeating, case .running = stage {
            isBeating = false
            return (.ready([]), nil)
        }
        return (end(or: .pending), nil)
    }

    mutating func takeWhole() -> Poll<WholeResponse> {
        guard case .ended(nil) = stage, let head else { return end(or: .pending) }
        var body: [UInt8] = []
        swap(&body, &queue)
        return .ready(WholeResponse(status: head.status, headers: head.headers, body: body))
    }

    /// Leaves a waiter until its need is met; gives it back if there is nothing to wait for.
    mutating func park(_ newWaiter: Waiter, until need: Need) -> Waiter? {
        precondition(waiter == nil, "A response body has one reader: do not iterate it from two tasks at once.")
        if isMet(need) { return newWaiter }
        waiter = (newWaiter, need)
        return nil
    }

    /// Ends the exchange from the reader's side: what is queued is dropped, and an end that was reached stays.
    mutating func abort(_ error: TransportError) -> Abort {
        var error = error
        error.beforeFirstByte = head == nil
        switch stage {
        case .ended:
            return Abort()
        case .queued:
            stage = .ended(error)
            return Abort(waiter: takeWaiter(of: .end))
        case .running(let slot):
            queue = []
            stage = .ended(error)
            return Abort(slot: slot, waiter: takeWaiter(of: .end))
        }
    }

    mutating func confirmContent() {
        isContentConfirmed = true
    }
}

// MARK: - Both

extension TransferState {
    private func end<Value>(or pending: Poll<Value>) -> Poll<Value> {
        if case .ended(let error?) = stage { return .failed(error) }
        return pending
    }

    private func isMet(_ need: Need) -> Bool {
        if case .ended = stage { return true }
        switch need {
        case .head: return head != nil
        case .bytes: return !queue.isEmpty
        case .end: return false
        }
    }

    /// The waiter, if what happened is what it waits for; the end satisfies every need.
    private mutating func takeWaiter(of event: Need) -> Waiter? {
        guard let waiter, event == .end || event == waiter.need else { return nil }
        self.waiter = nil
        return waiter.value
    }
}
