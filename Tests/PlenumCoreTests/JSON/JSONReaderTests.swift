import Foundation
import PlenumCore
import Testing

@Suite("JSON reader")
struct JSONReaderTests {
    @Test("a valid text is taken, by reading and by skipping", arguments: JSONCase.accepted)
    func accepts(_ text: JSONCase) throws {
        _ = try JSONValue(parsing: text.bytes)
        var reader = JSONReader(text.bytes)
        try reader.skip()
        try reader.finish()
    }

    @Test("an invalid text is refused at its fault, by reading and by skipping", arguments: JSONCase.refused)
    func refuses(_ text: JSONCase, _ offset: Int) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: text.bytes) }
        #expect(readFault(text.bytes)?.offset == offset)
        #expect(readFault(text.bytes) == skipFault(text.bytes))
    }

    @Test(
        "strings mean what their escapes say",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""a\u0000b""#, "a\0b"), (#""\ud83d\ude00""#, "😀"),
            (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
            (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83dabcdefgh""#, "\u{FFFD}abcdefgh"),
            (#""0123456789\u00e90123456789漢\n""#, "0123456789é0123456789漢\n"),
        ]
    )
    func unescapes(_ text: String, _ meaning: String) throws {
        #expect(try JSONValue(parsing: text).string == meaning)
    }

    @Test("the text of numbers and the order of keys survive")
    func keepsForm() throws {
        let text = #"{"z":1.0,"a":1e3,"m":-0,"b":12345678901234567890123,"c":[0.10,1E+2]}"#
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test("of a repeated key the last value stands in the first place, in small objects and in large")
    func repeatedKeys() throws {
        let small = try JSONValue(parsing: #"{"a":1,"b":2,"\u0061":3}"#)
        #expect(small.text == #"{"a":3,"b":2}"#)
        let many = (0..<100).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let large = try JSONValue(parsing: "{\(many),\"k7\":\"last\"}")
        #expect(large.object?.count == 100)
        #expect(large["k7"] == "last")
        #expect(large.object?.members[7].key == "k7")
    }

    @Test("keys that differ in bytes are two keys, though Unicode calls them equal", arguments: [0, 40])
    func keysAreBytes(_ others: Int) throws {
        let rest = (0..<others).map { ",\"k\($0)\":0" }.joined()
        let object = try JSONValue(parsing: #"{"\#u{E9}":1,"e\#u{301}":2\#(rest)}"#)
        #expect(object.object?.count == 2 + others)
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
    }

    @Test("a key is matched as written and as escaped, and gives its name")
    func keys() throws {
        var reader = JSONReader(Array(#"{"model":1,"m\u006fdel":2,"mode":3,"models":4,"\u00e9\n":5,"":6}"#.utf8))
        var matches: [Int] = []
        var names: [String] = []
        try reader.enterObject()
        while let key = try reader.nextKey() {
            let value = try #require(try reader.readIntOrNull())
            if case "model" = key { matches.append(value) }
            names.append(key.string)
        }
        try reader.finish()
        #expect(matches == [1, 2])
        #expect(names == ["model", "model", "mode", "models", "é\n", ""])
    }

    @Test("a span is the value's bytes, brackets and quotes included")
    func spans() throws {
        let text = Array(#"{ "a" : "x\"y" , "b":[1, {"c":null}] ,"d":-1.5e3}"#.utf8)
        var reader = JSONReader(text)
        var spans: [String] = []
        try reader.enterObject()
        while try reader.nextKey() != nil { spans.append(String(decoding: text[try reader.skip()], as: UTF8.self)) }
        #expect(spans == [#""x\"y""#, #"[1, {"c":null}]"#, "-1.5e3"])
        #expect(reader.position == text.count)
    }

    @Test("levels that were entered count against the bound of what is read or skipped inside")
    func depthIsShared() throws {
        let text = Array((String(repeating: "[", count: 129) + String(repeating: "]", count: 129)).utf8)
        for skips in [true, false] {
            var reader = JSONReader(text)
            for _ in 0..<100 {
                try reader.enterArray()
                #expect(try reader.nextElement())
            }
            #expect(reader.depth == 100)
            #expect(throws: JSONError("nesting deeper than 128 levels", at: 128)) {
                if skips { try reader.skip() } else { _ = try reader.readValue() }
            }
        }
    }

    @Test("the deepest text is read, compared and written on a small stack")
    func smallStack() async throws {
        let text = String(repeating: #"[{"a":"#, count: 64) + "1" + String(repeating: "}]", count: 64)
        let written: String? = await withCheckedContinuation { continuation in
            let thread = Thread {
                let tree = try? JSONValue(parsing: text)
                continuation.resume(returning: tree == (try? JSONValue(parsing: text)) ? tree?.text : nil)
            }
            thread.stackSize = 512 * 1024
            thread.start()
        }
        #expect(written == text)
    }

    @Test("typed reads refuse other kinds and take null where they may")
    func typedReads() throws {
        var reader = JSONReader(Array(#"[null,null,"x",7,true,1.5,"7"]"#.utf8))
        try reader.enterArray()
        #expect(try reader.nextElement() && reader.readStringOrNull() == nil)
        #expect(try reader.nextElement() && reader.readIntOrNull() == nil)
        #expect(try reader.nextElement() && reader.readStringOrNull() == "x")
        #expect(try reader.nextElement() && reader.readIntOrNull() == 7)
        #expect(try reader.nextElement() && reader.readBool())
        #expect(try reader.nextElement() && reader.readNumber().text == "1.5")
        #expect(try reader.nextElement())
        #expect(throws: JSONError("a number was expected", at: 26)) { try reader.readIntOrNull() }
    }

    @Test("a reader asked for a place outside the text throws", arguments: [-5, 2, 100])
    func placesOutside(_ position: Int) {
        var reader = JSONReader(Array("{}".utf8), from: position)
        if position < 0 { #expect(throws: Never.self) { try reader.skip() } }
        #expect(throws: JSONError.self) { try reader.skip() }
    }

    @Test("steps outside any container throw or end, never trap")
    func stepsOutside() throws {
        for text in ["}", "]", "1", ",", ""] {
            var reader = JSONReader(Array(text.utf8))
            _ = try? reader.nextKey()
            _ = try? reader.nextElement()
            _ = try? reader.nextKey()
            _ = try? reader.skip()
            #expect(reader.depth == 0)
        }
    }
}

/// The fault that reading finds.
func readFault(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(parsing: bytes)
        return nil
    } catch { return error }
}

/// The fault that skipping finds.
func skipFault(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
        var reader = JSONReader(bytes)
        try reader.skip()
        try reader.finish()
        return nil
    } catch { return error }
}

/// The fault that walking member by member finds.
func walkFault(_ bytes: [UInt8]) -> JSONError? {
    do throws(JSONError) {
        var reader = JSONReader(bytes)
        try walk(&reader)
        try reader.finish()
        return nil
    } catch { return error }
}

private func walk(_ reader: inout JSONReader) throws(JSONError) {
    switch try reader.peek() {
    case .object:
        try reader.enterObject()
        while try reader.nextKey() != nil { try walk(&reader) }
    case .array:
        try reader.enterArray()
        while try reader.nextElement() { try walk(&reader) }
    case .string: _ = try reader.readString()
    case .number: _ = try reader.readNumber()
    case .bool: _ = try reader.readBool()
    case .null: _ = try reader.readNull()
    }
}
