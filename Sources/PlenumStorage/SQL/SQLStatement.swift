/// Every statement there is, so that a connection can keep each one prepared in a place of its own.
enum SQLStatement: Int, CaseIterable, Sendable {
    case schemaIsThere, schemaVersion, probe

    case insertConversation, updateConversation, touchConversation, touchConversationOfMessage
    case deleteContentOfConversation, deleteProgressOfConversation, deleteEventsOfConversation
    case deleteRunsOfConversation, deleteMessagesOfConversation, deleteConversation
    case conversationIsThere, conversation, conversationsAscending, conversationsDescending

    case insertMessage, finishMessage, interruptMessage, deleteProgressOfMessage, deleteContentOfMessage
    case moveLeafToParent, orphanAnswers, deleteMessage
    case messageStatus, messageIsInConversation, messageNumber, message, messagesAscending, messagesDescending
    case thread, messagesOfRun, abandonedMessages, progressOfMessage

    case insertGeneration, insertContent, insertProgress, finishGeneration, deleteProgress, setReply
    case repriceGeneration, repriceMessage
    case interruptGenerations, deleteEndedProgress
    case generationStatus, generation, generationsOfRun, content
    case usageByModel, usageByProvider, usageByDay, usageByKey

    case insertRun, updateRun, finishRun, reopenRun, interruptRuns, insertEvent, pruneEvents
    case runStatus, runNumber, run, events, runsAscending, runsDescending, judgedRunsAscending, judgedRunsDescending
    case runsOfConversationAscending, runsOfConversationDescending

    case insertSearchableMessage, insertSearchableTitle, insertSearchable
    case deleteSearchableMessage, deleteSearchableTitle, deleteSearchablesOfConversation
    case messagesToSearch, titlesToSearch
    case searchableMessage, searchableTitle, search, searchNewest
    case insertClaim, settleClaim, releaseClaim, pruneClaims, interruptClaims
    case dropAnswersOfConversation, dropAnswersOfMessage, claimStatus, claim
    case counts
    case sizesOfConversations, sizesOfMessages, sizesOfRuns, sizesOfEvents, sizesOfGenerations, sizesOfProgress
    case exportConversations, exportMessages, exportRuns, exportEvents, exportGenerations, exportProgress
    case presentConversations, presentMessages, presentRuns, presentEvents, presentGenerations, presentProgress

    case postgresServer, postgresTables, postgresGrants, postgresExposure
    case insertProcess, renewProcess, processNumber, stillOwner, deleteExpiredProcesses, deleteOtherProcesses
    case requestStop, runsToStop, abandonedWork
    case insertCommand, answerCommand, withdrawCommand, commandIsThere, command, commandsToObey
    case dropCommandsOfRun, deleteCommandsOfConversation, pruneCommands
    case keepCallState, callState, pruneCallStates

    /// The text, with `?` for every argument.
    func text(in dialect: SQLDialect) -> String {
        conversationText(dialect) ?? messageText(dialect) ?? generationText(dialect) ?? runText(dialect)
            ?? searchText(dialect) ?? claimText(dialect) ?? leaseText(dialect) ?? commandText(dialect)
            ?? callStateText(dialect) ?? priceText(dialect) ?? exportText ?? diagnosisText
            ?? otherText(dialect)
    }

    /// What holds for rows that are not at their end.
    static let unfinished = "status IN ('queued', 'in_progress')"

    /// As many placeholders as there are columns in a list.
    static func placeholders(for columns: String) -> String {
        columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
    }

    /// A list of columns, each with the name of its table.
    static func columns(_ columns: String, of table: String) -> String {
        columns.split(separator: ",").map { "\(table).\($0.drop { $0 == " " || $0 == "\n" })" }.joined(separator: ", ")
    }

    private func otherText(_ dialect: SQLDialect) -> String {
        switch self {
        case .schemaIsThere: dialect.schemaIsThere
        case .probe: "UPDATE probe SET count = count + 1 WHERE number = 1"
        default: "SELECT version FROM schema_version"
        }
    }
}
