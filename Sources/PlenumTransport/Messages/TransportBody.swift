import Synchronization

/// The body of a response, while it arrives.
///
/// An element is everything that had arrived when it was asked for, so a slow reader gets fewer and larger ones. At most 256 KiB
/// wait for the reader; then the server is held back. The sequence ends only where HTTP says that the body ends; anything
/// else is thrown, after the bytes that came before it. It has one reader: the elements are gone once read, and two tasks
/// must not read at the same time. Letting go of the body and of its iterator cancels the exchange.
public struct TransportBody: Sendable {
    private enum Source: Sendable {
        case transfer(BodyLease)
        case recording(Recording)
    }

    private let source: Source

    /// The body of an exchange that is under way.
    init(_ transfer: Transfer) {
        source = .transfer(BodyLease(transfer))
    }

    /// Makes a body of pieces that are known, as a stand-in for a transport does.
    ///
    /// - Parameters:
    ///   - pieces: The elements to give, in their order.
    ///   - failure: The error to throw after them; `nil` to end in order.
    public init(recorded pieces: [[UInt8]], failure: TransportError? = nil) {
        source = .recording(Recording(pieces, failure: failure))
    }

    /// Says that content has come: the timer `firstContent`, which runs from the head on, is switched off.
    public func confirmContent() {
        if case .transfer(let lease) = source { lease.transfer.confirmContent() }
    }

    /// Ends the exchange from any task; whoever waits for bytes is thrown an error.
    public func cancel() {
        if case .transfer(let lease) = source { lease.transfer.cancel() }
    }

    /// Reads the rest of the body into one array.
    ///
    /// - Parameter limit: The most bytes to accept. A longer body cancels the exchange.
    /// - Returns: The bytes, as the server encoded them.
    /// - Throws: ``TransportError/Code-swift.struct/tooLarge``, or what broke the body off.
    public func collect(upTo limit: Int) async throws(TransportError) -> [UInt8] {
        var whole: [UInt8] = []
        while let piece = try await next() {
            guard piece.count <= limit - whole.count else {
                cancel()
                throw .bodyTooLarge(limit: limit)
            }
            if whole.isEmpty { whole = piece } else { whole += piece }
        }
        return whole
    }

    private func next() async throws(TransportError) -> [UInt8]? {
        switch source {
        case .transfer(let lease): try await lease.transfer.bytes()
        case .recording(let recording): try recording.next()
        }
    }
}

extension TransportBody: AsyncSequence {
    /// What had arrived; never empty.
    public typealias Element = [UInt8]
    /// What the sequence throws.
    public typealias Failure = TransportError

    /// Reads the elements of a body.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let body: TransportBody

        /// Waits for bytes.
        ///
        /// - Parameter actor: The actor to return to.
        /// - Returns: What has arrived, or `nil` at the end of the body.
        /// - Throws: What broke the body off.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(TransportError) -> [UInt8]? {
            try await body.next()
        }
    }

    /// Makes the iterator; a second one goes on where the first stopped.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(body: self)
    }
}

/// Holds an exchange as long as somebody can read its body.
private final class BodyLease: Sendable {
    let transfer: Transfer

    init(_ transfer: Transfer) {
        self.transfer = transfer
    }

    deinit {
        transfer.cancel()
    }
}

/// Pieces of a body that are known beforehand.
private final class Recording: Sendable {
    private let rest: Mutex<ArraySlice<[UInt8]>>
    private let failure: TransportError?

    init(_ pieces: [[UInt8]], failure: TransportError?) {
        rest = Mutex(pieces.filter { !$0.isEmpty }[...])
        self.failure = failure
    }

    func next() throws(TransportError) -> [UInt8]? {
        if let piece = rest.withLock({ $0.popFirst() }) { return piece }
        if let failure { throw failure }
        return nil
    }
}
