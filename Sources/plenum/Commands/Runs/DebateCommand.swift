import ArgumentParser
import PlenumCore
import PlenumEngine

/// `plenum debate`
struct DebateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "debate",
        abstract: "Let models debate, and read what they come to.",
        discussion: """
            plenum debate -m anthropic/claude-opus-5-5 -m google/gemini-3.5-pro --protocol sides --judge openai/gpt-6.2-sol \
            --side "Shard now." --side "Wait." "Should we shard the database now?"

            vote: all answer, the answer that most give is taken. revise: they read each other and answer again. sides: each argues \
            for a side, a judge decides, asked twice with the order swapped. council: they rank each other, a chair writes. talk: \
            they talk in turn. fusion: one answer is made of all.

            Ctrl-C leaves the run going at the server, and says how to follow it.
            """
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: RunOptions

    @Option(name: [.short, .customLong("model")], help: "A model; give it two to six times. The same twice is fine.")
    var models: [String]

    @Option(name: [.short, .customLong("protocol")], help: "vote, revise, sides, council, talk or fusion.")
    var protocolName = "revise"

    @Option(help: "The position of a seat, in the order of the models (sides).")
    var side: [String] = []

    @Option(help: "Who a seat speaks as, in the order of the models.")
    var persona: [String] = []

    @Option(help: "Who judges, or writes the final answer; a model outside the panel if left out.")
    var judge: String?

    @Option(help: "How many rounds (revise, sides).")
    var rounds: Int?

    @Option(help: "How many turns (talk).")
    var turns: Int?

    @Flag(help: "End a talk with a summary.")
    var summary = false

    @Option(name: .customLong("max-cost"), help: "The most that may be spent, in dollars.")
    var maxCost: String?

    @Option(help: "The conversation to go on with.")
    var conversation: String?

    @Argument(help: "What to debate.")
    var topic: [String]

    func validate() throws {
        guard DebateProtocol(rawValue: protocolName) == nil else { return }
        let all = DebateProtocol.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("There is no protocol \"\(protocolName)\": \(all).")
    }

    func run() async throws {
        let renderer = TurnRenderer(isSilent: options.isSilent)
        try await RunClient(common: common, options: options).carryOut(renderer) { _ in .start(body) }
    }

    private var body: JSONObject {
        let seats = models.enumerated().map { index, model -> JSONValue in
            var seat = JSONObject([("model", .string(model))])
            if index < side.count { seat["side"] = .string(side[index]) }
            if index < persona.count { seat["persona"] = .string(persona[index]) }
            return .object(seat)
        }
        var debate = JSONObject([("protocol", .string(protocolName))])
        debate["rounds"] = rounds.map { .number(JSONNumber($0)) }
        debate["turns"] = turns.map { .number(JSONNumber($0)) }
        debate["judge"] = judge.map { ["model": .string($0)] }
        if summary { debate["summary"] = true }
        var body = JSONObject([
            ("kind", "debate"), ("input", .string(topic.joined(separator: " "))), ("seats", .array(seats)),
            ("debate", .object(debate)),
        ])
        body["max_cost"] = maxCost.map { .string($0) }
        body["conversation"] = conversation.map { .string($0) }
        return body
    }
}

/// `plenum follow`
struct FollowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Follow a run from its beginning, or take up one that broke off."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var options: RunOptions

    @Flag(help: "Take the run up where it broke off.")
    var resume = false

    @Argument(help: "The run: run_…")
    var run: String

    func run() async throws {
        let renderer = TurnRenderer(isSilent: options.isSilent)
        try await RunClient(common: common, options: options).carryOut(renderer) { _ in .follow(run, resumes: resume) }
    }
}
