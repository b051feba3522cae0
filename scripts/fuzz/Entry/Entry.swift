import Glibc
import WireProperties

/// The target that the environment names.
private let target: FuzzTarget? = getenv("PLENUM_FUZZ").flatMap { FuzzTarget.named(String(cString: $0)) }

/// Without a target the names are told, each with its folder of inputs, for the script that runs them all.
@_cdecl("LLVMFuzzerInitialize")
public func beginFuzzing(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>
) -> CInt {
    guard target == nil else { return 0 }
    for target in FuzzTarget.all { print(target.name, target.corpus) }
    exit(0)
}

/// The time this thread has worked. Unlike a clock on the wall it does not count what other programs do.
private func workedSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Gives one input to the target. It traps if a property does not hold, or if a small input takes long.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target else { return 0 }
    let begun = workedSeconds()
    do {
        try target.check(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
        fatalError("\(target.name): \(error)")
    }
    let seconds = workedSeconds() - begun
    // Unlike a precondition this says why in an optimized build too.
    if count <= 4096, seconds >= 1 { fatalError("\(target.name): \(count) bytes take \(seconds) seconds") }
    return 0
}
