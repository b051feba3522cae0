import PlenumCore

extension Message {
    /// Takes over an ending; what it does not say of model, provider and generation stays.
    mutating func end(_ ending: MessageEnding) {
        status = ending.status
        parts = ending.parts
        model = ending.model ?? model
        provider = ending.provider ?? provider
        generation = ending.generation ?? generation
        finish = ending.finish
        usage = ending.usage
        cost = ending.cost
        error = ending.error
        endedAt = ending.endedAt
    }
}

extension Generation {
    /// The status that a new generation is stored with: its ending's, if it has one.
    func statusToStore() throws(PlenumError) -> Status {
        guard let ending else {
            if status.isTerminal { throw .endWithoutEnding(status) }
            return status
        }
        guard ending.status.isTerminal else { throw .notAnEnd(ending.status) }
        return ending.status
    }
}

extension StorageChange {
    /// About how many bytes the change holds, for the bound on what may wait to be written.
    var weight: Int {
        switch self {
        case .createConversation, .updateConversation: 1024
        case .appendMessage(let message, _): 512 + message.parts.byteCount
        case .finishMessage(_, let ending): 512 + ending.parts.byteCount
        case .createGeneration(_, let content): 512 + (content.map { $0.request.count + $0.reply.count } ?? 0)
        case .checkpoint(_, let progress): 64 + progress.text.utf8.count + progress.reasoning.utf8.count
        case .finishGeneration(_, _, let reply): 512 + (reply?.count ?? 0)
        case .createRun(let run): 256 + 256 * run.seats.count
        case .appendRunEvents(_, let events): events.reduce(64) { $0 + 64 + $1.data.count }
        case .settleClaim(_, _, _, let answer): 256 + (answer?.body.count ?? 0)
        case .claim(let claim): 512 + (claim.answer?.body.count ?? 0)
        case .releaseClaim, .pruneClaims: 64
        case .deleteConversation, .deleteMessage, .finishRun, .requestStop, .pruneRunEvents: 64
        }
    }
}

extension Message {
    /// Whether its words are searched: those of users and models are, once they do not change any more.
    var isSearchable: Bool { status.isTerminal && (role == .user || role == .assistant) }
}
