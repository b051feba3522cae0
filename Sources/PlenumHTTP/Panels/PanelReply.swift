import PlenumCore
import PlenumEngine

/// What a panel has come to, as the answer of one model.
struct PanelReply {
    let record: RunRecord

    /// What the client reads; `nil` if the panel has come to nothing.
    var text: String? {
        let result = record.result
        switch result?["method"]?.string {
        case "judge":
            let words = ["answer", "decisive_point"].compactMap { result?[$0]?.string }.filter { !$0.isEmpty }
            return words.isEmpty ? spoken(result) : words.joined(separator: "\n\n")
        case "split", "no_verdict":
            let opinions = (result?["verdicts"]?.array ?? []).compactMap { $0["verdict"]?["answer"]?.string }
            guard !opinions.isEmpty else { return spoken(result) }
            return "The judge did not come to one verdict.\n\n" + opinions.map { "- \($0)" }.joined(separator: "\n")
        case nil, "none"?: return record.run.status == .failed ? nil : spoken(result)
        default: return spoken(result)
        }
    }

    /// The words of the message that stands for the result, without the lines that are there to be counted.
    private func spoken(_ result: JSONObject?) -> String? {
        let message = record.messages.first { $0.id.description == result?["message"]?.string }
        return message.map { AnswerText.withoutCounting($0.text) }
    }

    /// The reply; what went wrong if there is none.
    func reply() throws(PlenumError) -> Reply {
        guard let text else { throw failure }
        return Reply([
            .start(id: record.run.id.description, model: nil), .text(text), .finish(FinishReason(.endTurn)),
            .usage(usage), .end,
        ])
    }

    /// The sum over all calls.
    var usage: Usage {
        var usage = record.totals.usage
        usage.reportedCost = record.totals.cost
        return usage
    }

    /// What is said of a panel that has come to nothing.
    var failure: PlenumError {
        let reasons = record.turns.compactMap { turn in turn.error.map { "\(turn.model ?? "a model"): \($0.message)" } }
        let why = Set(reasons).sorted().joined(separator: " ")
        switch record.run.status {
        case .cancelled: return PlenumError(.cancelled, "The run was cancelled.")
        case .interrupted: return PlenumError(.interrupted, "The server stopped before the panel had answered.")
        default:
            return PlenumError(
                .badUpstream,
                "The panel has come to nothing (\(record.run.stopReason ?? "failed")). \(why.prefix(1000))",
                retryable: false
            )
        }
    }

    /// What a client may want to know beside the answer: `plenum_run`.
    var member: JSONValue {
        let result = record.result
        var member = JSONObject([
            ("run_id", .string(record.run.id.description)),
            ("conversation", .string(record.run.conversation.description)),
            ("protocol", record.run.settings["protocol"] ?? .null), ("status", .string(record.run.status.rawValue)),
            ("stop_reason", .text(record.run.stopReason)),
            (
                "failed_models",
                .array((result?["failed_seats"]?.array ?? []).map { $0["model"] ?? .null })
            ), ("vote_baseline", result?["baseline"] ?? .null), ("cost", .text(record.totals.cost?.description)),
        ])
        for key in ["method", "consistent", "scores", "tally", "quorum", "substituted_seats"] {
            member[key] = result?[key]
        }
        return .object(member)
    }
}
