import PlenumCore
import Testing

@Suite("Data URL")
struct MediaTests {
    @Test(
        "a base64 data URL is bytes with a media type, its parameters included",
        arguments: [
            ("data:image/png;base64,aGk=", "image/png", "aGk="), ("data:;base64,aGk=", nil, "aGk="),
            ("data:image/png;base64,", "image/png", ""), ("DATA:image/png;BASE64,aGk=", "image/png", "aGk="),
            ("data:audio/L16;rate=24000;base64,aGk=", "audio/L16;rate=24000", "aGk="),
            ("data:image/png;base64,a,b", "image/png", "a,b"),
        ] as [(String, String?, String)]
    )
    func base64(_ address: String, _ mimeType: String?, _ payload: String) {
        #expect(Media(address: address) == Media(.base64(payload), mimeType: mimeType))
    }

    @Test(
        "any other address stays one",
        arguments: [
            "", "https://example.com/a.png", "data:", "data:,", "data:text/plain,hi", "data:base64,aGk=",
            "data:image/png;base64",
            "data:image/png;base64;x=1,aGk=", "database:x;base64,y",
        ]
    )
    func addresses(_ address: String) {
        #expect(Media(address: address) == Media(.url(address)))
        #expect(Media(address: address).dataURL == address)
    }

    @Test("bytes without a media type are written as a stream of octets, and a file id has no address")
    func writes() {
        #expect(Media(.base64("aGk=")).dataURL == "data:application/octet-stream;base64,aGk=")
        #expect(Media(.base64("aGk="), mimeType: "image/png").dataURL == "data:image/png;base64,aGk=")
        #expect(Media(.file("f")).dataURL == nil)
    }
}
