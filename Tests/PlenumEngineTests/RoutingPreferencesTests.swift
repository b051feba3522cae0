import PlenumCore
import Testing

@testable import PlenumEngine

@Suite("What a request says of who is to be asked")
struct RoutingPreferencesTests {
    private static func read(_ text: String) throws -> RoutingPreferences {
        try RoutingPreferences(json: try JSONValue(parsing: text))
    }

    @Test("every member is read, and null says nothing")
    func all() throws {
        let read = try Self.read(
            """
            {"order": ["a", "B"], "only": ["a"], "ignore": [], "allow_fallbacks": false, "require_parameters": true,
             "sort": "latency", "max_price": {"prompt": 1.5, "completion": "2"}}
            """
        )
        var wanted = RoutingPreferences()
        (wanted.order, wanted.only) = (["a", "B"], ["a"])
        (wanted.allowsFallbacks, wanted.requiresParameters, wanted.sort) = (false, true, .latency)
        wanted.maxPrice = .init(prompt: Price.Rate(perMillion: "1.5"), completion: Price.Rate(perMillion: "2"))
        #expect(read == wanted)
        #expect(try Self.read(#"{"order": null, "sort": {"by": null}, "max_price": null}"#) == RoutingPreferences())
        #expect(try Self.read(#"{"sort": {"by": "throughput"}}"#).sort == .throughput)
    }

    @Test("what means nothing here is taken, and told of by its path")
    func ignored() throws {
        let read = try Self.read(
            #"{"data_collection": "deny", "zdr": true, "sort": {"by": "price", "partition": "none"}, "max_price": {"image": 1}}"#
        )
        let paths = ["data_collection", "zdr", "sort.partition", "max_price.image"].map { "provider.\($0)" }
        #expect(read.ignored == paths)
        let many = (0..<500).map { "\"member \($0)\": 1" }.joined(separator: ",")
        #expect(try Self.read("{\(many)}").ignored.count == 20)
    }

    @Test(
        "a mistake is told with its path",
        arguments: [
            ("[]", "provider"), (#"{"order": "a"}"#, "provider.order"), (#"{"order": ["a", 1]}"#, "provider.order[1]"),
            (#"{"only": [""]}"#, "provider.only[0]"), (#"{"ignore": {}}"#, "provider.ignore"),
            (#"{"allow_fallbacks": "no"}"#, "provider.allow_fallbacks"),
            (#"{"require_parameters": 1}"#, "provider.require_parameters"), (#"{"sort": "luck"}"#, "provider.sort"),
            (#"{"sort": {"by": 1}}"#, "provider.sort.by"), (#"{"max_price": 1}"#, "provider.max_price"),
            (#"{"max_price": {"prompt": -1}}"#, "provider.max_price.prompt"),
            (#"{"max_price": {"completion": "cheap"}}"#, "provider.max_price.completion"),
        ]
    )
    func mistakes(_ text: String, _ path: String) throws {
        let json = try JSONValue(parsing: text)
        let error = #expect(throws: PlenumError.self) { try RoutingPreferences(json: json) }
        #expect(error?.code == .invalidRequest && error?.parameter == path)
        #expect(error?.message.contains(path) == true)
    }

    @Test("a list and a name may not be endless")
    func bounds() throws {
        let names = JSONValue.array(Array(repeating: "a", count: 101))
        #expect(throws: PlenumError.self) { try RoutingPreferences(json: ["only": names]) }
        let long = JSONValue.string(String(repeating: "a", count: 257))
        #expect(throws: PlenumError.self) { try RoutingPreferences(json: ["only": [long]]) }
    }

    @Test("the body's session counts before the header's, and has a longest name")
    func sessions() throws {
        #expect(try Routing(provider: nil, session: "s", header: "h").session == "s")
        #expect(try Routing(provider: .null, session: .null, header: "h").session == "h")
        #expect(try Routing(provider: nil, session: "").session == nil)
        let longest = String(repeating: "\u{1F600}", count: 256)
        #expect(try Routing(provider: nil, session: .string(longest)).session == longest)
        for (session, header, path) in [
            (JSONValue.string(longest + "x"), nil, "session_id"), (1, nil, "session_id"),
            (nil, longest + "x", "x-session-id"),
        ] as [(JSONValue?, String?, String)] {
            let error = #expect(throws: PlenumError.self) {
                try Routing(provider: nil, session: session, header: header)
            }
            #expect(error?.code == .invalidRequest && error?.parameter == path)
        }
    }

    @Test("what a request needs is found in it")
    func needs() {
        #expect(RequestNeeds(ChatRequest(prompt: "Hi")).refused(by: Self.able(nil)).isEmpty)
        var chat = ChatRequest(prompt: String(repeating: "word ", count: 1000))
        chat.tools = [Tool("look")]
        chat.toolChoice = .required
        chat.turns.append(Turn(.user, [.image(Media(.base64("aGk="), mimeType: "image/png"))]))
        chat.output = .jsonSchema(name: nil, schema: [:], strict: nil, description: nil)
        chat.sampling.topP = JSONNumber(0.5)
        chat.reasoning = ReasoningRequest(effort: "max")
        let needs = RequestNeeds(chat)
        #expect(needs.promptTokens > 1000)
        #expect(needs.lacking(in: Self.able(false)) == ["tools", "images", "response_format"])
        let refused = ["tools", "images", "response_format", "tool_choice", "temperature", "reasoning.effort"]
        #expect(needs.refused(by: Self.able(false)) == refused)
        #expect(needs.refused(by: Self.able(true)).isEmpty && needs.refused(by: Self.able(nil)).isEmpty)
    }

    /// A model that is said to be able to do everything, or nothing, or of which nothing is said.
    static func able(_ can: Bool?) -> Model {
        let names = ModelCapabilities.Name.allCases.map(\.rawValue) + ["effort_max"]
        let said = can.map { can in JSONObject(names.map { ($0, .bool(can)) }) } ?? JSONObject()
        return Model(id: ModelID(provider: "p", model: "m"), capabilities: ModelCapabilities(said))
    }
}
