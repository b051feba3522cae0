import PlenumCore
import PlenumWire
import Testing

/// Pictures, documents and sound (wire notes 2.3).
@Suite("Media on their way")
struct MediaTests {
    /// The first bytes of a PNG, a JPEG, a GIF, a WebP and a PDF in base64.
    private static let png = "iVBORw0KGgoAAAANSUhEUgAA"
    private static let jpeg = "/9j/4AAQSkZJRgABAQAAAQAB"
    private static let gif = "R0lGODlhAQABAIAAAAAAAP//"
    private static let webp = "UklGRiQAAABXRUJQVlA4IBgA"
    private static let pdf = "JVBERi0xLjcKJcOkw7zDtsOf"

    private static func image(_ address: String, detail: String? = nil) -> JSONValue {
        var image = JSONObject([("url", .string(address))])
        image["detail"] = detail.map { .string($0) }
        return Translated.chat(messages: [
            ["role": "user", "content": [["type": "image_url", "image_url": .object(image)]]]
        ])
    }

    private static func file(_ members: JSONValue) -> JSONValue {
        Translated.chat(messages: [["role": "user", "content": [["type": "file", "file": members]]]])
    }

    /// A data URL, and the type and the bytes that are sent.
    static let addresses: [(String, String, String)] = [
        ("data:image/png;base64,\(png)", "image/png", png),
        ("data:image/jpg;base64,\(jpeg)", "image/jpeg", jpeg),
        ("DATA:IMAGE/PNG;BASE64,\(png)", "image/png", png),
        ("data:image/png;charset=utf-8;base64,\(png)", "image/png", png),
        ("data:image/png;base64,\(jpeg)", "image/jpeg", jpeg),
        ("data:image/png;base64,\(gif)", "image/gif", gif),
        ("data:image/jpeg;base64,\(webp)", "image/webp", webp),
        ("data:;base64,\(png)", "image/png", png),
        ("data:image/jpeg;base64,_9j_4AAQSkZJRgABAQAAAQAB", "image/jpeg", jpeg),
        ("data:image/png;base64,\(png)AA", "image/png", "\(png)AA=="),
        ("data:image/png;base64,\(png.prefix(12))\n\(png.dropFirst(12))", "image/png", png),
    ]

    @Test("a data URL is read whatever its spelling, and its bytes tell the type", arguments: addresses)
    func spelled(address: String, type: String, data: String) throws {
        let source = try Translated(Self.image(address), to: .anthropicMessages).messages[0]["content"]?[0]?["source"]
        #expect(source == ["type": "base64", "media_type": .string(type), "data": .string(data)])
        let inline = try Translated(Self.image(address), to: .gemini).contents[0]["parts"]?[0]?["inlineData"]
        #expect(inline == ["mimeType": .string(type), "data": .string(data)])
    }

    @Test(
        "what is no data URL is refused",
        arguments: ["data:image/png,abc", "data:image/png;base64,a*b=", "data:image/png;base64,abcde", "data:"]
    )
    func malformed(address: String) {
        for dialect in [Dialect.anthropicMessages, .gemini] {
            #expect(Translated.refusal(Self.image(address), to: dialect)?.code == .invalidRequest)
        }
    }

    @Test("Anthropic gets no pictures that it does not take, and addresses of https alone")
    func refused() throws {
        for address in ["data:image/bmp;base64,Qk0=", "http://example.com/a.png", "ftp://example.com/a.png"] {
            let refusal = Translated.refusal(Self.image(address), to: .anthropicMessages)
            #expect(refusal?.code == .unsupportedParameter && refusal?.parameter == "messages")
        }
        let sent = try Translated(Self.image("https://example.com/a.png", detail: "high"), to: .anthropicMessages)
        #expect(sent.messages[0]["content"]?[0]?["source"] == ["type": "url", "url": "https://example.com/a.png"])
        let fetched = try Translated(Self.image("https://example.com/a.png"), to: .gemini)
        #expect(fetched.contents[0]["parts"]?[0]?["fileData"] == ["fileUri": "https://example.com/a.png"])
    }

    @Test("how closely to look is told to Gemini", arguments: ["low", "high", "auto"])
    func detail(word: String) throws {
        let given = Self.image("data:image/png;base64,\(Self.png)", detail: word)
        let level = try Translated(given, to: .gemini).contents[0]["parts"]?[0]?["mediaResolution"]?["level"]?.string
        #expect(level == (word == "auto" ? nil : "MEDIA_RESOLUTION_\(word.uppercased())"))
        let old = try Translated(given, to: .gemini, can: ["thinking_levels": false])
        #expect(old.contents[0]["parts"]?[0]?["mediaResolution"] == nil)
    }

