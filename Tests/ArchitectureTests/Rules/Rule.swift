/// A rule of the house: what it finds wrong with a file, each with the line's number.
struct Rule: Sendable {
    private let check: @Sendable (SourceFile) -> [(line: Int, fault: String)]

    init(_ check: @escaping @Sendable (SourceFile) -> [(line: Int, fault: String)]) { self.check = check }

    /// What is wrong, as `path:line: fault`.
    func faults(in file: SourceFile) -> [String] {
        check(file).map { "\(file.path):\($0.line): \($0.fault)" }
    }

    /// What is wrong with several files.
    func faults(in files: [SourceFile]) -> [String] { files.flatMap(faults) }

    /// A rule about single lines of code; the line's number counts from 1.
    static func lines(_ fault: @escaping @Sendable (SourceFile, String, Int) -> String?) -> Rule {
        Rule { file in
            file.code.enumerated().compactMap { index, line in fault(file, line, index + 1).map { (index + 1, $0) } }
        }
    }
}
