import ArgumentParser

/// `plenum storage`
struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "Look at what is kept, bring it up to date, or copy it to another place.",
        discussion: """
            A storage is written sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE, supabase (which reads SUPABASE_DB_URL) or \
            memory. An address with a password is better kept in .env than on a command line, where other users can see it.
            """,
        subcommands: [StorageStatusCommand.self, StorageMigrateCommand.self, StorageCopyCommand.self]
    )
}
