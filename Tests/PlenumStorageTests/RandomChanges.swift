import PlenumCore

/// A generator of random numbers that gives the same ones for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Random commits over few ids, so that they meet each other: about every third has a fault.
struct RandomChanges {
    var random: SeededGenerator
    /// How many ids of each kind there are.
    static let ids: UInt64 = 24

    private mutating func id<Subject>() -> Identifier<Subject> {
        Samples.id(.random(in: 1...Self.ids, using: &random))
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func maybe<Value>(_ percent: Int, _ value: (inout Self) -> Value) -> Value? {
        chance(percent) ? value(&self) : nil
    }

    private mutating func time() -> Timestamp { Samples.time(.random(in: 0...3 * 86_400_000, using: &random)) }

    static let words = ["", "alpha", "Beta %", "Grüße", "a_b", "\u{1F600}", "\"x\"\\\n"]

    private mutating func word() -> String { Self.words.randomElement(using: &random) ?? "" }

    private mutating func parts() -> [ContentPart] {
        Samples.everyPart.filter { _ in chance(20) } + [.text(word())]
    }

    private mutating func usage() -> Usage {
        var usage = Usage(inputUncached: 0, output: .random(in: 0...100, using: &random))
        usage.cacheRead = .random(in: 0...9, using: &random)
        usage.reportedCost = maybe(30) { Money(nanoDollars: .random(in: 0...99, using: &$0.random)) }
        return usage
    }

    private mutating func money() -> Money { Money(nanoDollars: .random(in: 0...999, using: &random)) }

    private mutating func status(terminal percent: Int) -> Status {
        let wantsEnd = chance(percent)
        return Status.allCases.filter { $0.isTerminal == wantsEnd }.randomElement(using: &random) ?? .completed
    }

    /// The next commit: one change to four.
    mutating func commit() -> [StorageChange] {
        (0..<Int.random(in: 1...4, using: &random)).map { _ in change() }
    }

    private mutating func change() -> StorageChange {
        switch Int.random(in: 0..<133, using: &random) {
        case 0..<12: .createConversation(conversation())
        case 12..<18: .updateConversation(id(), patch())
        case 18..<21: .deleteConversation(id())
        case 21..<42: .appendMessage(message(), movesLeaf: chance(70))
        case 42..<50: .finishMessage(id(), messageEnding())
        case 50..<54: .deleteMessage(id())
        case 54..<66: .createGeneration(generation(), maybe(60) { GenerationContent(request: Array($0.word().utf8)) })
        case 66..<76: .checkpoint(id(), progress())
        case 76..<82: .finishGeneration(id(), ending(), reply: maybe(60) { Array($0.word().utf8) })
        case 82..<88: .createRun(run())
        case 88..<91: .finishRun(id(), runEnding())
        case 91..<93: .requestStop(id())
        case 93..<99: .appendRunEvents(id(), [Samples.event(.random(in: 1...20, using: &random))])
        case 99..<100: .pruneRunEvents(endedBefore: time())
        case 100..<105: .claim(claim())
        case 105..<109: .settleClaim(key(), id(), status(terminal: 95), maybe(60) { $0.answer() })
        case 109..<111: .releaseClaim(key(), id())
        case 111..<115: .updateRun(id(), runPatch())
        case 115..<119: .reopenRun(id())
        case 119..<123: .postCommand(PostedCommand(id: id(), run: id(), command: JSONObject([("k", .string(word()))])))
        case 123..<125: .answerCommand(id(), chance(50) ? .obeyed : .refused(recordedError()))
        case 125..<127: .withdrawCommand(id())
        case 127..<129:
            .keepCallState(CallState(call: word(), parts: [.reasoning(Reasoning(word()))], createdAt: time()))
        case 129: .pruneCallStates(createdBefore: time())
        case 130..<132:
            .reprice(id(), maybe(80) { $0.money() }, maybe(80) { _ in .table }, priceVersion: maybe(80) { $0.word() })
        default: .pruneClaims(createdBefore: time())
        }
    }

    private mutating func recordedError() -> RecordedError {
        RecordedError(code: "c", message: word(), isRetryable: chance(50))
    }

    private mutating func key() -> Claim.Key { Samples.key(.random(in: 1...6, using: &random)) }

    private mutating func answer() -> ClaimedAnswer {
        ClaimedAnswer(status: .random(in: 200...500, using: &random), contentType: word(), body: Array(word().utf8))
    }

    private mutating func claim() -> Claim {
        let fingerprint = [UInt8](word().utf8)
        var claim = Claim(key: key(), fingerprint: fingerprint, generation: id(), createdAt: time())
        if chance(20) { claim = Claim(key: claim.key, fingerprint: fingerprint, run: id(), createdAt: time()) }
        claim.status = status(terminal: 30)
        claim.answer = maybe(20) { $0.answer() }
        return claim
    }

    private mutating func conversation() -> Conversation {
        var conversation = Conversation(id: id(), createdAt: time())
        conversation.title = maybe(70) { $0.word() }
        conversation.isArchived = chance(30)
        conversation.isPinned = chance(30)
        conversation.metadata = JSONObject([("k", .string(word()))])
        return conversation
    }

    private mutating func patch() -> ConversationPatch {
        var patch = ConversationPatch(updatedAt: time())
        patch.title = maybe(40) { $0.word() }
        patch.model = maybe(40) { $0.word() }
        patch.leaf = maybe(30) { $0.id() }
        patch.isArchived = maybe(40) { $0.chance(50) }
        patch.metadata = maybe(20) { _ in JSONObject() }
        return patch
    }

    private mutating func message() -> Message {
        var message = Message(
            id: id(),
            conversation: id(),
            parent: maybe(40) { $0.id() },
            role: chance(60) ? .assistant : .user,
            parts: parts(),
            status: status(terminal: 40),
            createdAt: time()
        )
        message.run = maybe(40) { $0.id() }
        message.seat = maybe(70) { .random(in: 0...3, using: &$0.random) }
        message.step = maybe(60) { $0.step() }
        message.derivedFrom = maybe(20) { [$0.id(), $0.id()] } ?? []
        message.generation = maybe(40) { $0.id() }
        message.usage = maybe(30) { $0.usage() }
        return message
    }

    private mutating func messageEnding() -> MessageEnding {
        var ending = MessageEnding(status: status(terminal: 95), parts: parts(), endedAt: time())
        ending.model = maybe(50) { $0.word() }
        ending.generation = maybe(30) { $0.id() }
        ending.finish = maybe(50) { _ in FinishReason(.endTurn) }
        ending.usage = maybe(50) { $0.usage() }
        return ending
    }

    private mutating func generation() -> Generation {
        var generation = Generation(
            id: id(),
            model: ModelID(provider: word(), model: word()),
            requestedModel: word(),
            dialect: maybe(80) { _ in .gemini },
            door: maybe(80) { _ in .openAIChat },
            isStreamed: chance(50),
            createdAt: time()
        )
        generation.key = maybe(40) { $0.word() }
        generation.conversation = maybe(30) { $0.id() }
        generation.message = maybe(50) { $0.id() }
        generation.run = maybe(40) { $0.id() }
        generation.status = status(terminal: 10)
        generation.ending = maybe(40) { $0.ending() }
        return generation
    }

    private mutating func ending() -> GenerationEnding {
        var ending = GenerationEnding(
            status: status(terminal: 95),
            duration: .random(in: 0...9999, using: &random)
        )
        ending.usage = maybe(70) { $0.usage() }
        ending.cost = maybe(60) { $0.money() }
        ending.priceVersion = maybe(40) { $0.word() }
        ending.error = maybe(20) { RecordedError(code: "c", message: $0.word(), isRetryable: $0.chance(50)) }
        return ending
    }

    private mutating func progress() -> Progress {
        Progress(sequence: .random(in: 0...6, using: &random), text: word(), reasoning: word())
    }

    private mutating func run() -> Run {
        var run = Samples.run(1)
        run.id = id()
        run.conversation = id()
        run.createdAt = time()
        run.preference = maybe(20) { $0.preference() }
        if chance(20) {
            run.status = .failed
            run.endedAt = time()
            run.result = maybe(50) { JSONObject([("k", .string($0.word()))]) }
        }
        return run
    }

    private mutating func step() -> RunStep {
        let phases = [RunStep.Phase.answer, RunStep.Phase(rawValue: word())]
        return RunStep(
            round: .random(in: 0...2, using: &random),
            phase: phases.randomElement(using: &random) ?? .answer,
            part: .random(in: 0...1, using: &random)
        )
    }

    private mutating func runEnding() -> RunEnding {
        RunEnding(
            status: status(terminal: 90),
            stopReason: word(),
            result: maybe(50) { JSONObject([("k", .string($0.word()))]) },
            endedAt: time()
        )
    }

    private mutating func runPatch() -> RunPatch {
        var patch = RunPatch()
        patch.seats = maybe(40) { [Seat(index: 0, model: $0.word()), Samples.opponent] }
        patch.settings = maybe(40) { JSONObject([("k", .string($0.word()))]) }
        patch.preference = maybe(60) { $0.preference() }
        return patch
    }

    private mutating func preference() -> Preference {
        let kind = Preference.Kind.allCases.randomElement(using: &random) ?? .tie
        return Preference(
            kind: kind,
            seat: kind == .prefer ? .random(in: 0...1, using: &random) : nil,
            reason: maybe(50) { $0.word() },
            isBlind: chance(50),
            createdAt: time()
        )
    }
}
