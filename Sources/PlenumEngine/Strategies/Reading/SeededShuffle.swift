import PlenumCore

/// Random numbers that are the same each time for the same seed: what was mixed once is mixed so again after a crash.
///
/// The generator is SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededShuffle: RandomNumberGenerator {
    private var state: UInt64

    /// Seeds it with a run and what is mixed in it.
    init(_ run: RunID, _ salts: Int...) {
        state = run.high ^ run.low
        for salt in salts {
            state ^= UInt64(truncatingIfNeeded: salt) &* 0x9E37_79B9_7F4A_7C15
            _ = next()
        }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
