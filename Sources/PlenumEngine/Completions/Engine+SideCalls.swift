public import PlenumCore

extension Engine {
    /// About how many tokens a prompt has, where nobody can be asked.
    public func estimatedTokens(_ chat: ChatRequest) -> Int { TokenBound(chat).likely }

    /// Asks a model's provider how many tokens a prompt has.
    /// - Returns: the answer; `nil` if it cannot say so in the dialect of the body.
    public func countTokens(
        _ model: String,
        _ body: VerbatimRequest,
        fields: ClientFields
    ) async throws(PlenumError) -> SideReply? {
        let deployment = try catalogue.availableDeployment(named: model)
        return try await deployment.provider.call(Self.call(.countTokens, deployment, body, fields))
    }

    /// Asks for vectors that stand for texts. When this returns, the exchange is in the ledger.
    /// - Throws: `unsupportedParameter` if no provider of the model has any; the last provider's refusal.
    public func embed(
        _ model: String,
        _ body: VerbatimRequest,
        key: String?,
        keepsWords: Bool
    ) async throws(PlenumError) -> (generation: Generation, reply: SideReply) {
        try checkOpen()
        var candidates = try catalogue.availableDeployments(named: model)
        var failure: PlenumError?
        while let deployment = router.take(from: &candidates) {
            var generation = Generation(
                id: ids.next(),
                model: deployment.model.id,
                requestedModel: model,
                dialect: deployment.dialect(accepting: body.dialect),
                door: .openAIChat,
                isStreamed: false,
                createdAt: clock.now()
            )
            generation.key = key
            let start = clock.ticks()
            do throws(PlenumError) {
                let call = Self.call(.embeddings, deployment, body, ClientFields())
                guard let reply = try await deployment.provider.call(call) else { continue }
                router.record(deployment, nil)
                generation.end(reply, deployment, after: clock.milliseconds(since: start))
                // Vectors are no words: they are large, and can be had again.
                let words = keepsWords ? GenerationContent(request: body.body) : nil
                try await recorder.commitNew([.createGeneration(generation, words)])
                return (generation, reply)
            } catch {
                guard error.code != .storage else { throw error }
                router.record(deployment, error)
                generation.end(error, after: clock.milliseconds(since: start))
                await recorder.commitEventually([.createGeneration(generation, nil)])
                guard RetryRule(error).elsewhere != .nobody else { throw error }
                failure = error
            }
        }
        throw failure
            ?? PlenumError(
                .unsupportedParameter,
                "\(model) has no embeddings; name a model that does, such as openai/text-embedding-3-small.",
                parameter: "model"
            )
    }

    private static func call(
        _ kind: SideCall.Kind,
        _ deployment: Deployment,
        _ body: VerbatimRequest,
        _ fields: ClientFields
    ) -> SideCall {
        var call = SideCall(
            kind,
            model: deployment.model.upstream,
            tag: deployment.model.id,
            body: body,
            fields: fields
        )
        call.patience = deployment.patience
        return call
    }
}

extension Generation {
    /// Ends one that has no words of its own.
    fileprivate mutating func end(_ reply: SideReply, _ deployment: Deployment, after duration: Int) {
        var ending = GenerationEnding(status: .completed, duration: duration)
        (ending.httpStatus, ending.upstreamID) = (reply.status, reply.requestID)
        ending.charge(reply.usage, deployment.model.price)
        (status, self.ending) = (.completed, ending)
    }

    fileprivate mutating func end(_ error: PlenumError, after duration: Int) {
        let status: Status = error.code == .cancelled ? .cancelled : .failed
        var ending = GenerationEnding(status: status, duration: duration)
        (ending.httpStatus, ending.upstreamID) = (error.upstream?.status, error.upstream?.requestID)
        ending.error = RecordedError(error)
        (self.status, self.ending) = (status, ending)
    }
}
