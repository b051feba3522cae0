import CTaskHook
import DequeModule
import NIOCore
import NIOPosix

/// NIO's event loops as the executor of every task, so that a request stays on the thread that read it.
enum EventLoopTasks {
    /// Sends every task that names no executor to an event loop: the one that it is on, or any. Called once, before the
    /// first task begins.
    ///
    /// NIO can do this by itself, but looks the runtime's hook up by name while the program runs, and so only finds it in
    /// a program whose Swift runtime is a library beside it. With the runtime inside, requests are a sixth faster.
    static func install() throws {
        for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() {
            try loop.submit { LoopJobs(of: loop).settle() }.wait()
        }
        plenum_send_tasks_to { job, _ in
            guard let job else { return }
            let unowned = unsafeBitCast(job, to: UnownedJob.self)
            if let here = plenum_jobs_here() {
                Unmanaged<LoopJobs>.fromOpaque(here)._withUnsafeGuaranteedRef { $0.append(unowned) }
            } else {
                MultiThreadedEventLoopGroup.singleton.any().enqueue(ExecutorJob(unowned))
            }
        }
    }

    /// Whether the task that asks runs on an event loop.
    static var areHere: Bool { plenum_jobs_here() != nil }
}

/// The jobs that tasks on an event loop have left for it, first come, first served. Only the thread of its loop touches it.
///
/// A request is some seventy jobs, nearly all of them left by the loop's own thread. The loop's queue takes a lock, a box and
/// a cast for each; here it is a place in an array.
private final class LoopJobs {
    /// How many jobs are done in one turn, before what else the loop has to do gets its turn.
    private static let turn = 256

    private let loop: NIOIsolatedEventLoop
    private let executor: UnownedSerialExecutor
    private var jobs = Deque<UnownedJob>(minimumCapacity: turn)
    private var isComing = false

    /// Makes the queue of the loop whose thread calls.
    init(of loop: any EventLoop) {
        self.loop = loop.assumeIsolated()
        executor = loop.executor.asUnownedSerialExecutor()
    }

    /// Makes it the queue of this thread, for as long as that lives.
    func settle() {
        plenum_set_jobs_here(Unmanaged.passRetained(self).toOpaque())
    }

    func append(_ job: UnownedJob) {
        jobs.append(job)
        if !isComing { come() }
    }

    private func come() {
        isComing = true
        loop.execute { self.work() }
    }

    private func work() {
        for _ in 0..<Self.turn {
            guard let job = jobs.popFirst() else {
                isComing = false
                return
            }
            job.runSynchronously(on: executor)
        }
        come()
    }
}
