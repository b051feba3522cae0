import PlenumCore

/// What is said to runs of other processes.
extension SQLSession {
    func post(_ command: PostedCommand) throws(PlenumError) {
        let fault = { () throws(PlenumError) in try self.missingOrEnded("run", command.run, .runStatus) }
        try insert(.insertCommand, orThrow: .exists("command", command.id), ifNone: fault) {
            $0.id(command.id)
            $0.json(.object(command.command))
            $0.id(command.run)
        }
    }

    func answer(_ id: CommandID, _ answer: PostedCommand.Answer) throws(PlenumError) {
        let fault = { () throws(PlenumError) in try self.missingOrEnded("command", id, .commandIsThere) }
        try demand(.answerCommand, orThrow: fault) {
            $0.error(answer.error)
            $0.id(id)
        }
    }

    func withdraw(_ id: CommandID) throws(PlenumError) {
        let fault = { () throws(PlenumError) in try self.missingOrEnded("command", id, .commandIsThere) }
        try demand(.withdrawCommand, orThrow: fault) { $0.id(id) }
    }

    func command(_ id: CommandID) throws(PlenumError) -> PostedCommand? {
        try first(.command, { $0.id(id) }) { row throws(PlenumError) in try row.command() }
    }

    func commandsToObey(of owner: Int?) throws(PlenumError) -> [PostedCommand] {
        try rows(.commandsToObey, { $0.int(owner ?? 0) }) { row throws(PlenumError) in try row.command() }
    }
}

extension PostedCommand.Answer {
    fileprivate var error: RecordedError? { if case .refused(let error) = self { error } else { nil } }
}

extension SQLRowReader {
    fileprivate mutating func command() throws(PlenumError) -> PostedCommand {
        let (id, run): (CommandID, RunID) = (try id(), try self.id())
        guard let words = try json().object else { throw .unreadable("command") }
        var command = PostedCommand(id: id, run: run, command: words)
        let (isAnswered, error) = (flag(), error())
        if isAnswered { command.answer = error.map { .refused($0) } ?? .obeyed }
        return command
    }
}
