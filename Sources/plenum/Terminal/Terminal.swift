import Foundation

/// The terminal: the one place that writes to standard output and standard error.
enum Terminal {
    /// Writes to standard output.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Writes to standard error, without ending the line.
    static func writeAside(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Whether standard error is a terminal that a person looks at.
    static var isAsideInteractive: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether standard output is a terminal that a person looks at.
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether colours are wanted: by who looks at a terminal and has not said otherwise.
    private static let isColourful = isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    /// A text in one of six colours.
    static func coloured(_ text: String, _ colour: Int) -> String {
        isColourful ? "\u{1B}[\([36, 33, 35, 32, 34, 31][colour % 6])m\(text)\u{1B}[0m" : text
    }

    /// A text that stands back.
    static func dimmed(_ text: String) -> String { isColourful ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    /// The width in characters; 80 if it cannot be told.
    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Text from a model without what would steer the terminal: control characters but newlines and tabs.
    static func harmless(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)) || $0 == "\n" || $0 == "\t"
                }
            )
        )
    }
}
