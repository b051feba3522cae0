import PlenumCore

/// What models had in mind when they asked for calls.
extension SQLSession {
    /// Keeps one, in the place of another of the same call.
    func keep(_ state: CallState) throws(PlenumError) {
        try run(.keepCallState) {
            $0.text(state.call)
            $0.parts(state.parts, in: .assistant)
            $0.time(state.createdAt)
        }
    }

    func callStates(of calls: [String]) throws(PlenumError) -> [CallState] {
        var found: [CallState] = []
        for call in calls {
            let state = try first(.callState, { $0.text(call) }) { row throws(PlenumError) in
                CallState(call: row.text(), parts: try row.parts(), createdAt: row.time())
            }
            if let state { found.append(state) }
        }
        return found
    }
}
