import PlenumCore
import PlenumEngine
import PlenumStorage
import PlenumTesting
import Testing

/// Writes a streamed answer as its plain text, and an error as its code.
private struct PlainScribe: AnswerScribe {
    let contentType = "text/plain"
    private var isEnded = false

    mutating func write(_ piece: ReplyPiece) -> [UInt8] {
        isEnded = piece.events.contains(.end)
        return piece.isHeartbeat ? Array("...".utf8) : Array(Reply(piece.events).text.utf8)
    }

    /// What has ended does not end again.
    mutating func fail(_ error: PlenumError) -> [UInt8] { isEnded ? [] : Array(" [\(error.code)]".utf8) }
}

@Suite("Idempotency keys")
struct ClaimTests {
    private static let key = Claim.Key(hash: [1])

    private func ask(
        _ model: String = "a",
        streamed: Bool,
        fingerprint: UInt8 = 1,
        place: ConversationPlace? = nil
    ) -> CompletionAsk {
        var ask = EngineUnderTest.ask(model, streamed: streamed, place: place)
        ask.claim = CompletionClaim(ClaimAsk(key: Self.key, fingerprint: [fingerprint])) { completion in
            ClaimedAnswer(status: 200, contentType: "text/plain", body: Array(completion.reply.text.utf8))
        } writeError: { error in
            ClaimedAnswer(status: 500, contentType: "text/plain", body: Array("\(error.code)".utf8))
        }
        return ask
    }

    private func read(_ open: OpenCompletion) async throws -> String {
        var bytes: [UInt8] = []
        try await open.deliver(as: PlainScribe()) { bytes += $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func claim(_ test: EngineUnderTest) async throws -> Claim {
        try #require(try await test.storage.claim(Self.key))
    }

    private func kept(_ claim: Claim) -> String? {
        claim.answer.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test("two hundred askers with one key cause one call upstream", arguments: [true, false])
    func concurrent(streamed: Bool) async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("once")
        } _: { test in
            let outcomes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        do {
                            if !streamed { return try await test.engine.complete(self.ask(streamed: false)).reply.text }
                            return try await self.read(try await test.engine.open(self.ask(streamed: true)))
                        } catch { return "\((error as? PlenumError)?.code ?? .internal)" }
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes == ["once": 1, "idempotency_in_progress": 199])
            #expect(test.provider.requests.count == 1)
            let claim = try await self.claim(test)
            #expect(claim.status == .completed && self.kept(claim) == "once")
        }
    }

    @Test("the key is on disk before the provider is asked, and the answer before its end is shown")
    func order() async throws {
        let storage = InMemoryStorage()
        let gate = Gate()
        try await EngineUnderTest.run(storage: storage) { _ in
            [.wait(gate)] + ScriptedProvider.answer("text")
        } _: { test in
            let open = try await test.engine.open(self.ask(streamed: true))
            let begun = try await self.claim(test)
            #expect(begun.status == .inProgress && begun.work == .generation(open.generation.id))
            gate.open()
            var shown: [String] = []
            try await open.deliver(as: PlainScribe()) { bytes in
                shown.append(String(decoding: bytes, as: UTF8.self))
            }
            #expect(shown == ["text"])
            let settled = try await self.claim(test)
            #expect(self.kept(settled) == "text")
        }
    }

