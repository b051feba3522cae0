import PlenumCore
import PlenumStorage
import Synchronization

/// Shows how far a copy has come: a bar on a terminal, a line every few seconds elsewhere.
final class CopyProgress: Sendable {
    private struct State {
        let start = ContinuousClock.now
        var shown = ContinuousClock.now
        var hasBar = false
    }

    private let isBar = Terminal.isAsideInteractive
    private let state = Mutex(State())

    /// Shows progress, unless something was shown a moment ago.
    func show(_ progress: StorageCopy.Progress) {
        state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.shown > (isBar ? .milliseconds(100) : .seconds(3)) else { return }
            state.shown = now
            state.hasBar = isBar
            let text = Self.text(progress, after: now - state.start)
            Terminal.writeAside(isBar ? "\r\u{1B}[2K\(Self.bar(progress)) \(text)" : "\(text)\n")
        }
    }

    /// Shows the end.
    func finish(_ progress: StorageCopy.Progress) {
        state.withLock { state in
            let seconds = Self.seconds(ContinuousClock.now - state.start)
            let rate = Int(Double(progress.done) / max(seconds, 0.001))
            let skipped = progress.skipped > 0 ? ", \(progress.skipped.grouped) were there already" : ""
            Terminal.writeAside(
                (state.hasBar ? "\r\u{1B}[2K" : "")
                    + "copied \(progress.copied.grouped) records\(skipped), in \(Self.shown(seconds)) "
                    + "(\(rate.grouped) a second)\n"
            )
        }
    }

    private static func text(_ progress: StorageCopy.Progress, after duration: Duration) -> String {
        let rate = Double(progress.done) / max(seconds(duration), 0.001)
        let left = rate > 0 ? Double(max(0, progress.total - progress.done)) / rate : 0
        return "\(share(progress)) %  \(progress.done.grouped) of \(progress.total.grouped)  "
            + "\(Int(rate).grouped) a second  \(shown(left)) left"
    }

    private static func share(_ progress: StorageCopy.Progress) -> Int {
        min(100, progress.total > 0 ? progress.done * 100 / progress.total : 100)
    }

    private static func bar(_ progress: StorageCopy.Progress) -> String {
        let filled = share(progress) * 24 / 100
        return "[" + String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled) + "]"
    }

    private static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

    private static func shown(_ seconds: Double) -> String {
        seconds < 10
            ? "\(Double(Int(seconds * 10)) / 10) s" : seconds < 120 ? "\(Int(seconds)) s" : "\(Int(seconds / 60)) min"
    }
}
