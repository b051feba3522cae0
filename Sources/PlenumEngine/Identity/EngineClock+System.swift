import Glibc
import PlenumCore

extension EngineClock {
    /// The machine's clocks.
    public static let system = EngineClock(
        now: {
            let time = read(CLOCK_REALTIME)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
        },
        ticks: {
            let time = read(CLOCK_BOOTTIME)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        }
    )

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }

    /// Whole milliseconds since an earlier reading of ``ticks``.
    func milliseconds(since start: UInt64) -> Int {
        Int((ticks() - start) / 1_000_000)
    }
}