    @Test("a key whose claim cannot be kept causes no call", arguments: [true, false])
    func storageFails(streamed: Bool) async throws {
        let storage = InMemoryStorage()
        try await EngineUnderTest.run(storage: storage) { _ in
            ScriptedProvider.answer("never")
        } _: { test in
            await storage.close()
            let error = await #expect(throws: PlenumError.self) {
                if streamed {
                    _ = try await test.engine.open(self.ask(streamed: true))
                } else {
                    _ = try await test.engine.complete(self.ask(streamed: false))
                }
            }
            #expect(error?.code == .storage)
            #expect(test.provider.requests.isEmpty)
        }
    }

    @Test("a refusal before any content gives the key back", arguments: [true, false])
    func refused(streamed: Bool) async throws {
        try await EngineUnderTest.run { _ throws(PlenumError) in
            throw PlenumError(.overloaded, "Later.")
        } _: { test in
            for calls in 1...2 {
                await #expect(throws: PlenumError.self) {
                    if streamed {
                        _ = try await test.engine.open(self.ask(streamed: true))
                    } else {
                        _ = try await test.engine.complete(self.ask(streamed: false))
                    }
                }
                // Each is tried twice: the key belongs to the group.
                #expect(test.provider.requests.count == 2 * calls)
                let claim = try await test.storage.claim(Self.key)
                #expect(claim == nil)
            }
            let rows = try await test.storage.usage(by: .model, since: nil)
            #expect(rows.map(\.failures) == [4])
        }
    }

    @Test("a stream that breaks before any content gives the key back")
    func brokenBefore() async throws {
        let failure = PlenumError(.upstreamInterrupted, "It broke.")
        try await EngineUnderTest.run { _ in
            [.events([.start(id: "r", model: "m")]), .fail(failure)]
        } _: { test in
            let open = try await test.engine.open(self.ask(streamed: true))
            await #expect(throws: failure) { _ = try await self.read(open) }
            let claim = try await test.storage.claim(Self.key)
            #expect(claim == nil)
        }
    }

    @Test("an answer that breaks after content is kept with its error, also for a whole one", arguments: [true, false])
    func brokenAfter(streamed: Bool) async throws {
        let failure = PlenumError(.upstreamInterrupted, "It broke.")
        try await EngineUnderTest.run { _ in
            [.events([.text("half")]), .fail(failure)]
        } _: { test in
            if streamed {
                let open = try await test.engine.open(self.ask(streamed: true))
                var shown: [UInt8] = []
                await #expect(throws: failure) { try await open.deliver(as: PlainScribe()) { shown += $0 } }
                #expect(String(decoding: shown, as: UTF8.self) == "half [upstream_interrupted]")
            } else {
                await #expect(throws: failure) { _ = try await test.engine.complete(self.ask(streamed: false)) }
            }
            let claim = try await self.claim(test)
            #expect(claim.status == .failed)
            #expect(self.kept(claim) == (streamed ? "half [upstream_interrupted]" : "upstream_interrupted"))
            await #expect(throws: PlenumError.claimInProgress) {
                _ = try await test.engine.complete(self.ask(streamed: false))
            }
            #expect(test.provider.requests.count == 1)
        }
    }

    @Test("a client that leaves after content uses the key up, and one that leaves before does not")
    func clientLeaves() async throws {
        struct Gone: Error {}
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("a", "b")
        } _: { test in
            do {
                // Opened and never read: the client left before the answer began.
                _ = try await test.engine.open(self.ask(streamed: true))
            }
            for _ in 0..<100 where try await test.storage.claim(Self.key) != nil {
                try await Task.sleep(for: .milliseconds(50))
            }
            let open = try await test.engine.open(self.ask(streamed: true))
            await #expect(throws: PlenumError.self) { try await open.deliver(as: PlainScribe()) { _ in throw Gone() } }
            let claim = try await self.claim(test)
            #expect(claim.status == .cancelled && self.kept(claim) == "a [cancelled]")
        }
    }

    @Test("after a crash the key is neither free nor answered")
    func crash() async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.events([.text("so far")]), .wait(gate)] + ScriptedProvider.answer("!")
        } _: { test in
            let open = try await test.engine.open(self.ask(streamed: true))
            _ = try await test.storage.recover(at: test.engine.clock.now())
            let claim = try await self.claim(test)
            #expect(claim.status == .interrupted && claim.answer == nil)
            await #expect(throws: PlenumError.claimInProgress) {
                _ = try await test.engine.open(self.ask(streamed: true))
            }
            #expect(test.provider.requests.count == 1)
            // The ghost of the dead process ends too late to change anything.
            gate.open()
            var shown: [UInt8] = []
            await #expect(throws: PlenumError.self) { try await open.deliver(as: PlainScribe()) { shown += $0 } }
            #expect(
                String(decoding: shown, as: UTF8.self) == "so far! [conflict]",
                "an end that is not kept is an error"
            )
            let after = try await self.claim(test)
            #expect(after == claim)
        }
    }

    @Test("the same key with something else is refused before anything is asked")
    func otherBody() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("one")
        } _: { test in
            _ = try await test.engine.complete(self.ask(streamed: false))
            let error = await #expect(throws: PlenumError.self) {
                _ = try await test.engine.complete(self.ask(streamed: false, fingerprint: 2))
            }
            #expect(error?.code == .idempotencyKeyReused && error?.isRetryable == false)
            #expect(test.provider.requests.count == 1)
        }
    }

    @Test("what is not to be kept is not kept for who asks again either, and an answer too long to keep is not")
    func withoutAnswer() async throws {
        try await EngineUnderTest.run { request in
            let word = request.model == "b" ? String(repeating: "x", count: 9 << 20) : "secret"
            return ScriptedProvider.answer(word)
        } _: { test in
            var wordless = self.ask(streamed: false)
            wordless.body = nil
            _ = try await test.engine.complete(wordless)
            var claim = try await self.claim(test)
            #expect(claim.status == .completed && claim.answer == nil)
            var long = self.ask("b", streamed: true)
            long.claim?.ask.key = Claim.Key(hash: [2])
            _ = try await self.read(try await test.engine.open(long))
            claim = try #require(try await test.storage.claim(Claim.Key(hash: [2])))
            #expect(claim.status == .completed && claim.answer == nil)
        }
    }

    @Test("a conversation deleted under the answer leaves the key used and without words", arguments: [true, false])
    func deletedConversation(streamed: Bool) async throws {
        let gate = Gate()
        try await EngineUnderTest.run { _ in
            [.wait(gate)] + ScriptedProvider.answer("gone")
        } _: { test in
            let conversation = Conversation(id: test.engine.ids.next(), createdAt: test.engine.clock.now())
            try await test.storage.createConversation(conversation)
            let asked = self.ask(streamed: streamed, place: ConversationPlace(conversation: conversation.id))
            if streamed {
                let open = try await test.engine.open(asked)
                try await test.storage.deleteConversation(conversation.id)
                gate.open()
                _ = try await self.read(open)
            } else {
                async let done = test.engine.complete(asked)
                for _ in 0..<100 where test.provider.requests.isEmpty {
                    try await Task.sleep(for: .milliseconds(50))
                }
                try await test.storage.deleteConversation(conversation.id)
                gate.open()
                _ = try await done
            }
            let claim = try await self.claim(test)
            #expect(claim.status == .completed && claim.answer == nil)
        }
    }

    @Test("of two hundred askers with one key one begins a run, and the others find it")
    func runs() async throws {
        try await EngineUnderTest.run { _ in
            ScriptedProvider.answer("x")
        } _: { test in
            var asked = EngineUnderTest.compare("a", "b")
            asked.claim = ClaimAsk(key: Self.key, fingerprint: [1])
            let ask = asked
            let begun = await withTaskGroup(of: RunID?.self) { group in
                for _ in 0..<200 {
                    group.addTask { try? await test.engine.start(ask).id }
                }
                return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            #expect(begun.count == 1)
            let run = try #require(begun.first)
            let claim = try await self.claim(test)
            #expect(claim.work == .run(run) && claim.status == .completed)
            await test.engine.waitForRun(run)
            #expect(test.provider.requests.count == 2)
        }
    }
}
