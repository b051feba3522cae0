import PlenumCore

extension StorageChange {
    /// About how many bytes the change holds, for the bound on what may wait to be written.
    var weight: Int {
        switch self {
        case .createConversation, .updateConversation: 1024
        case .appendMessage(let message, _):
            512 + 40 * message.derivedFrom.count + message.parts.byteCount
        case .finishMessage(_, let ending): 512 + ending.parts.byteCount
        case .createGeneration(_, let content): 512 + (content.map { $0.request.count + $0.reply.count } ?? 0)
        case .checkpoint(_, let progress): 64 + progress.text.utf8.count + progress.reasoning.utf8.count
        case .finishGeneration(_, _, let reply): 512 + (reply?.count ?? 0)
        case .createRun(let run):
            256 + run.seats.weight + run.settings.weight + (run.result?.weight ?? 0) + (run.preference?.weight ?? 0)
        case .updateRun(_, let patch):
            256 + (patch.seats?.weight ?? 0) + (patch.settings?.weight ?? 0) + (patch.preference?.weight ?? 0)
        case .finishRun(_, let ending): 256 + (ending.result?.weight ?? 0)
        case .appendRunEvents(_, let events): events.reduce(64) { $0 + 64 + $1.data.count }
        case .settleClaim(_, _, _, let answer): 256 + (answer?.body.count ?? 0)
        case .claim(let claim): 512 + (claim.answer?.body.count ?? 0)
        case .postCommand(let command): 256 + command.command.weight
        case .keepCallState(let state): 256 + state.parts.byteCount
        case .releaseClaim, .pruneClaims, .pruneCallStates, .withdrawCommand: 64
        case .answerCommand: 256
        case .reprice: 128
        case .deleteConversation, .deleteMessage, .reopenRun, .requestStop, .pruneRunEvents: 64
        }
    }
}

extension [Seat] {
    fileprivate var weight: Int { reduce(0) { $0 + $1.weight } }
}

extension Seat {
    fileprivate var weight: Int {
        let texts = [model, system ?? "", persona ?? "", side ?? ""] + fallbacks
        return texts.reduce(128 + parameters.weight) { $0 + $1.utf8.count }
    }
}

extension Preference {
    fileprivate var weight: Int { 128 + (reason?.utf8.count ?? 0) }
}

extension JSONObject {
    fileprivate var weight: Int { members.reduce(8) { $0 + 8 + $1.key.utf8.count + $1.value.weight } }
}

extension JSONValue {
    fileprivate var weight: Int {
        switch self {
        case .null, .bool: 8
        case .number(let number): number.text.utf8.count
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(8) { $0 + 8 + $1.weight }
        case .object(let object): object.weight
        }
    }
}
