/// What libcurl wants of each socket, and what the kernel was told: a lazy difference, because libcurl lets go of a
/// connection after each response and takes it up again with the next request.
///
/// It names the change to make and makes none itself. Descriptors are small numbers, so the table is an array.
struct SocketTable {
    /// What to tell the kernel.
    enum Change: Equatable {
        case none
        case watch(Interest, isKnown: Bool)
        case forget
    }

    private struct Entry {
        var wanted: Interest = []
        var watched: Interest = []
        /// Whether the reactor opened the socket, so that it also learns when it closes.
        var isOwned = false
    }

    private var entries: [Entry] = []

    /// The number of sockets opened and not closed.
    private(set) var openCount = 0

    mutating func opened(_ socket: Int32) {
        reserve(socket)
        entries[Int(socket)] = Entry(isOwned: true)
        openCount += 1
    }

    mutating func closed(_ socket: Int32) {
        guard entries.indices.contains(Int(socket)), entries[Int(socket)].isOwned else { return }
        entries[Int(socket)] = Entry()
        openCount -= 1
    }

    /// What libcurl wants of a socket.
    func wanted(of socket: Int32) -> Interest {
        entries.indices.contains(Int(socket)) ? entries[Int(socket)].wanted : []
    }

    /// Libcurl wants something else of a socket.
    ///
    /// An owned one that it merely lets go of stays watched for reading: the next request on the connection then
    /// costs no system call.
    mutating func want(_ interest: Interest, of socket: Int32) -> Change {
        reserve(socket)
        entries[Int(socket)].wanted = interest
        let isKept = interest.isEmpty && entries[Int(socket)].isOwned && entries[Int(socket)].watched == .read
        return isKept ? .none : settle(socket)
    }

    /// The socket is ready for something that nobody wants: the time to tell the kernel what is wanted.
    mutating func settle(_ socket: Int32) -> Change {
        reserve(socket)
        let entry = entries[Int(socket)]
        guard entry.wanted != entry.watched else { return .none }
        entries[Int(socket)].watched = entry.wanted
        return entry.wanted.isEmpty ? .forget : .watch(entry.wanted, isKnown: !entry.watched.isEmpty)
    }

    private mutating func reserve(_ socket: Int32) {
        guard Int(socket) >= entries.count else { return }
        entries += repeatElement(Entry(), count: max(64, Int(socket) + 1 - entries.count))
    }
}
