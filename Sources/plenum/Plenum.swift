import ArgumentParser
import Glibc
import NIOCore
import NIOPosix

/// The program.
@main
enum Plenum {
    /// Installs NIO's event loops as the executor of every task, so that a request stays on the thread that read it, and
    /// hands over to the commands.
    static func main() throws {
        // Half the cores turn event loops; libcurl's thread and the database's writer need room beside them. On two cores one
        // loop answers more requests than two: each further thread costs a wake-up. NIO's own variable overrules this.
        if getenv("NIO_SINGLETON_GROUP_LOOP_COUNT") == nil {
            NIOSingletons.groupLoopCountSuggestion = max(1, System.coreCount / 2)
        }
        try EventLoopTasks.install()
        try MultiThreadedEventLoopGroup.singleton.any().makeFutureWithTask { await PlenumCommand.main() }.wait()
    }
}

/// `plenum`
struct PlenumCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plenum",
        abstract: "Every model through one small server, and every word kept.",
        version: "plenum \(Versions.plenum)",
        subcommands: [
            ServeCommand.self, AskCommand.self, CompareCommand.self, DebateCommand.self, FollowCommand.self,
            ModelsCommand.self, SimulateCommand.self, DoctorCommand.self,
            StorageCommand.self, ExportCommand.self, ImportCommand.self, PricesCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
