import PlenumCore
import Synchronization

/// The end that work under way is brought to from outside: it comes once, with the reason.
final class Cut: Sendable {
    private struct State {
        var error: PlenumError?
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    /// Why the work was ended; `nil` while it may go on.
    var error: PlenumError? { state.withLock { $0.error } }

    /// Ends the work; again is nothing.
    func happen(_ error: PlenumError) {
        let actions = state.withLock { state -> [@Sendable () -> Void] in
            guard state.error == nil else { return [] }
            state.error = error
            defer { state.actions = [] }
            return state.actions
        }
        for action in actions { action() }
    }

    /// Says what ends a part of the work; done at once if it was ended before.
    func whenItHappens(_ action: @escaping @Sendable () -> Void) {
        let isPast = state.withLock { state in
            if state.error == nil { state.actions.append(action) }
            return state.error != nil
        }
        if isPast { action() }
    }

    /// Does a part of the work in a task of its own, which is cancelled when the end comes.
    /// - Throws: what the work throws, or the reason of the end.
    func watch<Success: Sendable>(
        _ work: @escaping @Sendable @concurrent () async throws(PlenumError) -> Success
    ) async throws(PlenumError) -> Success {
        let ahead = StopSwitch()
        whenItHappens { ahead.stop() }
        let result = await withTaskGroup(of: Result<Success, PlenumError>?.self) { group in
            group.addTask {
                do throws(PlenumError) { return .success(try await work()) } catch { return .failure(error) }
            }
            group.addTask {
                await ahead.wait()
                return nil
            }
            defer { group.cancelAll() }
            // Of a caller that leaves, the work itself says how it ended.
            for await result in group where result != nil || error != nil { return result }
            return nil
        }
        switch result {
        case .success(let value)?: return value
        case .failure(let failure)?: throw error ?? failure
        case nil: throw error ?? PlenumError(.cancelled, "The client left before the answer was complete.")
        }
    }
}
