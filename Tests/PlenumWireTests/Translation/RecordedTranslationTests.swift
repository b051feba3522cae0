import PlenumCore
import PlenumWire
import Testing

/// Recorded requests on their way to Anthropic and Gemini.
@Suite("Recorded requests go over", .enabled(if: Recordings.arePresent, "there are no recordings beside the project"))
struct RecordedTranslationTests {
    /// The bodies with a conversation in them, with their dialects.
    private static func bodies() throws -> [(file: String, dialect: Dialect, body: JSONObject)] {
        try Recordings.load().compactMap { recording in
            guard recording.isOriginal, recording.status < 400, WireFormats.format(for: recording.dialect) != nil,
                let body = recording.request["body"]?.object, body["messages"] != nil || body["contents"] != nil
            else { return nil }
            return (recording.file, recording.dialect, body)
        }
    }

    /// Whose turn an element of the conversation is.
    private static func isModel(_ turn: JSONValue) -> Bool { turn["role"] == "assistant" || turn["role"] == "model" }

    @Test("whole, or are refused for what they ask", arguments: [Dialect.anthropicMessages, .gemini])
    func goOver(dialect: Dialect) throws {
        var over = 0
        for (file, source, body) in try Self.bodies() where source != dialect {
            do throws(PlenumError) {
                let request = Translated.request(.object(body), from: source)
                guard let format = WireFormats.format(for: dialect) else { continue }
                let wire = try format.writeRequest(request, quirks: Quirks())
                let read = try format.readRequest(wire.body).chat
                #expect(!read.turns.isEmpty, "\(file)")
                over += 1
            } catch {
                #expect(error.code == .unsupportedParameter, "\(file): \(error)")
            }
        }
        #expect(over > 0)
    }

    @Test("with a prefix that a longer conversation keeps", arguments: [Dialect.anthropicMessages, .gemini])
    func keepPrefix(dialect: Dialect) throws {
        var compared = 0
        for (file, source, body) in try Self.bodies() {
            let member = source == .gemini ? "contents" : "messages"
            let turns = body[member]?.array ?? []
            var before: [UInt8] = []
            for end in turns.indices.dropFirst() where Self.isModel(turns[end]) || end == turns.count - 1 {
                var cut = body
                cut[member] = .array(Array(turns[...(Self.isModel(turns[end]) ? end - 1 : end)]))
                guard let sent = try? Translated(.object(cut), from: source, to: dialect, fields: ClientFields(source))
                else {
                    continue
                }
                // A body of the same dialect is passed through, bytes and all.
                guard source != dialect else { continue }
                let bytes = JSONValue.array(dialect == .gemini ? sent.contents : sent.messages).bytes
                #expect(bytes.starts(with: before.dropLast()), "\(file), turn \(end)")
                before = bytes
                compared += 1
            }
        }
        #expect(compared > 0)
    }
}
