internal import CCurl
internal import Glibc
internal import Synchronization

/// The thread of one reactor: started with it, joined when it is shut down.
final class ReactorThread: Sendable {
    let mailbox: Mailbox
    let counters = ReactorCounters()
    private let thread: Mutex<pthread_t?>

    init(name: String, configuration: CurlConfiguration) throws(TransportError) {
        mailbox = try Mailbox()
        let reactor = try Reactor(mailbox: mailbox, counters: counters, configuration: configuration)
        let argument = Unmanaged.passRetained(reactor)
        // The thread inherits this mask: signals are for the program's own threads.
        var all = sigset_t()
        var previous = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
        var handle = pthread_t()
        let result = pthread_create(&handle, nil, runReactor, argument.toOpaque())
        guard result == 0 else {
            argument.release()
            throw TransportError(
                code: .unavailable,
                message: "The transport could not start its thread: raise the limit of threads.",
                cause: String(cString: strerror(result))
            )
        }
        pthread_setname_np(handle, name)
        thread = Mutex(handle)
    }

    /// Fails what is under way and waits for the thread to end; without effect the second time.
    func shutdown() {
        let handle = thread.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let handle else { return }
        mailbox.close()
        if pthread_equal(handle, pthread_self()) != 0 {
            pthread_detach(handle)
        } else {
            pthread_join(handle, nil)
        }
    }
}

private let runReactor: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
    Unmanaged<Reactor>.fromOpaque(argument!).takeRetainedValue().run()
    return nil
}
