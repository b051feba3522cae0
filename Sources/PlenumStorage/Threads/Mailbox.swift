import Glibc

/// Where jobs wait for the threads that do them. Callers put, threads take and sleep while there is nothing.
// Sendable because every access to its state happens between `lock` and `unlock` of its own mutex.
final class Mailbox<Job: Sendable>: @unchecked Sendable {
    /// What becomes of a job that is put in.
    enum Reception {
        /// It will be done, whatever comes.
        case accepted
        /// Too many bytes wait already.
        case full
        /// No more jobs are taken.
        case closed
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let arrival: UnsafeMutablePointer<pthread_cond_t>
    private let capacity: Int
    private var jobs: [Job] = []
    private var head = 0
    private var weight = 0
    private var sleepers = 0
    /// How many of the sleepers have been called and are about to look: they need no second call.
    private var called = 0
    private var isClosed = false

    /// Makes an empty one.
    /// - Parameter capacity: how many bytes may wait; a single job is taken whatever it weighs.
    init(capacity: Int) {
        self.capacity = capacity
        mutex = .allocate(capacity: 1)
        arrival = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(arrival, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(arrival)
        pthread_mutex_destroy(mutex)
        arrival.deallocate()
        mutex.deallocate()
    }

    /// Hands a job over.
    func put(_ job: Job, weighing bytes: Int) -> Reception {
        pthread_mutex_lock(mutex)
        let (reception, mustWake) = add(job, bytes)
        pthread_mutex_unlock(mutex)
        // Who was woken wants the mutex first of all: it is free by now.
        if mustWake { pthread_cond_signal(arrival) }
        return reception
    }

    /// Adds a job, and says whether somebody sleeps who has not been called yet. The mutex is held.
    private func add(_ job: Job, _ bytes: Int) -> (Reception, mustWake: Bool) {
        guard !isClosed else { return (.closed, false) }
        guard head == jobs.count || weight + bytes <= capacity else { return (.full, false) }
        jobs.append(job)
        weight += bytes
        guard sleepers > called else { return (.accepted, false) }
        called += 1
        return (.accepted, true)
    }

    /// Takes everything that waits, or sleeps until something comes.
    /// - Parameters:
    ///   - batch: an empty array, whose memory the mailbox goes on with.
    ///   - patience: how many milliseconds to sleep at most; for ever if `nil`.
    /// - Returns: whether there is more to come; `true` with an empty batch when the patience ended.
    func takeAll(into batch: inout [Job], patience: Int?) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if jobs.isEmpty { sleep(patience: patience) }
        swap(&jobs, &batch)
        weight = 0
        return !(isClosed && batch.isEmpty)
    }

    /// Takes the job that has waited longest, or sleeps until one comes; `nil` once the mailbox is closed and empty.
    func take() -> Job? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while head == jobs.count {
            if isClosed { return nil }
            sleep(patience: nil)
        }
        let job = jobs[head]
        head += 1
        if head == jobs.count {
            jobs.removeAll(keepingCapacity: true)
            head = 0
            weight = 0
        }
        return job
    }

    /// Sleeps until something is put in or the mailbox is closed. The mutex is held on entry and on return.
    private func sleep(patience: Int?) {
        var deadline = timespec()
        if let patience {
            clock_gettime(CLOCK_MONOTONIC, &deadline)
            let nanoseconds = deadline.tv_nsec + patience % 1000 * 1_000_000
            deadline.tv_sec += patience / 1000 + nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
        }
        sleepers += 1
        defer { sleepers -= 1 }
        while head == jobs.count, !isClosed {
            let isOver =
                patience == nil
                ? pthread_cond_wait(arrival, mutex) != 0 : pthread_cond_timedwait(arrival, mutex, &deadline) != 0
            called = max(0, called - 1)
            if isOver { return }
        }
    }

    /// Takes no more jobs; those that wait will be done.
    func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        pthread_cond_broadcast(arrival)
    }
}
