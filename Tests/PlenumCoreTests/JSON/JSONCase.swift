import Testing

/// A text with what RFC 8259 says of it.
struct JSONCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ text: String) {
        self.name = name
        self.bytes = Array(text.utf8)
    }

    init(_ name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// A string literal around raw bytes.
    init(_ name: String, string inside: [UInt8]) {
        self.init(name, bytes: [0x22] + inside + [0x22])
    }

    var testDescription: String { name }
}

extension JSONCase {
    /// Texts that every reader must take.
    static let accepted: [JSONCase] = numbers + strings + structures

    private static let numbers: [JSONCase] = [
        JSONCase("zero", "0"), JSONCase("minus zero", "-0"), JSONCase("minus zero point zero", "-0.0"),
        JSONCase("a fraction", "0.5"), JSONCase("an exponent", "1e3"), JSONCase("a capital exponent", "1E3"),
        JSONCase("a signed exponent", "1e+3"), JSONCase("a negative exponent", "-1.5e-3"),
        JSONCase("zero with an exponent", "0e1"), JSONCase("an exponent with a leading zero", "1e01"),
        JSONCase("beyond a double", "1e400"), JSONCase("below a double", "1e-400"),
        JSONCase("the greatest Int64", "9223372036854775807"), JSONCase("the least Int64", "-9223372036854775808"),
        JSONCase("the greatest UInt64", "18446744073709551615"), JSONCase("one beyond UInt64", "18446744073709551616"),
        JSONCase("many digits", String(repeating: "9", count: 400)),
    ]

