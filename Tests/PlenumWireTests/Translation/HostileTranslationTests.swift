import PlenumCore
import PlenumWire
import Testing

@Suite("Translation of what nobody means")
struct HostileTranslationTests {
    private static let odd: [JSONValue] = [
        .null, true, 0, -1, .literal("1e999"), "", "\u{0}", "x", [], [:], [[]], [.null], ["a": .null],
        .literal("9223372036854775807"), ["type": "object", "properties": []], "data:image/png;base64,",
    ]

    /// A tree with one of its values, counted in order, replaced.
    private static func replaced(_ tree: JSONValue, with odd: JSONValue, _ left: inout Int) -> JSONValue {
        left -= 1
        if left == 0 { return odd }
        switch tree {
        case .array(let elements): return .array(elements.map { replaced($0, with: odd, &left) })
        case .object(let object):
            return .object(JSONObject(object.members.map { ($0.key, replaced($0.value, with: odd, &left)) }))
        default: return tree
        }
    }

    private static let bodies: [(Dialect, JSONValue)] =
        [
            (
                .openAIChat,
                Translated.chat(
                    [
                        "tools": [
                            [
                                "type": "function",
                                "function": [
                                    "name": "f", "parameters": ["type": "object", "oneOf": [[:]]], "strict": true,
                                ],
                            ]
                        ],
                        "tool_choice": ["type": "function", "function": ["name": "f"]], "stop": ["a"], "temperature": 1,
                        "response_format": [
                            "type": "json_schema", "json_schema": ["schema": ["$ref": "#/a", "enum": [1]]],
                        ],
                        "reasoning": ["effort": "low", "max_tokens": 5], "max_tokens": 5,
                    ],
                    messages: .array(TranslationLawTests.rounds.flatMap { $0 })
                )
            )
        ] + TranslationLawTests.own.map { ($0.0, (try? JSONValue(parsing: $0.1)) ?? .null) }

    @Test(
        "an odd value anywhere is refused or passed over, for every model",
        arguments: [Dialect.anthropicMessages, .gemini]
    )
    func oddValues(dialect: Dialect) throws {
        let models: [JSONValue] = [
            [:], AnthropicModelTests.newest, AnthropicModelTests.legacy,
            ["schema_subset": true, "thinking_levels": false, "native_structured_output": false],
        ]
        let format = try #require(WireFormats.format(for: dialect))
        var written = 0
        for (source, body) in Self.bodies {
            let reader = try #require(WireFormats.format(for: source))
            var place = 0
            while true {
                place += 1
                var left = place
                let odd = Self.odd[place % Self.odd.count]
                let mutated = Self.replaced(body, with: odd, &left)
                guard left <= 0 else { break }
                for can in models {
                    do throws(PlenumError) {
                        var request = Translated.request(mutated, from: source, can: can, outputLimit: 100)
                        request.prompt = .chat(try reader.readRequest(mutated.bytes).chat)
                        let wire = try format.writeRequest(request, quirks: Quirks())
                        #expect(throws: Never.self) { try JSONValue(parsing: wire.body) }
                        written += 1
                    } catch {
                        #expect([.invalidRequest, .unsupportedParameter].contains(error.code), "\(error)")
                    }
                }
            }
        }
        #expect(written > 200)
    }

    @Test("pitfall 41: a limit is added to what is translated, never to what is passed through")
    func limitOnlyTranslated() throws {
        let body: JSONValue = ["model": "m", "messages": [["role": "user", "content": "x"]]]
        let same = try Translated(body, from: .anthropicMessages, to: .anthropicMessages)
        #expect(same.body["max_tokens"] == nil)
        let over = try Translated(body, from: .openAIChat, to: .anthropicMessages)
        #expect(over.body["max_tokens"] == 4096)
    }
}
