import PlenumCore

/// A session that only writes down what units of work would do, and tells them that all went well: so many of them can
/// be sent in one go. What they were told is checked against the answers afterwards.
final class PostgresRecording: SQLSession {
    /// A statement with its arguments, as places among ``arguments``.
    struct Step {
        let statement: SQLStatement
        let arguments: Range<Int>
        /// Whether it was assumed to change a row, or to give one.
        let isDemanded: Bool
    }

    let dialect = SQLDialect.postgres
    let arguments = SQLArguments()
    private var steps: [Step] = []
    private var next = 0

    /// What a unit of work does.
    enum Outcome {
        /// These statements, if what it was told holds.
        case steps([Step])
        /// It cannot be done without looking.
        case needsAnswers
        /// Nothing, whatever the database holds.
        case fault(PlenumError)
    }

    /// Thrown through units of work that ask what only the database knows.
    private static let needsAnswers = PlenumError(PlenumError.Code(rawValue: "needs_answers"), "Ask the database.")

    /// Lets a unit of work say what it would do.
    func record(_ work: (any SQLSession) throws(PlenumError) -> Void) -> Outcome {
        steps = []
        do {
            try work(self)
            return .steps(steps)
        } catch {
            // Before the first statement, nothing but the work itself can be at fault.
            return error == Self.needsAnswers || !steps.isEmpty ? .needsAnswers : .fault(error)
        }
    }

    /// Forgets everything.
    func clear() {
        arguments.clear()
        next = 0
    }

    private func add(_ statement: SQLStatement, isDemanded: Bool) {
        let end = arguments.values.count
        steps.append(Step(statement: statement, arguments: next..<end, isDemanded: isDemanded))
        next = end
    }

    func run(_ statement: SQLStatement) throws(PlenumError) -> Int {
        add(statement, isDemanded: false)
        return 1
    }

    func demand(
        _ statement: SQLStatement,
        orThrow fault: () throws(PlenumError) -> PlenumError,
        _ fill: (SQLArguments) -> Void
    ) throws(PlenumError) {
        fill(arguments)
        add(statement, isDemanded: true)
    }

    func exists(_ statement: SQLStatement) throws(PlenumError) -> Bool {
        add(statement, isDemanded: true)
        return true
    }

    func query(
        _ statement: SQLStatement,
        _ body: (inout SQLRowReader) throws(PlenumError) -> Void
    ) throws(PlenumError) {
        next = arguments.values.count
        throw Self.needsAnswers
    }

    func execute(_ script: String) throws(PlenumError) { throw Self.needsAnswers }
}
