import Glibc

/// The system's random numbers, fetched 32 at a time.
///
/// A call of the kernel for every number would cost more than the id that is made of it.
struct PooledRandomNumberGenerator: RandomNumberGenerator {
    private var pool: [UInt64] = []

    mutating func next() -> UInt64 {
        if let number = pool.popLast() { return number }
        // 256 bytes are the most that one call gives.
        pool = Array(repeating: 0, count: 32)
        let isFilled = pool.withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) } == 0
        guard isFilled, let number = pool.popLast() else {
            pool = []
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
        return number
    }
}
