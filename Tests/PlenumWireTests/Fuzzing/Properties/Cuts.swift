/// A stream as an input describes it: the first byte says how it is cut, and the rest is what is streamed.
///
/// With the byte 0 each piece is one byte; with `n` the pieces are of 1 to `n + 1` bytes, in an order that `n` gives.
struct Cuts {
    /// What is streamed.
    let body: [UInt8]
    private let seed: UInt8

    init(_ input: [UInt8]) {
        seed = input.first ?? 0
        body = Array(input.dropFirst())
    }

    /// The pieces, which together are the body.
    var pieces: [[UInt8]] {
        var pieces: [[UInt8]] = []
        var state = UInt64(seed)
        var at = 0
        while at < body.count {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let end = min(at + 1 + Int((state >> 33) % (UInt64(seed) + 1)), body.count)
            pieces.append(Array(body[at..<end]))
            at = end
        }
        return pieces
    }
}
