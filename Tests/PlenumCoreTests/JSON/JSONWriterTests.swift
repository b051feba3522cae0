import PlenumCore
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test("only the quote, the backslash and control characters are escaped")
    func escapes() {
        var writer = JSONWriter()
        writer.string("/é漢😀\u{7F}\u{2028}\"\\\u{0}\u{8}\t\n\r\u{1F}")
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == "\"/é漢😀\u{7F}\u{2028}\\\"\\\\\\u0000\\u0008\\t\\n\\r\\u001f\""
        )
    }

    @Test("every scalar value survives, at every place of an eight-byte block", arguments: 0..<9)
    func everyScalar(_ shift: Int) throws {
        var text = String(repeating: "a", count: shift)
        for value in stride(from: UInt32(0), to: 0x11_0000, by: 7) {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        for value in UInt32(0)..<0x100 { text.unicodeScalars.append(Unicode.Scalar(UInt8(value))) }
        let back = try #require(JSONValue(parsing: JSONValue.string(text).bytes).string)
        #expect(back.utf8.elementsEqual(text.utf8))
    }

    @Test("commas stand between elements and members, and nowhere else")
    func commas() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", 1)
        writer.member("b", nil as String?)
        writer.key("c")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.bool(false)
        writer.raw("1.50".utf8)
        writer.null()
        writer.endArray()
        writer.member("d", ["x": [1, "y"]])
        writer.members(of: JSONObject([("e", true), ("f", .null)]))
        writer.endObject()
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"a":1,"b":null,"c":[{},[],false,1.50,null],"d":{"x":[1,"y"]},"e":true,"f":null}"#)
    }

    @Test("members are replaced in place, appended and removed")
    func members() {
        var object = JSONObject([("a", 1), ("b", 2), ("a", 3)])
        object["b"] = "two"
        object["c"] = .null
        object["a"] = nil
        object["z"] = nil
        #expect(JSONValue.object(object).text == #"{"b":"two","c":null}"#)
        #expect(object["c"]?.isNull == true)
        #expect(object.members.map(\.key) == ["b", "c"])
    }
}
