import PlenumCore

/// Records to keep: numbers make ids, so that tests can name what they mean.
enum Samples {
    static func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_790_000_000_000 + milliseconds) }

    static func id<Subject>(_ number: UInt64) -> Identifier<Subject> {
        Identifier(high: 0x0199_0000_0000_7000 | number >> 32, low: 0x8000_0000_0000_0000 | number)
    }

    static func conversation(_ number: UInt64, at milliseconds: Int64 = 0) -> Conversation {
        Conversation(id: id(number), createdAt: time(milliseconds))
    }

    static func question(
        _ number: UInt64,
        in conversation: UInt64 = 1,
        parent: UInt64? = nil,
        at milliseconds: Int64 = 0
    ) -> Message {
        Message(
            id: id(number),
            conversation: id(conversation),
            parent: parent.map { id($0) },
            role: .user,
            parts: [.text("question \(number)")],
            createdAt: time(milliseconds)
        )
    }

    static func answer(_ number: UInt64, in conversation: UInt64 = 1, parent: UInt64? = nil) -> Message {
        Message(
            id: id(number),
            conversation: id(conversation),
            parent: parent.map { id($0) },
            role: .assistant,
            status: .inProgress,
            createdAt: time(1)
        )
    }

    static func generation(_ number: UInt64, at milliseconds: Int64 = 0, model: String = "alpha/one") -> Generation {
        Generation(
            id: id(number),
            model: ModelID(model) ?? ModelID(provider: "alpha", model: "one"),
            requestedModel: "fast",
            dialect: .anthropicMessages,
            door: .openAIChat,
            isStreamed: true,
            createdAt: time(milliseconds)
        )
    }

    /// A generation that names the message it makes.
    static func generation(_ number: UInt64, making message: UInt64) -> Generation {
        var generation = generation(number)
        generation.message = id(message)
        return generation
    }

    static func ended(_ generation: Generation, _ ending: GenerationEnding = ending()) -> Generation {
        var generation = generation
        generation.status = ending.status
        generation.ending = ending
        return generation
    }

    static func ending(_ status: Status = .completed) -> GenerationEnding {
        var ending = GenerationEnding(status: status, duration: 1500)
        ending.httpStatus = 200
        ending.finish = FinishReason(.endTurn, native: "end_turn")
        ending.usage = Usage(
            inputUncached: 10,
            cacheRead: 20,
            cacheWrite: 3,
            cacheWriteLong: 4,
            output: 50,
            reasoning: 6
        )
        ending.cost = Money(nanoDollars: 1_234_567_890)
        ending.costSource = .table
        ending.priceVersion = "2026-11-22"
        ending.upstreamID = "req_1"
        ending.timeToFirstToken = 300
        return ending
    }

    static func messageEnding(_ status: Status = .completed, parts: [ContentPart] = [.text("done")]) -> MessageEnding {
        MessageEnding(status: status, parts: parts, endedAt: time(100))
    }

    static func run(_ number: UInt64, in conversation: UInt64 = 1) -> Run {
        Run(
            id: id(number),
            kind: .compare,
            conversation: id(conversation),
            inputMessage: id(1),
            seats: [Seat(index: 0, model: "alpha/one"), opponent],
            settings: JSONObject([("protocol", "critique"), ("caps", ["rounds": 3, "cost": "0.50"])]),
            createdAt: time(0)
        )
    }

    /// A seat that says everything that a seat can say.
    static let opponent: Seat = {
        var seat = Seat(
            index: 1,
            model: "beta/two",
            system: "Be brief.",
            parameters: JSONObject([("temperature", .number(JSONNumber(0.5)!))])
        )
        seat.fallbacks = ["alpha/one", "gamma/three"]
        seat.persona = "A patient teacher of \"Grüße\"."
        seat.side = "against"
        return seat
    }()

    static let result = JSONObject([("method", "vote"), ("failed_seats", [1]), ("answer", .null)])

    static let preference = Preference(
        kind: .prefer,
        seat: 1,
        reason: "It names its sources: \u{1F600}",
        isBlind: true,
        createdAt: time(77)
    )

    static func runEnding(_ status: Status = .completed, at milliseconds: Int64 = 9) -> RunEnding {
        RunEnding(status: status, stopReason: status.rawValue, result: result, endedAt: time(milliseconds))
    }

    static func key(_ number: UInt8) -> Claim.Key { Claim.Key(hash: Array(repeating: number, count: 32)) }

    static func claim(_ number: UInt8, of generation: UInt64 = 1, at milliseconds: Int64 = 0) -> Claim {
        Claim(key: key(number), fingerprint: [number], generation: id(generation), createdAt: time(milliseconds))
    }

    static let answer = ClaimedAnswer(status: 200, contentType: "application/json", body: [0, 123, 255, 125])

    static func event(_ sequence: Int) -> RunEvent {
        RunEvent(
            sequence: sequence,
            name: "seat.delta",
            seat: sequence % 2 == 0 ? nil : 0,
            data: Array("{\"seq\":\(sequence)}".utf8)
        )
    }

    /// One part of every kind.
    static let everyPart: [ContentPart] = [
        .text("Grüße, \u{1F600} \"quoted\" \\ and\nlines\u{0} with a zero"), .refusal("no"),
        .image(Media(.base64("aGVsbG8="), mimeType: "image/png", detail: "low")),
        .image(Media(.url("https://example.org/a.png"))), .document(Media(.file("file_1"), filename: "a.pdf")),
        .audio(Media(.base64("c291bmQ="), mimeType: "audio/wav")),
        .reasoning(Reasoning("hm", opaque: OpaqueState(.anthropicSignature, "c2ln"))),
        .toolCall(ToolCall(id: "call_1", name: "look", arguments: "{\"q\":1")),
        .toolResult(ToolResult(callID: "call_1", name: "look", parts: [.text("found")], isError: false)),
        .opaque(.gemini, ["executableCode": ["n": 1]]),
    ]
}
