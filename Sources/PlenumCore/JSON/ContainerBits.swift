/// A stack of up to 128 bits, one an open container.
struct ContainerBits: Sendable {
    private var bits: UInt128 = 0
    private(set) var count = 0

    /// The innermost bit.
    var top: Bool { bits & 1 == 1 }

    mutating func push(_ bit: Bool) {
        bits = bits << 1 | (bit ? 1 : 0)
        count += 1
    }

    mutating func pop() {
        bits >>= 1
        count = max(count - 1, 0)
    }

    /// Notes that an element was met, or that the end of the innermost container was passed.
    mutating func passed(_ end: Bool) {
        if end { pop() } else { bits |= 1 }
    }
}
