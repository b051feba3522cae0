public import PlenumCore

/// The one list of strategies by the kind of run that asks for them.
public enum StrategyCatalogue {
    /// Finds the strategy of a kind; `nil` if there is none.
    public static func strategy(for kind: Run.Kind) -> (any Strategy)? {
        switch kind {
        case .chat, .compare: FanOut()
        default: nil
        }
    }
}
