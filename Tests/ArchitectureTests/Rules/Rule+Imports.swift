extension Rule {
    /// Imports go along the edges of the plan, and to the outside modules that it grants.
    static let imports = Rule.lines { file, line, _ in
        guard let module = importedModule(line) else { return nil }
        guard House.edges[file.target] != nil else { return "\(file.target) is no target of the plan" }
        return House.allows(file.target, toImport: module) ? nil : "\(file.target) must not import \(module)"
    }

    /// The module of an `import` line: attributes, access and kind are passed over, and a submodule is its module's.
    static func importedModule(_ line: String) -> String? {
        let words = line.split { $0 == " " || $0 == ";" || $0 == "\t" }
        guard let mark = words.firstIndex(of: "import") else { return nil }
        let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
        guard words[..<mark].allSatisfy({ $0.hasPrefix("@") || access.contains($0) }) else { return nil }
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
        let name = words[(mark + 1)...].first { !kinds.contains($0) }
        return name?.split(separator: ".").first.map(String.init)
    }
}
