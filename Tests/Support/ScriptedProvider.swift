public import PlenumCore
import Synchronization

/// A provider that does what a test tells it: pieces, a pause that the test ends, or an error.
public final class ScriptedProvider: LLMProvider {
    /// A step of a reply.
    public enum Step: Sendable {
        /// Waits before the answer is begun, until the gate opens or the task is cancelled; as the first step only.
        case hold(Gate)
        /// Gives these events.
        case events([ReplyEvent])
        /// Waits until the gate opens, or the task is cancelled.
        case wait(Gate)
        /// Throws.
        case fail(PlenumError)
    }

    /// Its id.
    public let id: String
    /// The dialect it claims to speak.
    public let dialect: Dialect? = nil
    private let script: @Sendable (CompletionRequest) throws(PlenumError) -> [Step]
    private let seen = Mutex<[CompletionRequest]>([])

    /// Makes a provider of a function that gives the steps for a request, or throws a refusal.
    public init(id: String = "test", _ script: @escaping @Sendable (CompletionRequest) throws(PlenumError) -> [Step]) {
        self.id = id
        self.script = script
    }

    /// The requests so far.
    public var requests: [CompletionRequest] { seen.withLock { $0 } }

    /// Plays the script.
    public func complete(_ request: CompletionRequest) async throws(PlenumError) -> ReplyStream {
        seen.withLock { $0.append(request) }
        let steps = try script(request)
        if case .hold(let gate)? = steps.first {
            await gate.wait()
            if Task.isCancelled { throw PlenumError(.cancelled, "The test left.") }
        }
        let ending = Ending(steps)
        return ReplyStream(head: ReplyHead(status: 200, requestID: "req-1"), cancel: ending.come) {
            var rest = steps[...]
            return ReplyStream.AsyncIterator { () async throws(PlenumError) -> ReplyPiece? in
                while let step = rest.popFirst() {
                    switch step {
                    case .events(let events): return ReplyPiece(events: events)
                    case .fail(let error): throw error
                    case .hold: continue
                    case .wait(let gate):
                        await gate.wait()
                        if Task.isCancelled || ending.hasCome { throw PlenumError(.cancelled, "The test left.") }
                    }
                }
                return nil
            }
        }
    }

    /// A whole answer: text word by word, a finish, usage and the end.
    public static func answer(_ words: String...) -> [Step] {
        [.events([.start(id: "r1", model: "m")])] + words.map { .events([.text($0)]) } + [
            .events([.finish(FinishReason(.endTurn, native: "stop"))]),
            .events([.usage(Usage(inputUncached: 10, output: words.count)), .end]),
        ]
    }
}

/// The end of an answer from outside: whoever waits at one of its gates is let go.
private final class Ending: Sendable {
    private let steps: [ScriptedProvider.Step]
    private let state = Mutex(false)

    init(_ steps: [ScriptedProvider.Step]) { self.steps = steps }

    var hasCome: Bool { state.withLock { $0 } }

    func come() {
        state.withLock { $0 = true }
        for case .wait(let gate) in steps { gate.open() }
    }
}

/// A gate that a test opens once.
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Makes a closed gate.
    public init() {}

    /// Opens it for good.
    public func open() {
        let waiters = state.withLock { state in
            state.isOpen = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits until it is open or the task is cancelled.
    public func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen, !Task.isCancelled { state.waiters.append(continuation) }
                    return state.isOpen || Task.isCancelled
                }
                if isOpen { continuation.resume() }
            }
        } onCancel: {
            // Opening for one is opening for all: a test has one task at a gate.
            open()
        }
    }
}
