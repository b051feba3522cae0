import ArgumentParser
import PlenumCore
import PlenumStorage

/// `plenum storage status`
struct StorageStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say what is kept and how, without changing it; also beside a running server."
    )

    @Argument(help: "The storage. (default: the one that PLENUM_STORAGE or nothing means to `plenum serve`)")
    var storage: String?

    func run() async throws {
        let settings = try await Settings.load()
        let url = try settings.storageURL(storage)
        let status = try await url.status(environment: { settings[$0] })
        Terminal.write(Self.text(status))
        if let refusal = status.refusal {
            Terminal.complain(refusal.message)
            throw ExitCode(1)
        }
    }

    /// The lines of a status, names first.
    static func text(_ status: StorageStatus) -> String {
        var rows: [(String, String)] = [("backend", status.backend), ("address", status.address)]
        rows += status.facts.map { ($0.name, $0.value) }
        if let holder = status.holder { rows.append(("in use", "by process \(holder); this was read beside it")) }
        guard status.exists else {
            rows.append(("state", "there is no database yet; the first start, or `plenum storage migrate`, makes it"))
            return lines(rows)
        }
        rows.append(("schema", schema(status)))
        if let counts = status.counts {
            rows += [
                ("conversations", counts.conversations.grouped), ("messages", counts.messages.grouped),
                ("runs", counts.runs.grouped), ("run events", counts.runEvents.grouped),
                ("generations", counts.generations.grouped),
            ]
        }
        if let bytes = status.bytes { rows.append(("size", "\(bytes.grouped) bytes")) }
        return lines(rows)
    }

    private static func schema(_ status: StorageStatus) -> String {
        let known = StorageStatus.knownSchema
        guard let found = status.schema else { return "none yet; this Plenum's is \(known)" }
        if found == known { return "\(found), up to date" }
        return found < known
            ? "\(found); this Plenum's is \(known): the next start, or `plenum storage migrate`, brings it up to date"
            : "\(found), made by a newer Plenum; this one knows up to \(known)"
    }

    private static func lines(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in
            "\(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
        }.joined()
    }
}

extension Int {
    /// With a comma between every three digits.
    var grouped: String {
        var text = ""
        for (index, digit) in String(magnitude).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (self < 0 ? "-" : "") + String(text.reversed())
    }
}
