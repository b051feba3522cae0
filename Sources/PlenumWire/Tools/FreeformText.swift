import PlenumCore

/// The free text of a call, which is `{"input": TEXT}` wherever a call has arguments.
enum FreeformText {
    /// What stands before the text.
    static let opening = #"{"input":""#
    /// What stands after it.
    static let closing = #""}"#

    /// A piece of the text as it stands between quotes.
    static func escaped(_ text: String) -> String {
        String(decoding: text.jsonBytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// The arguments of a call whose text is known.
    static func arguments(_ text: String) -> String { opening + escaped(text) + closing }

    /// The text in arguments; the arguments themselves if they are something else.
    static func text(in arguments: String) -> String {
        (try? JSONValue(parsing: arguments))?["input"]?.string ?? arguments
    }
}
