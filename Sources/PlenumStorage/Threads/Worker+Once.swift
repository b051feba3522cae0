import PlenumCore

extension Worker {
    /// Does one thing that blocks on a thread of its own, and gives what comes of it.
    static func once<Success: Sendable>(
        _ body: @escaping @Sendable () throws(PlenumError) -> Success
    ) async throws(PlenumError) -> Success {
        let result: Result<Success, PlenumError> = await withCheckedContinuation { continuation in
            do throws(PlenumError) {
                _ = try Worker {
                    do throws(PlenumError) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
    }
}
