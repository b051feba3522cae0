import ArgumentParser
import PlenumCore

/// `plenum ask`
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Ask one model or several at once, and keep the answers.",
        discussion: """
            plenum ask -m anthropic/claude-opus-5-5 -m openai/gpt-6.2-sol "Which is the better sort?"

            The answers are stored like any run. While a server runs at its usual place (PLENUM_HOST, PLENUM_PORT), the question \
            is put to it, unless --storage, --providers or --demo is given.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var question: QuestionOptions

    @Option(name: [.short, .customLong("model")], help: "A model to ask; give it several times to compare.")
    var models: [String] = []

    func run() async throws {
        let renderer = question.renderer(options)
        try await RunClient(common: common, options: options).carryOut(renderer) { first in
            let names = models.isEmpty ? [first].compactMap(\.self) : models
            var body = question.body(names)
            body["kind"] = .string(names.count > 1 ? "compare" : "chat")
            return .start(body)
        }
    }
}

/// `plenum compare`
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Send one prompt to several models and read the answers side by side.",
        discussion: """
            plenum compare -m anthropic/claude-opus-5-5 -m google/gemini-3.5-pro --max-cost 0.10 "Explain monads to a cook."

            Ctrl-C leaves the run going at the server, and says how to follow it.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: RunOptions
    @OptionGroup var question: QuestionOptions

    @Option(
        name: [.short, .customLong("model")],
        help: "A model; give it two to sixteen times. The same twice is fine."
    )
    var models: [String]

    @Option(name: .customLong("max-cost"), help: "The most that may be spent, in dollars.")
    var maxCost: String?

    @Flag(help: "Hide which model wrote what until you have chosen (POST /v1/runs/ID/prefer).")
    var blind = false

    func run() async throws {
        let renderer = question.renderer(options)
        try await RunClient(common: common, options: options).carryOut(renderer) { _ in
            var body = question.body(models)
            body["kind"] = "compare"
            body["max_cost"] = maxCost.map { .string($0) }
            if blind { body["blind"] = true }
            return .start(body)
        }
    }
}

/// What is asked of every model alike, and how the answers are shown.
struct QuestionOptions: ParsableArguments {
    @Option(help: "System text for every model.")
    var system: String?

    @Option(help: "The conversation to go on with.")
    var conversation: String?

    @Flag(name: .customLong("in-turn"), help: "Print the answers one after another, not side by side.")
    var inTurn = false

    @Argument(help: "What to ask.")
    var prompt: [String]

    /// The body of a run, but for its kind.
    func body(_ models: [String]) -> JSONObject {
        let seats = models.map { model -> JSONValue in
            var seat = JSONObject([("model", .string(model))])
            seat["system"] = system.map { .string($0) }
            return .object(seat)
        }
        var body = JSONObject([("input", .string(prompt.joined(separator: " "))), ("seats", .array(seats))])
        body["conversation"] = conversation.map { .string($0) }
        return body
    }

    /// Shows answers side by side where a person looks on.
    func renderer(_ options: RunOptions) -> RunRenderer {
        let isLive = Terminal.isInteractive && !options.isSilent
        return RunRenderer(columns: !inTurn && isLive, isSilent: options.isSilent)
    }
}
