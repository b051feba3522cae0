public import Logging
public import PlenumCore
import Synchronization

/// What answers: models found by name, attempts measured and kept, runs that outlive their clients.
///
/// The engine asks providers and writes to storage; it knows neither a vendor nor a database. ``run()`` must be running
/// for runs to make progress and for checkpoints to be kept.
public final class Engine: Sendable {
    /// The models on offer.
    public let catalogue: Catalogue
    /// Where everything is kept.
    public let storage: any Storage
    /// Where times come from.
    public let clock: EngineClock
    /// Where ids come from.
    public let ids: IdentifierSource
    let recorder: Recorder
    let router: Router
    let runs: RunRegistry
    let callMemory = CallMemory()
    let logger: Logger
    /// How long the process that carries a run out may take to hear what is said to it through another.
    let commandPatience: Duration
    private let stopFlag = Atomic(false)

    /// Makes an engine.
    /// - Parameters:
    ///   - catalogue: the models on offer.
    ///   - storage: where everything is kept; ``recover()`` is called before anything is begun.
    ///   - clock: where times come from.
    ///   - logger: told of what nobody else can be told of.
    ///   - commandPatience: how long the process that carries a run out may take to hear what is said to it through another.
    public init(
        catalogue: Catalogue,
        storage: any Storage,
        clock: EngineClock = .system,
        logger: Logger,
        commandPatience: Duration = .seconds(5)
    ) {
        self.commandPatience = commandPatience
        self.storage = storage
        self.clock = clock
        router = Router(clock: clock, logger: logger)
        self.logger = logger
        ids = IdentifierSource(clock: clock)
        runs = RunRegistry()
        recorder = Recorder(storage: storage, registry: runs, clock: clock, logger: logger)
        self.catalogue = catalogue
    }

    /// Whether new work is refused.
    public var isStopping: Bool { stopFlag.load(ordering: .relaxed) }

    /// Refuses new work from now on; what is under way goes on.
    public func stopAccepting() { stopFlag.store(true, ordering: .relaxed) }

    func checkOpen() throws(PlenumError) {
        guard isStopping else { return }
        throw PlenumError(
            .unavailable,
            "The server is stopping. Try again in a few seconds.",
            retryAfter: .seconds(5)
        )
    }

    /// Runs until the task is cancelled: carries out runs, keeps a checkpoint a second and the lease.
    ///
    /// Runs that are under way when the task is cancelled end as interrupted, with the text that came.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepCheckpoints() }
            group.addTask { await self.keepLease() }
            for await run in self.runs.started {
                group.addTask { await run.carryOut() }
            }
            group.cancelAll()
        }
        await recorder.checkpoint()
    }

    private func keepCheckpoints() async {
        // Who follows a run in another process sees of it what the database has: that must not be old.
        let beats = storage.isShared ? 5 : 1
        var beat = 0
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(1000 / beats))
            beat += 1
            await recorder.checkpoint(withReplies: beat % beats == 0)
            await obeyOthers()
            guard beat % beats == 0 else { continue }
            await pruneWhenDue()
            runs.tick(clock.ticks())
        }
    }

    /// Drops the events of runs that ended over ten minutes ago, claims of a day ago and what calls of a week ago had in
    /// mind, once a minute.
    private func pruneWhenDue() async {
        guard runs.isPruningDue(clock.ticks()) else { return }
        let bound = Timestamp(milliseconds: clock.now().milliseconds - 600_000)
        let claimBound = Timestamp(milliseconds: clock.now().milliseconds - Self.claimLifetime)
        let stateBound = Timestamp(milliseconds: clock.now().milliseconds - CallMemory.lifetime)
        await recorder.commitEventually([
            .pruneRunEvents(endedBefore: bound), .pruneClaims(createdBefore: claimBound),
            .pruneCallStates(createdBefore: stateBound),
        ])
    }
}
