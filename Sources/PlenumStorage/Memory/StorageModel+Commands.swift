import PlenumCore

/// What is said to runs of other processes.
extension StorageModel {
    mutating func post(_ command: PostedCommand) throws(PlenumError) {
        guard let run = runs[command.run]?.record else { throw .missing("run", command.run) }
        guard !run.status.isTerminal else { throw .ended("run", command.run) }
        guard commands[command.id] == nil else { throw .exists("command", command.id) }
        let waiting = PostedCommand(id: command.id, run: command.run, command: command.command)
        put(\.commands, command.id, Stored(number: number(), record: waiting))
    }

    private func waiting(_ id: CommandID) throws(PlenumError) -> Stored<PostedCommand> {
        guard let stored = commands[id] else { throw .missing("command", id) }
        guard stored.record.answer == nil else { throw .ended("command", id) }
        return stored
    }

    mutating func answer(_ id: CommandID, _ answer: PostedCommand.Answer) throws(PlenumError) {
        var stored = try waiting(id)
        stored.record.answer = answer
        put(\.commands, id, stored)
    }

    mutating func withdraw(_ id: CommandID) throws(PlenumError) {
        _ = try waiting(id)
        put(\.commands, id, nil)
    }

    /// The commands that wait for runs in progress of a process, in the order in which they were said.
    func commandsToObey(of owner: Int?) -> [PostedCommand] {
        let waiting = commands.values.filter { stored in
            let run = stored.record.run
            guard stored.record.answer == nil, runs[run]?.record.status.isTerminal == false else { return false }
            return owners[.run(run)] == owner
        }
        return waiting.sorted { $0.number < $1.number }.map(\.record)
    }

    /// Drops commands of runs.
    mutating func dropCommands(where isDropped: (PostedCommand) -> Bool) {
        for (id, stored) in commands where isDropped(stored.record) { put(\.commands, id, nil) }
    }
}
