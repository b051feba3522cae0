import Testing

/// Each rule, shown to find a fault that was put there and to leave good code alone.
@Suite("The rules of the house")
struct RuleTests {
    private func faults(_ rule: Rule, _ target: String, _ text: String) -> [Int] {
        rule.faults(in: SourceFile("Sources/\(target)/File.swift", text)).compactMap {
            $0.split(separator: ":").dropFirst().first.flatMap { Int($0) }
        }
    }

    @Test(
        "an import off the plan is found",
        arguments: [
            ("PlenumCore", "PlenumWire"), ("PlenumWire", "PlenumTransport"), ("PlenumWire", "PlenumEngine"),
            ("PlenumTransport", "PlenumCore"), ("PlenumStorage", "CCurl"), ("PlenumEngine", "PlenumStorage"),
            ("PlenumWeb", "PlenumCore"), ("PlenumProviders", "PlenumEngine"), ("PlenumHTTP", "PlenumProviders"),
            ("PlenumHTTP", "PlenumStorage"), ("PlenumEngine", "plenum"), ("plenum", "CSQLite"),
            ("PlenumEngine", "Hummingbird"), ("plenum", "Hummingbird"), ("PlenumEngine", "NIOCore"),
            ("PlenumStorage", "HTTPTypes"), ("PlenumCore", "Logging"), ("PlenumHTTP", "ArgumentParser"),
            ("PlenumHTTP", "ServiceLifecycle"), ("PlenumEngine", "Configuration"), ("PlenumStorage", "Crypto"),
            ("PlenumCore", "Foundation"), ("PlenumWire", "Foundation"), ("PlenumTransport", "Foundation"),
            ("PlenumStorage", "Foundation"), ("PlenumEngine", "Alamofire"), ("Stranger", "PlenumCore"),
        ]
    )
    func importOffThePlan(_ target: String, _ module: String) {
        for form in ["import", "public import", "@preconcurrency import", "@testable private import struct"] {
            #expect(faults(.imports, target, "// import X\n\(form) \(module)\nlet a = \"import Y\"\n") == [2])
        }
        #expect(faults(.imports, target, "import \(module).Sub") == [1])
    }

    @Test("an import on the plan is left alone, and so is a word that only looks like one")
    func importOnThePlan() {
        let good =
            "public import PlenumCore\nimport Synchronization\n/* import PlenumHTTP */\nlet importer = \"import X\"\n"
        #expect(faults(.imports, "PlenumWire", good) == [])
        #expect(faults(.imports, "PlenumHTTP", "import Foundation\nimport Hummingbird\nimport NIOCore") == [])
        #expect(faults(.imports, "plenum", "import PlenumStorage\nimport ServiceLifecycle\nimport Crypto") == [])
    }

    @Test("a dependency off the plan, or one too few, is found in the manifest")
    func manifest() {
        let good = """
            .target(name: "CWebAssets", exclude: ["Assets"]),
            .target(name: "PlenumCore"),
            .target(name: "PlenumEngine", dependencies: ["PlenumCore", .product(name: "Logging", package: "swift-log")]),
            .target(name: "PlenumTesting", dependencies: ["PlenumCore"], path: "Tests/Support"),
            .testTarget(name: "PlenumCoreTests", dependencies: ["PlenumHTTP"]),
            """
        #expect(Manifest(good).targets.map(\.name) == ["PlenumCore", "PlenumEngine"])
        #expect(Manifest(good).faults == [])
        #expect(Manifest(good.replacing("[\"PlenumCore\", .", with: "[\"PlenumWire\", .")).faults.count == 2)
        #expect(Manifest(good.replacing("Logging", with: "Hummingbird")).faults.count == 1)
        #expect(Manifest(#".target(name: "PlenumWire")"#).faults == ["PlenumWire must depend on PlenumCore"])
    }

    @Test("a long file is found, in the sources and in the tests")
    func fileLength() {
        let lines = String(repeating: "let a = 1\n", count: 401)
        #expect(faults(.fileLength, "PlenumCore", lines) == [401])
        #expect(faults(.fileLength, "PlenumCore", String(lines.dropLast(10))) == [])
        #expect(Rule.fileLength.faults(in: SourceFile("Tests/A/B.swift", lines)) == [])
        #expect(Rule.fileLength.faults(in: SourceFile("Tests/A/B.swift", lines + lines)).count == 1)
    }

    @Test(
        "a long function is found, however its signature is laid out",
        arguments: [
            "func a() {", "    static func == (left: A, right: A) -> Bool {", "init?(_ a: Int = { 1 }()) {", "deinit {",
            "func a<T>(\n    _ b: [T] = [],\n    c: () -> Void = {}\n)\n    async throws(E) -> [T]\nwhere T: P\n{",
        ]
    )
    func functionLength(_ signature: String) {
        let head = signature.split(separator: "\n").count
        let body = { (count: Int) in "\n" + String(repeating: "    if a { b(\"}\") } // }\n", count: count) + "}\n" }
        #expect(faults(.functionLength, "PlenumCore", "\n" + signature + body(60 - head)) == [2])
        #expect(faults(.functionLength, "PlenumCore", "\n" + signature + body(59 - head)) == [])
    }

