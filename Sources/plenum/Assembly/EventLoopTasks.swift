import CTaskHook
import NIOCore
import NIOPosix

/// NIO's event loops as the executor of every task, so that a request stays on the thread that read it.
enum EventLoopTasks {
    /// Sends every task that names no executor to an event loop: the one that it is on, or any. Called once, before the
    /// first task begins.
    ///
    /// NIO can do this by itself, but looks the runtime's hook up by name while the program runs, and so only finds it in
    /// a program whose Swift runtime is a library beside it. With the runtime inside, requests are a sixth faster.
    static func install() {
        plenum_send_tasks_to { job, _ in
            guard let job else { return }
            let owned = ExecutorJob(unsafeBitCast(job, to: UnownedJob.self))
            MultiThreadedEventLoopGroup.singleton.any().enqueue(owned)
        }
    }

    /// Whether the task that asks runs on an event loop.
    static var areHere: Bool { MultiThreadedEventLoopGroup.currentEventLoop != nil }
}
