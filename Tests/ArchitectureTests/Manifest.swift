/// What the manifest says of the targets of the program.
struct Manifest: Sendable {
    /// One target.
    struct Target: Sendable, Hashable {
        let name: String
        let modules: Set<String>
        let products: Set<String>
    }

    /// The targets with Swift in them, in order.
    let targets: [Target]

    init(_ text: String) {
        targets = text.matches(of: /\.(?:executableTarget|target)\(/).compactMap { match in
            let entry = Self.balanced(text[match.range.upperBound...])
            guard let name = entry.firstMatch(of: /name:\s*"(\w+)"/), !entry.contains("path: \"Tests/") else {
                return nil
            }
            guard House.edges[String(name.1)] != nil else { return nil }
            return Self.target(String(name.1), entry)
        }
    }

    private static func target(_ name: String, _ entry: Substring) -> Target {
        guard let start = entry.firstRange(of: "dependencies: [") else {
            return Target(name: name, modules: [], products: [])
        }
        let list = balanced(entry[start.upperBound...])
        let products = list.matches(of: /\.product\(name:\s*"(\w+)"[^)]*\)/)
        let rest = list.replacing(/\.product\([^)]*\)/, with: "")
        return Target(
            name: name,
            modules: Set(rest.matches(of: /"(\w+)"/).map { String($0.1) }),
            products: Set(products.map { String($0.1) })
        )
    }

    /// The text up to the bracket that closes what is open at its start.
    private static func balanced(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            if "([".contains(text[index]) { depth += 1 }
            if ")]".contains(text[index]) { depth -= 1 }
            if depth < 0 { return text[..<index] }
        }
        return text
    }

    /// Where the manifest departs from the plan.
    var faults: [String] {
        targets.flatMap { target in
            let planned = House.edges[target.name] ?? []
            let extra = target.modules.subtracting(planned).sorted().map { "\(target.name) must not depend on \($0)" }
            let missing = planned.subtracting(target.modules).sorted().map { "\(target.name) must depend on \($0)" }
            let refused = target.products.filter { !House.allows(target.name, toImport: $0) }.sorted()
            return extra + missing + refused.map { "\(target.name) must not depend on \($0)" }
        }
    }
}