    @Test("a document goes as PDF or as text")
    func documents() throws {
        let pdf = Self.file(["file_data": .string("data:application/pdf;base64,\(Self.pdf)"), "filename": "a.pdf"])
        let block = try Translated(pdf, to: .anthropicMessages).messages[0]["content"]?[0]
        #expect(block?["source"] == ["type": "base64", "media_type": "application/pdf", "data": .string(Self.pdf)])
        #expect(block?["title"] == "a.pdf")
        let inline = try Translated(pdf, to: .gemini).contents[0]["parts"]?[0]?["inlineData"]
        #expect(inline == ["mimeType": "application/pdf", "data": .string(Self.pdf)])
        let text = Self.file(["file_data": "data:text/csv;base64,YSxi", "filename": "a.csv"])
        let source = try Translated(text, to: .anthropicMessages).messages[0]["content"]?[0]?["source"]
        #expect(source == ["type": "text", "media_type": "text/plain", "data": "a,b"])
        #expect(try Translated(text, to: .gemini).contents[0]["parts"] == [["text": "a.csv\na,b"]])
        let word = Self.file(["file_data": "data:application/msword;base64,YSxi"])
        #expect(Translated.refusal(word, to: .anthropicMessages)?.code == .unsupportedParameter)
    }

    @Test("a file's id means nothing at another provider", arguments: [Dialect.anthropicMessages, .gemini])
    func fileID(dialect: Dialect) {
        let refusal = Translated.refusal(Self.file(["file_id": "file-1"]), to: dialect)
        #expect(refusal?.message.hasPrefix("file_not_portable") == true && refusal?.parameter == "file_id")
    }

    @Test("Google's stored files go to nobody else")
    func googleFile() throws {
        for uri in ["gs://b/a.pdf", "https://generativelanguage.googleapis.com/v1beta/files/a"] {
            let body: JSONValue = [
                "contents": [["parts": [["fileData": ["fileUri": .string(uri), "mimeType": "application/pdf"]]]]]
            ]
            let refusal = Translated.refusal(body, from: .gemini, to: .anthropicMessages)
            #expect(refusal?.message.hasPrefix("file_not_portable") == true)
        }
    }

    @Test("sound goes to Gemini and not to Anthropic")
    func sound() throws {
        let audio: JSONValue = ["type": "input_audio", "input_audio": ["data": "UklGRg==", "format": "mp3"]]
        let body = Translated.chat(messages: [["role": "user", "content": [audio]]])
        let part = try Translated(body, to: .gemini).contents[0]["parts"]?[0]
        #expect(part?["inlineData"] == ["mimeType": "audio/mpeg", "data": "UklGRg=="])
        #expect(Translated.refusal(body, to: .anthropicMessages)?.parameter == "audio")
    }

    /// A call whose result is a picture, as Anthropic writes it.
    private static let pictured: JSONValue = [
        "model": "m", "max_tokens": 9,
        "messages": [
            ["role": "user", "content": "x"],
            ["role": "assistant", "content": [["type": "tool_use", "id": "c", "name": "f", "input": [:]]]],
            [
                "role": "user",
                "content": [
                    [
                        "type": "tool_result", "tool_use_id": "c",
                        "content": [
                            ["type": "text", "text": "see"],
                            [
                                "type": "image",
                                "source": ["type": "base64", "media_type": "image/png", "data": .string(png)],
                            ],
                        ],
                    ], ["type": "text", "text": "so?"],
                ],
            ],
        ],
    ]

    @Test("a picture in a result stays there, but for Gemini before 3, where it follows the results")
    func pictureInResult() throws {
        let new = try Translated(Self.pictured, from: .anthropicMessages, to: .gemini)
        let answer = new.contents[2]["parts"]?[0]?["functionResponse"]
        #expect(
            answer?["response"] == ["output": "see"] && answer?["parts"]?[0]?["inlineData"]?["mimeType"] == "image/png"
        )
        let can: JSONValue = ["media_in_tool_results": false]
        let old = try Translated(Self.pictured, from: .anthropicMessages, to: .gemini, can: can)
        let parts = old.contents[2]["parts"]
        #expect(parts?[0]?["functionResponse"]?["parts"] == nil && parts?[2]?["inlineData"]?["mimeType"] == "image/png")
        #expect(parts?[1]?["text"] == "[from the result of f]" && parts?[3]?["text"] == "so?")
        #expect(old.warnings.contains("messages.tool_result;moved"))
    }
}
