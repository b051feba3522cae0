import PlenumCore
import PlenumEngine
import PlenumTesting
import Testing

@testable import PlenumEngine

/// Scripted models that know what they are asked in a debate.
enum Debaters {
    /// What a prompt asks for, as far as a model can tell.
    static func prompt(_ request: CompletionRequest) -> String {
        guard case .chat(let chat) = request.prompt else { return "" }
        return chat.turns.last?.text ?? ""
    }

    /// Answers whatever the protocols ask for.
    static func answer(_ request: CompletionRequest) -> String {
        let asked = prompt(request)
        if asked.contains("Would more rounds") { return #"{"decided": false, "why": "No."}"# }
        if asked.contains("Who has convinced you?") {
            // Whichever side model a spoke for.
            let winner = (1...4).first { asked.contains("<turn from=\"Side \($0)\" round=\"1\">\nWords of a,") } ?? 0
            return #"{"winner": "\#(winner)", "decisive_point": "It is so.", "answer": "Yes."}"#
        }
        if let form = LooseJSON.object(in: asked, with: "ranking") { return JSONValue.object(form).text }
        return "Words of \(request.model), \(asked.utf8.count).\nANSWER: \(request.model)\nCONFIDENCE: 50"
    }

    /// The same as steps of a reply.
    static let script: @Sendable (CompletionRequest) throws(PlenumError) -> [ScriptedProvider.Step] = { request in
        let words = answer(request).split(separator: " ", omittingEmptySubsequences: false)
        return [.events([.start(id: "r", model: "m")])]
            + words.enumerated().map { .events([.text($0.offset == 0 ? String($0.element) : " " + $0.element)]) } + [
                .events([.finish(FinishReason(.endTurn))]),
                .events([.usage(Usage(inputUncached: 20, output: words.count)), .end]),
            ]
    }

    /// A debate of models of the engine under test.
    static func ask(
        _ debate: DebateProtocol,
        _ models: String...,
        judge: String? = "c",
        _ configure: (inout RunAsk) -> Void = { _ in }
    ) -> RunAsk {
        var ask = RunAsk(kind: .debate, input: [.text("Is it so?")], seats: models.map { RunAsk.Seat(model: $0) })
        ask.settings.debate = debate
        ask.settings.judge = judge.map { RunSettings.Voice(model: $0) }
        configure(&ask)
        return ask
    }
}