    private static let strings: [JSONCase] = [
        JSONCase("an empty string", #""""#), JSONCase("every short escape", #""\"\\\/\b\f\n\r\t""#),
        JSONCase("an escaped NUL", #""a\u0000b""#), JSONCase("hex digits in both cases", #""\u00e9\u00E9\uAbCd""#),
        JSONCase("a surrogate pair", #""\ud83d\ude00""#), JSONCase("a high surrogate alone", #""\ud83d""#),
        JSONCase("a low surrogate alone", #""\ude00""#), JSONCase("two high surrogates", #""\ud83d\ud83d""#),
        JSONCase("surrogates in the wrong order", #""\ude00\ud83d""#),
        JSONCase("a high surrogate before a letter", #""\ud83dx""#),
        JSONCase("a high surrogate before another escape", #""\ud83d\n""#),
        JSONCase("an escaped non-character", #""\uffff""#), JSONCase("DEL", "\"\u{7F}\""),
        JSONCase("line separators", "\"\u{2028}\u{2029}\""), JSONCase("every length of UTF-8", "\"aé漢😀\""),
        JSONCase("the last scalar", string: [0xF4, 0x8F, 0xBF, 0xBF]),
        JSONCase("the last before the surrogates", string: [0xED, 0x9F, 0xBF]),
        JSONCase("the first after them", string: [0xEE, 0x80, 0x80]),
        JSONCase("a byte order mark inside a string", string: [0xEF, 0xBB, 0xBF]),
    ]

    private static let structures: [JSONCase] = [
        JSONCase("true", "true"), JSONCase("false", "false"), JSONCase("null", "null"),
        JSONCase("an empty object", "{}"), JSONCase("an empty array", "[]"),
        JSONCase("white space inside", "[ \n\t\r]"),
        JSONCase("white space around", " \t\r\n{ \"a\" : [ 1 , 2 ] }\n"), JSONCase("an empty key", #"{"":0}"#),
        JSONCase("a repeated key", #"{"a":1,"b":2,"a":3}"#), JSONCase("an escaped key", #"{"\u0061":1}"#),
        JSONCase("128 levels of arrays", nested("[", "]", 128)),
        JSONCase("128 levels of objects", String(repeating: #"{"a":"#, count: 127) + "{}" + nested("", "}", 127)),
        JSONCase("many siblings", "[" + Array(repeating: "[{}]", count: 500).joined(separator: ",") + "]"),
    ]

    /// Texts that every reader must refuse, each with the offset of its fault.
    static let refused: [(JSONCase, Int)] = badNumbers + badStrings + badUTF8 + badStructures + badWords

    private static let badNumbers: [(JSONCase, Int)] = [
        (JSONCase("a minus alone", "-"), 1), (JSONCase("a leading zero", "01"), 1),
        (JSONCase("minus and a leading zero", "-012"), 2), (JSONCase("a point at the end", "1."), 2),
        (JSONCase("a point at the start", ".5"), 0), (JSONCase("an exponent without digits", "1e"), 2),
        (JSONCase("a signed exponent without digits", "1e+"), 3), (JSONCase("a plus", "+1"), 0),
        (JSONCase("two points", "1.2.3"), 3), (JSONCase("a point before the exponent", "1.e3"), 2),
        (JSONCase("hexadecimal", "0x1F"), 1), (JSONCase("two minuses", "--1"), 1),
        (JSONCase("minus infinity", "-Infinity"), 1), (JSONCase("a fractional exponent", "1e1.5"), 3),
        (JSONCase("digits of another script", "１"), 0), (JSONCase("an underscore", "1_000"), 1),
    ]

    private static let badStrings: [(JSONCase, Int)] = [
        (JSONCase("an unclosed string", "\"abc"), 4), (JSONCase("a quote alone", "\""), 1),
        (JSONCase("a backslash at the end", "\"\\"), 2), (JSONCase("an escaped closing quote", "\"\\\""), 3),
        (JSONCase("an unknown escape", #""\x41""#), 2), (JSONCase("an escaped single quote", #""\'""#), 2),
        (JSONCase("a capital U", #""\U0041""#), 2), (JSONCase("three hex digits", #""\u004""#), 2),
        (JSONCase("an escape cut off", #""\u00"#), 2), (JSONCase("no hex digit", #""\u00g0""#), 2),
        (JSONCase("a sign among hex digits", #""\u+041""#), 2), (JSONCase("a raw line feed", "\"a\nb\""), 2),
        (JSONCase("a raw tab", "\"\t\""), 1), (JSONCase("a raw NUL", "\"\0\""), 1),
        (JSONCase("a raw control character far in", "\"aaaaaaaaaaaaaaaa\u{1F}\""), 17),
        (JSONCase("single quotes", "'a'"), 0),
    ]

    private static let badUTF8: [(JSONCase, Int)] = [
        (JSONCase("a continuation alone", string: [0x61, 0x80]), 2),
        (JSONCase("an overlong slash", string: [0xC0, 0xAF]), 1),
        (JSONCase("an overlong NUL", string: [0xC1, 0x80]), 1),
        (JSONCase("overlong in three bytes", string: [0xE0, 0x80, 0xAF]), 1),
        (JSONCase("overlong in four bytes", string: [0xF0, 0x80, 0x80, 0xAF]), 1),
        (JSONCase("a high surrogate in bytes", string: [0xED, 0xA0, 0x80]), 1),
        (JSONCase("a low surrogate in bytes", string: [0xED, 0xBF, 0xBF]), 1),
        (JSONCase("above the last scalar", string: [0xF4, 0x90, 0x80, 0x80]), 1),
        (JSONCase("F5", string: [0xF5, 0x80, 0x80, 0x80]), 1), (JSONCase("FF", string: [0xFF]), 1),
        (JSONCase("two bytes cut short", string: [0xC3]), 1),
        (JSONCase("three bytes cut short", string: [0xE6, 0xBC]), 1),
        (JSONCase("four bytes cut short", string: [0xF0, 0x9F, 0x98]), 1),
        (JSONCase("a sequence broken by an escape", string: [0xC3] + Array("\\u0041".utf8)), 1),
        (JSONCase("a bad third byte", string: [0xE6, 0xBC, 0x41]), 1),
        (JSONCase("a bad byte after sixteen good ones", string: Array("aaaaaaaaaaaaaaaa".utf8) + [0xFE]), 17),
        (JSONCase("cut short by the end of the text", bytes: [0x22, 0xE6, 0xBC]), 1),
        (JSONCase("in a key", bytes: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)), 2),
        (JSONCase("a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + Array("{}".utf8)), 0),
    ]

    private static let badStructures: [(JSONCase, Int)] = [
        (JSONCase("an empty text", ""), 0), (JSONCase("white space only", " \n"), 2),
        (JSONCase("a comma before ]", "[1,]"), 3), (JSONCase("a comma before }", #"{"a":1,}"#), 7),
        (JSONCase("a leading comma", "[,1]"), 1), (JSONCase("two commas", "[1,,2]"), 3),
        (JSONCase("no comma", "[1 2]"), 3), (JSONCase("no comma between members", #"{"a":1 "b":2}"#), 7),
        (JSONCase("no colon", #"{"a" 1}"#), 5), (JSONCase("two colons", #"{"a"::1}"#), 5),
        (JSONCase("no value", #"{"a":}"#), 5), (JSONCase("a key alone", #"{"a"}"#), 4),
        (JSONCase("a bare key", "{a:1}"), 1), (JSONCase("a number as key", "{1:1}"), 1),
        (JSONCase("an unclosed array", "[1"), 2), (JSONCase("an unclosed object", #"{"a":1"#), 6),
        (JSONCase("an opened array", "["), 1), (JSONCase("an opened object", "{"), 1),
        (JSONCase("the wrong bracket", "[1}"), 2), (JSONCase("the other wrong bracket", #"{"a":1]"#), 6),
        (JSONCase("mixed brackets", "[{]"), 2), (JSONCase("unclosed mixed brackets", "[{"), 2),
        (JSONCase("a closing bracket", "]"), 0), (JSONCase("text after the value", "{} x"), 3),
        (JSONCase("two values", "1 2"), 2), (JSONCase("a bracket too many", "[]]"), 2),
        (JSONCase("129 levels", nested("[", "]", 129)), 128),
        (JSONCase("100,000 brackets", nested("[", "", 100_000)), 128),
        (JSONCase("100,000 mixed brackets", String(repeating: "[{\"a\":", count: 50_000)), 384),
    ]

    private static let badWords: [(JSONCase, Int)] = [
        (JSONCase("NaN", "NaN"), 0), (JSONCase("Infinity", "Infinity"), 0), (JSONCase("a capital word", "True"), 0),
        (JSONCase("a word cut short", "tru"), 0), (JSONCase("another word", "nul1"), 0),
        (JSONCase("a word too long", "nulls"), 4), (JSONCase("undefined", "undefined"), 0),
        (JSONCase("a line comment", "// a\n1"), 0), (JSONCase("a comment", "/* a */1"), 0),
        (JSONCase("a comment after", "1 // a"), 2), (JSONCase("a form feed", "\u{0C}1"), 0),
        (JSONCase("a vertical tab", "[\u{0B}]"), 1), (JSONCase("a no-break space", "\u{A0}1"), 0),
        (JSONCase("a NUL after the value", "1\0"), 1),
    ]

    private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
        String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
}
