import Dispatch
import Glibc
import PlenumCore

/// The words of a PDF, taken out by poppler's `pdftotext` in a process of its own with little memory and little time: a
/// file from elsewhere is not read inside the server.
enum PDFText {
    /// Reads a PDF.
    /// - Parameters:
    ///   - bytes: the file.
    ///   - limit: the most bytes of text.
    /// - Throws: `unavailable` if there is no `pdftotext`, `invalidRequest` if the file cannot be read, `tooLarge` if it
    ///   holds more.
    static func extract(_ bytes: [UInt8], limit: Int) async throws(PlenumError) -> String {
        guard bytes.starts(with: Array("%PDF-".utf8)) else {
            throw PlenumError(.invalidRequest, "This is no PDF: it does not begin with %PDF-.")
        }
        guard access("/usr/bin/pdftotext", X_OK) == 0 else {
            throw PlenumError(
                .unavailable,
                "The server cannot read PDFs: install pdftotext on it, for example with apt-get install poppler-utils."
            )
        }
        // Reading from a process blocks; that is not for the threads that serve.
        let result: Result<String, PlenumError> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Result { () throws(PlenumError) in try run(bytes, limit: limit) })
            }
        }
        return try result.get()
    }

    /// One at a time: each may take a gigabyte.
    private static let queue = DispatchQueue(label: "plenum.pdf")

    private static func run(_ bytes: [UInt8], limit: Int) throws(PlenumError) -> String {
        let file = try write(bytes)
        defer { close(file) }
        var output: [Int32] = [-1, -1]
        guard pipe(&output) == 0 else { throw PlenumError(.internal, "No pipe can be made.") }
        // The reader has its own ends alone, or it would never see the pipe's end.
        for end in output { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let child = try spawn(reading: file, writing: output[1])
        close(output[1])
        defer { close(output[0]) }
        let text = read(output[0], limit: limit)
        if text == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let text else {
            throw PlenumError(.tooLarge, "The PDF holds more than \(limit >> 20) MB of text.")
        }
        guard status == 0, let words = String(validating: text, as: UTF8.self) else {
            throw PlenumError(.invalidRequest, "The PDF cannot be read: it is damaged, locked or too intricate.")
        }
        return words
    }

    /// A file that is gone as soon as nobody holds it.
    private static func write(_ bytes: [UInt8]) throws(PlenumError) -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var path = Array("\(folder)/plenum-pdf-XXXXXX".utf8CString)
        let file = mkstemp(&path)
        guard file >= 0 else { throw PlenumError(.internal, "No file can be made in \(folder).") }
        unlink(path)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                close(file)
                throw PlenumError(.internal, "The PDF cannot be written for its reader.")
            }
            written += count
        }
        lseek(file, 0, SEEK_SET)
        return file
    }

    /// Starts the reader, who has the file as its standard input, nothing of the server's environment, a gigabyte of
    /// memory and ten seconds of work.
    private static func spawn(reading file: Int32, writing output: Int32) throws(PlenumError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let arguments = [
            "prlimit", "--as=1073741824", "--cpu=10", "--core=0", "/usr/bin/pdftotext", "-q", "-enc", "UTF-8", "-l",
            "1000", "-", "-",
        ]
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var child: pid_t = 0
        guard posix_spawn(&child, "/usr/bin/prlimit", &actions, nil, &pointers, &environment) == 0 else {
            throw PlenumError(.unavailable, "The server cannot start its reader of PDFs.")
        }
        return child
    }

    /// Everything that comes; `nil` if it is more than the limit.
    private static func read(_ pipe: Int32, limit: Int) -> [UInt8]? {
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(pipe, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return text }
            text += piece[..<count]
            guard text.count <= limit else { return nil }
        }
    }
}
