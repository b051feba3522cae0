import Dispatch
import Glibc

/// The last resort of a stop that does not come to its end.
enum Watchdog {
    /// Ends the process after some seconds unless it has ended by itself; what was acknowledged is on disk, and the next
    /// start marks what was not.
    static func endProcess(after seconds: Int) {
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds)) {
            Terminal.complain("the stop took longer than \(seconds) seconds: ending the process")
            _exit(1)
        }
    }
}
