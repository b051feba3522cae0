extension Rule {
    /// Tasks are children of somebody: none is started loose.
    static let looseTasks = Rule.lines { _, line, _ in
        guard line.contains("Task"),
            line.contains(/(?:^|[^\w.@])Task\s*(?:<[^>]*>\s*)?(?:\{|\(|\.\s*(?:detached|immediate))/)
        else { return nil }
        return "a task is started loose; use a task group or async let"
    }

    /// Nothing traps on purpose and nothing is printed past the terminal's own file.
    static let forbiddenCalls = Rule.lines { file, line, _ in
        if line.contains("try!") { return "try! traps; throw or handle" }
        if line.contains(/(?:^|[^\w.])fatalError\s*\(/) { return "fatalError( traps; make the state impossible" }
        let calls = line.replacing(/\bfunc\s+\w+/, with: "")
        guard calls.contains(/(?:^|[^\w.])(?:print|debugPrint|dump)\s*\(/) else { return nil }
        return file.path == House.terminalFile ? nil : "print( belongs into the terminal's file; log instead"
    }

    /// Work that is left is not written into the sources.
    static let leftovers = Rule { file in
        file.lines.enumerated().compactMap { index, line in
            guard let word = ["TODO", "FIXME"].first(where: line.contains) else { return nil }
            return (index + 1, "\(word) is left; do it or leave it out")
        }
    }

    /// What the compiler cannot check is vouched for in few places, each with its reason above.
    static let vouching = Rule.lines { file, line, number in
        let squeezed = line.filter { $0 != " " }
        let claims = ["@uncheckedSendable", "nonisolated(unsafe)"]
        guard let claim = claims.first(where: squeezed.contains) else { return nil }
        guard House.mayVouch.contains(file.target) else { return "\(file.target) must not use \(claim)" }
        let above = file.lines[..<(number - 1)].last { !$0.trimmed.hasPrefix("@") }
        return above?.trimmed.hasPrefix("//") == true ? nil : "\(claim) needs its reason on the line above"
    }

    /// Every public declaration is described.
    static let documentation = Rule.lines { file, line, number in
        guard line.contains("public") || line.contains("open"), isPublic(line.trimmed) else { return nil }
        let above = file.lines[..<(number - 1)].last { !$0.trimmed.hasPrefix("@") }
        return above?.trimmed.hasPrefix("///") == true ? nil : "a public declaration needs a /// line above"
    }

    private static func isPublic(_ line: Substring) -> Bool {
        var rest = line[...]
        while let attribute = rest.prefixMatch(of: /@\w+(?:\([^)]*\))?\s+/) {
            rest = rest[attribute.range.upperBound...]
        }
        let words = rest.split(separator: " ")
        let modifiers: Set<Substring> = [
            "static", "final", "class", "nonisolated", "mutating", "override", "convenience", "required", "indirect",
        ]
        guard let first = words.firstIndex(where: { !modifiers.contains($0) }) else { return false }
        guard words[first] == "public" || words[first] == "open" else { return false }
        let declared: Set<Substring> = [
            "struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype", "func", "var", "let", "init",
            "subscript",
        ]
        return words[first...].contains { declared.contains($0.prefix { $0.isLetter }) }
    }
}

extension StringProtocol {
    /// Without the spaces at its ends.
    var trimmed: Substring {
        let start = Substring(self).drop { $0.isWhitespace }
        let spaces = start.reversed().prefix { $0.isWhitespace }.count
        return start.dropLast(spaces)
    }
}
