import PlenumCore
import Testing

@Suite("Content part as JSON")
struct ContentPartTests {
    private static let media: [Media] = [
        Media(.base64("aGk="), mimeType: "image/png", filename: "a.png", detail: "low"),
        Media(.base64("aGk="), mimeType: "audio/L16;codec=pcm;rate=24000"), Media(.url("https://example.com/a,b;c")),
        Media(.url("https://example.com/a"), mimeType: "image/webp", detail: "high"), Media(.url("data:text/plain,hi")),
        Media(.file("file-1")), Media(.file("file-1"), mimeType: "application/pdf", filename: "a \"b\".pdf"),
    ]
    private static let state = OpaqueState(.geminiSignature, "c2ln")
    private static let parts: [ContentPart] =
        media.flatMap { [.image($0), .audio($0), .document($0)] } + [
            .text(""), .text("héllo\n\"\\"), .refusal("No."), .reasoning(Reasoning("hm")),
            .reasoning(Reasoning("", opaque: OpaqueState(.anthropicRedacted, "x"))),
            .reasoning(Reasoning("hm", opaque: OpaqueState(.openAIEncrypted, ""))),
            .toolCall(ToolCall(id: "c", name: "f", arguments: "{\"a\":1.0}")),
            .toolCall(ToolCall(id: "c", name: "f", arguments: "{cut", opaque: state)),
            .toolResult(ToolResult(callID: "c", parts: [])),
            .toolResult(ToolResult(callID: "c", name: "f", parts: [.text("a"), .image(media[0])], isError: true)),
            .toolResult(ToolResult(callID: "c", parts: [.text("a"), .text("b")], isError: false)),
            .opaque(.anthropicMessages, ["type": "x", "n": 1, "null": .null]), .opaque(.gemini, .null),
        ]

    @Test("every kind survives the database's text, in every role", arguments: parts)
    func roundTrip(_ part: ContentPart) throws {
        for role in [Turn.Role.user, .assistant, .tool, .system] {
            let text = part.json(in: role).text
            #expect(try ContentPart(json: JSONValue(parsing: text)) == part)
        }
    }

    @Test(
        "every kind of state survives",
        arguments: ["anthropic-signature", "anthropic-redacted", "gemini-signature", "openai-encrypted"]
    )
    func states(_ name: String) throws {
        let kind = try #require(OpaqueState.Kind(rawValue: name))
        let part = ContentPart.reasoning(Reasoning("a", opaque: OpaqueState(kind, "p")))
        #expect(ContentPart(json: part.json(in: .assistant)) == part)
    }

    @Test("text is named by whose it is")
    func textNames() {
        #expect(ContentPart.text("a").json(in: .assistant).text == #"{"type":"output_text","text":"a"}"#)
        #expect(ContentPart.text("a").json(in: .user).text == #"{"type":"input_text","text":"a"}"#)
    }

    @Test("shapes of OpenAI's chat are read too")
    func otherShapes() throws {
        let image = try JSONValue(parsing: #"{"type":"image_url","image_url":{"url":"https://x/y","detail":"low"}}"#)
        #expect(ContentPart(json: image) == .image(Media(.url("https://x/y"), detail: "low")))
        let result = try JSONValue(parsing: #"{"type":"function_call_output","call_id":"c","output":"done"}"#)
        #expect(ContentPart(json: result) == .toolResult(ToolResult(callID: "c", parts: [.text("done")])))
    }

    @Test(
        "what is not known or lacks a member is no part",
        arguments: [
            "null", "[]", "{}", #"{"type":"x"}"#, #"{"type":7}"#, #"{"type":"text"}"#, #"{"type":"text","text":1}"#,
            #"{"type":"refusal"}"#, #"{"type":"input_image"}"#, #"{"type":"input_image","image_url":null}"#,
            #"{"type":"input_audio"}"#, #"{"type":"input_file"}"#, #"{"type":"function_call","call_id":"c"}"#,
            #"{"type":"function_call_output"}"#, #"{"type":"opaque","dialect":"x","block":1}"#,
            #"{"type":"opaque","dialect":"gemini"}"#,
        ]
    )
    func refuses(_ text: String) throws { #expect(try ContentPart(json: JSONValue(parsing: text)) == nil) }
}
