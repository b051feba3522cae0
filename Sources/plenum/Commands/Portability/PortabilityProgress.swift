/// Shows on standard error how far an export or an import has come: one line that changes on a terminal, a line every few
/// seconds elsewhere.
struct PortabilityProgress {
    private let isLine = Terminal.isAsideInteractive
    private var shown = ContinuousClock.now
    private var hasLine = false

    /// Shows a text, unless something was shown a moment ago.
    mutating func show(_ text: @autoclosure () -> String) {
        let now = ContinuousClock.now
        guard now - shown > (isLine ? .milliseconds(100) : .seconds(3)) else { return }
        shown = now
        hasLine = isLine
        Terminal.writeAside(isLine ? "\r\u{1B}[2K\(text())" : "\(text())\n")
    }

    /// Shows the end.
    func finish(_ text: String) {
        Terminal.writeAside((hasLine ? "\r\u{1B}[2K" : "") + text + "\n")
    }
}
