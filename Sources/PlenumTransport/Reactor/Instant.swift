import Glibc

/// A point on the monotonic clock, in nanoseconds.
///
/// Sums saturate, so that an endless duration is a point never reached.
struct Instant: Comparable, Sendable {
    static let never = Instant(nanoseconds: .max)

    var nanoseconds: Int64

    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    static func + (left: Instant, right: Duration) -> Instant {
        let (sum, overflow) = left.nanoseconds.addingReportingOverflow(right.wholeNanoseconds)
        return overflow ? .never : Instant(nanoseconds: sum)
    }

    /// The milliseconds until a later point, rounded up, as `epoll_wait` takes them.
    func milliseconds(until later: Instant) -> Int32 {
        guard later > self else { return 0 }
        let nanoseconds = later.nanoseconds - self.nanoseconds
        return Int32(clamping: nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 == 0 ? 0 : 1))
    }
}

extension Duration {
    /// The duration in nanoseconds, cut to what fits.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, isTooLong) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooLong ? .max : sum
    }
}