    @Test("a requirement without a body, and a call of an initialiser, are no functions")
    func requirements() {
        let lines = String(repeating: "    let a = B.init(1)\n", count: 70)
        #expect(
            faults(.functionLength, "PlenumCore", "protocol P {\n    func a() -> Int\n    init(b: Int)\n\(lines)}\n")
                == []
        )
        #expect(faults(.functionLength, "PlenumCore", "struct S {\n\(lines)    func a() { b() }\n}\n") == [])
    }

    @Test(
        "a loose task is found",
        arguments: [
            "Task {", "_ = Task { @MainActor in", "Task(priority: .low) {", "Task.detached {", "Task<Void, Never> {",
        ]
    )
    func looseTask(_ text: String) { #expect(faults(.looseTasks, "PlenumEngine", "\n    \(text)\n") == [2]) }

    @Test("a child task, and the type's own functions, are left alone")
    func childTasks() {
        let good =
            "group.addTask { a() }\ntry await Task.sleep(for: b)\nlet t: Task<Int, Never>?\nif Task.isCancelled {\n// Task {\n"
        #expect(faults(.looseTasks, "PlenumEngine", good + "withThrowingTaskGroup(of: A.self) {\n\"Task {\"\n") == [])
    }

    @Test(
        "a trap and a print are found",
        arguments: ["try! a()", "fatalError(\"no\")", "print(a)", "debugPrint(a)", "dump(a)", "\"\\(try! a())\""]
    )
    func forbiddenCall(_ text: String) {
        #expect(faults(.forbiddenCalls, "PlenumEngine", "func a() {\n    \(text)\n}") == [2])
        #expect(faults(.forbiddenCalls, "PlenumEngine", "// \(text)\n/* \(text) */\nlet s = #\"try! print(\"#\n") == [])
    }

    @Test("the terminal's file may print, and a function of another name may be called")
    func prints() {
        #expect(Rule.forbiddenCalls.faults(in: SourceFile(House.terminalFile, "print(a)")) == [])
        #expect(faults(.forbiddenCalls, "plenum", "print(a)") == [1])
        #expect(
            faults(.forbiddenCalls, "plenum", "terminal.print(a)\nfingerprint(a)\ntry? a()\nfunc print(_ a: B) {}")
                == []
        )
    }

    @Test("work that is left is found, in comments too", arguments: ["// TODO: a", "/// FIXME", "let a = 1 // TODO"])
    func leftover(_ text: String) { #expect(faults(.leftovers, "PlenumCore", "\n\(text)\n") == [2]) }

    @Test("an unchecked claim is found where it must not be, and where its reason is missing")
    func vouching() {
        for claim in ["final class A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1"] {
            #expect(faults(.vouching, "PlenumEngine", "// Because.\n\(claim)\n") == [2])
            #expect(faults(.vouching, "PlenumTransport", "let b = 1\n\(claim)\n") == [2])
            #expect(faults(.vouching, "PlenumStorage", claim) == [1])
            #expect(faults(.vouching, "PlenumStorage", "// Because.\n@frozen\n\(claim)\n") == [])
        }
        #expect(faults(.vouching, "PlenumCore", "struct A: Sendable {}\n// @unchecked Sendable\n") == [])
    }

    @Test(
        "a public declaration without a description is found",
        arguments: [
            "public struct A {}", "public private(set) var a = 1", "@inlinable public func a() {}",
            "static public let a = 1",
            "public init() {}", "open class A {}", "@available(*, deprecated) public var a: Int { 1 }",
        ]
    )
    func documentation(_ text: String) {
        #expect(faults(.documentation, "PlenumCore", "// A.\n    \(text)\n") == [2])
        #expect(faults(.documentation, "PlenumCore", "let b = 1\n\n\(text)\n") == [3])
        #expect(faults(.documentation, "PlenumCore", text) == [1])
        #expect(faults(.documentation, "PlenumCore", "    /// A.\n    @discardableResult\n    \(text)\n") == [])
    }

    @Test("what is not public, or cannot be described, needs no description")
    func undocumented() {
        #expect(
            faults(
                .documentation,
                "PlenumCore",
                "struct A {}\npublic import B\nopen = [:]\npublic extension C {}\nlet publicName = \"public x\"\n"
            ) == []
        )
    }

    @Test(
        "a name that says nothing is found",
        arguments: ["A B/C.swift", "JSONUtils/A.swift", "KeyHelper.swift", "A/TaskManager.swift"]
    )
    func names(_ name: String) {
        #expect(Rule.nameFault("Sources/PlenumCore/" + name) != nil)
        #expect(Rule.nameFault("Sources/PlenumCore/JSON/JSONKey.swift") == nil)
    }

    @Test("comments and strings are masked, and interpolated code is not")
    func masks() {
        let text = "a(\"x \\(b(\"y\")) z\") // c\n#\"q\" \\#(d) \"#\n\"\"\"\n\" e\n\"\"\" + f /* g /* h */ i */ j"
        let masked = CodeMask.masked(text)
        #expect(masked.filter { $0.isLetter } == "abdfj")
        #expect(masked.count == text.count)
        #expect(masked.count { $0 == "\n" } == 4)
    }
}
