import Testing

/// The rules of the house, held against its sources.
@Suite("The house")
struct HouseTests {
    private let files: [SourceFile]
    private var sources: [SourceFile] { files.filter(\.isSource) }

    init() throws { files = try Repository.swiftFiles() }

    @Test("imports go along the edges of the plan and no others")
    func imports() {
        #expect(sources.count > 30)
        #expect(Rule.imports.faults(in: sources) == [])
    }

    @Test("the manifest has the edges of the plan, all of them and no others")
    func manifest() throws {
        let manifest = Manifest(try Repository.text("Package.swift"))
        #expect(manifest.targets.contains { $0.name == "PlenumCore" })
        #expect(manifest.faults == [])
    }

    @Test("the plan has no circle, and the core and the program are its ends")
    func plan() {
        var remaining = House.edges.mapValues { $0.filter { House.edges[$0] != nil } }
        while let free = remaining.first(where: { $0.value.isEmpty })?.key {
            remaining[free] = nil
            remaining = remaining.mapValues { $0.subtracting([free]) }
        }
        #expect(remaining.isEmpty)
        #expect(!House.edges.values.contains { $0.contains("plenum") })
    }

    @Test("files have at most 400 lines, tests 600")
    func fileLength() { #expect(Rule.fileLength.faults(in: files) == []) }

    @Test("functions have at most 60 lines")
    func functionLength() { #expect(Rule.functionLength.faults(in: sources) == []) }

    @Test("no task is started loose")
    func looseTasks() { #expect(Rule.looseTasks.faults(in: sources) == []) }

    @Test("nothing traps on purpose, and only the terminal's file prints")
    func forbiddenCalls() { #expect(Rule.forbiddenCalls.faults(in: sources) == []) }

    @Test("no work is left in the sources")
    func leftovers() { #expect(Rule.leftovers.faults(in: sources) == []) }

    @Test("what the compiler cannot check stands at the rim, with its reason above")
    func vouching() { #expect(Rule.vouching.faults(in: sources) == []) }

    @Test("every public declaration is described")
    func documentation() { #expect(Rule.documentation.faults(in: sources) == []) }

    @Test("no file or folder has a space in its name, or a name that says nothing")
    func names() throws { #expect(try Repository.paths().compactMap(Rule.nameFault) == []) }
}
