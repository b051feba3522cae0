import PlenumCore

extension StorageChange {
    /// The change with its texts as every database can keep them: see ``Swift/String/withoutNUL``. Of what is kept as JSON
    /// (parts, seats, settings, results, preferences, notes) nothing changes: there a NUL is written as an escape.
    var withoutNUL: StorageChange {
        switch self {
        case .createConversation(let conversation): .createConversation(conversation.withoutNUL)
        case .updateConversation(let id, let patch): .updateConversation(id, patch.withoutNUL)
        case .appendMessage(let message, let movesLeaf): .appendMessage(message.withoutNUL, movesLeaf: movesLeaf)
        case .finishMessage(let id, let ending): .finishMessage(id, ending.withoutNUL)
        case .createGeneration(let generation, let content): .createGeneration(generation.withoutNUL, content)
        case .finishGeneration(let id, let ending, let reply):
            .finishGeneration(id, ending.withoutNUL, reply: reply)
        case .reprice(let id, let cost, let source, let version):
            .reprice(id, cost, source, priceVersion: version?.withoutNUL)
        case .createRun(let run): .createRun(run.withoutNUL)
        case .finishRun(let id, let ending): .finishRun(id, ending.withoutNUL)
        case .appendRunEvents(let id, let events): .appendRunEvents(id, events.map(\.withoutNUL))
        case .settleClaim(let key, let id, let status, let answer):
            .settleClaim(key, id, status, answer?.withoutNUL)
        case .keepCallState(let state):
            .keepCallState(CallState(call: state.call.withoutNUL, parts: state.parts, createdAt: state.createdAt))
        case .answerCommand(let id, .refused(let error)): .answerCommand(id, .refused(error.withoutNUL))
        default: self
        }
    }
}

extension ClaimedAnswer {
    fileprivate var withoutNUL: ClaimedAnswer {
        ClaimedAnswer(status: status, contentType: contentType.withoutNUL, body: body)
    }
}

extension Conversation {
    fileprivate var withoutNUL: Conversation {
        var kept = self
        kept.title = title?.withoutNUL
        kept.model = model?.withoutNUL
        return kept
    }
}

extension ConversationPatch {
    fileprivate var withoutNUL: ConversationPatch {
        var kept = self
        kept.title = title?.withoutNUL
        kept.model = model?.withoutNUL
        return kept
    }
}

extension FinishReason {
    fileprivate var withoutNUL: FinishReason { FinishReason(meaning, native: native?.withoutNUL) }
}

extension RecordedError {
    fileprivate var withoutNUL: RecordedError {
        RecordedError(code: code.withoutNUL, message: message.withoutNUL, isRetryable: isRetryable)
    }
}

extension Message {
    fileprivate var withoutNUL: Message {
        var kept = self
        kept.model = model?.withoutNUL
        kept.provider = provider?.withoutNUL
        kept.step = step?.withoutNUL
        kept.finish = finish?.withoutNUL
        kept.error = error?.withoutNUL
        return kept
    }
}

extension RunStep {
    fileprivate var withoutNUL: RunStep {
        RunStep(round: round, phase: Phase(rawValue: phase.rawValue.withoutNUL), part: part)
    }
}

extension MessageEnding {
    fileprivate var withoutNUL: MessageEnding {
        var kept = self
        kept.model = model?.withoutNUL
        kept.provider = provider?.withoutNUL
        kept.finish = finish?.withoutNUL
        kept.error = error?.withoutNUL
        return kept
    }
}

extension Generation {
    fileprivate var withoutNUL: Generation {
        var kept = self
        kept.model = model.withoutNUL
        kept.requestedModel = requestedModel.withoutNUL
        kept.key = key?.withoutNUL
        kept.provider = provider.withoutNUL
        kept.ending = ending?.withoutNUL
        return kept
    }
}

extension GenerationEnding {
    fileprivate var withoutNUL: GenerationEnding {
        var kept = self
        kept.finish = finish?.withoutNUL
        kept.upstreamID = upstreamID?.withoutNUL
        kept.priceVersion = priceVersion?.withoutNUL
        kept.error = error?.withoutNUL
        return kept
    }
}

extension Run {
    fileprivate var withoutNUL: Run {
        var kept = self
        kept.kind = Kind(rawValue: kind.rawValue.withoutNUL)
        kept.stopReason = stopReason?.withoutNUL
        return kept
    }
}

extension RunEnding {
    fileprivate var withoutNUL: RunEnding {
        var kept = self
        kept.stopReason = stopReason.withoutNUL
        return kept
    }
}

extension RunEvent {
    fileprivate var withoutNUL: RunEvent {
        RunEvent(sequence: sequence, name: name.withoutNUL, seat: seat, data: data)
    }
}
