import PlenumCore
import Testing

extension ConformanceCase {
    private static func state(_ call: String, _ text: String, at time: Int64) -> CallState {
        let opaque = OpaqueState(.anthropicSignature, "c2ln", origin: ModelID(provider: "a", model: "b"))
        var tool = ToolCall(id: call, name: "weather", arguments: "{\"city\": \"\u{1F600}\"}")
        tool.opaque = OpaqueState(.geminiSignature, "Z2Vt")
        let parts: [ContentPart] = [.reasoning(Reasoning(text, opaque: opaque)), .toolCall(tool)]
        return CallState(call: call, parts: parts, createdAt: Samples.time(time))
    }

    /// What models had in mind when they asked for calls.
    static let callStates: [ConformanceCase] = [
        ConformanceCase("what a model had in mind is found by its call, as it was kept") { storage in
            let (first, second) = (state("call_1", "One.", at: 1), state("call_2", "Two \u{1F600}.", at: 2))
            try await storage.commit([.keepCallState(first)])
            try await storage.commit([.keepCallState(second)])
            #expect(try await storage.callStates(of: ["call_2", "call_3", "call_1"]) == [second, first])
            #expect(try await storage.callStates(of: []) == [])
        },
        ConformanceCase("what was in mind last is what counts, and goes when its time is over") { storage in
            try await storage.commit([.keepCallState(state("call_1", "One.", at: 1))])
            try await storage.commit([
                .keepCallState(state("call_1", "Another.", at: 5)), .keepCallState(state("call_2", "Two.", at: 2)),
            ])
            #expect(try await storage.callStates(of: ["call_1"]) == [state("call_1", "Another.", at: 5)])
            try await storage.commit([.pruneCallStates(createdBefore: Samples.time(5))])
            #expect(try await storage.callStates(of: ["call_1", "call_2"]) == [state("call_1", "Another.", at: 5)])
        },
    ]
}
