public import PlenumCore

/// The one list of strategies by the kind of run, and for debates by the protocol, that asks for them.
public enum StrategyCatalogue {
    /// Finds the strategy of a run; `nil` if there is none.
    public static func strategy(for kind: Run.Kind, _ settings: RunSettings) -> (any Strategy)? {
        switch kind {
        case .chat, .compare: FanOut()
        case .synthesis: settings.synthesis.map(Synthesis.init)
        case .debate: settings.debate.map(strategy)
        default: nil
        }
    }

    private static func strategy(for debate: DebateProtocol) -> any Strategy {
        switch debate {
        case .vote: Revise(rounds: 0)
        case .revise: Revise(rounds: nil)
        case .sides: Sides()
        case .council: Council()
        case .talk: Talk()
        case .fusion: Fusion()
        }
    }
}

/// How the seats of a debate go about it.
public enum DebateProtocol: String, Sendable, Hashable, CaseIterable {
    /// All answer by themselves, and the answer that most give is taken.
    case vote
    /// Each argues for a side, and a judge says who has convinced it.
    case sides
    /// All answer, read all answers and answer again, until they agree or the rounds are over.
    case revise
    /// All answer, each ranks the others, and a chair writes the final answer.
    case council
    /// They talk to each other in turn.
    case talk
    /// All answer, and one answer is made of all.
    case fusion
}
