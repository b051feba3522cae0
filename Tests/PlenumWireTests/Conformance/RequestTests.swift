import PlenumCore
import PlenumWire
import Testing

@Suite("Recorded requests", .enabled(if: Recordings.arePresent, "there are no recordings beside the project"))
struct RequestTests {
    /// The members of two trees that differ, by path; the order of members does not count.
    static func differences(_ sent: JSONValue, _ given: JSONValue, _ path: String = "") -> [String] {
        switch (sent, given) {
        case (.object(let sent), .object(let given)):
            let names = Set(sent.members.map(\.key)).union(given.members.map(\.key)).sorted()
            return names.flatMap { name -> [String] in
                let place = "\(path).\(name)"
                guard let left = sent[name] else { return ["\(place) is lost"] }
                guard let right = given[name] else { return ["\(place) is new"] }
                return differences(left, right, place)
            }
        case (.array(let sent), .array(let given)) where sent.count == given.count:
            return zip(sent, given).enumerated().flatMap { differences($1.0, $1.1, "\(path)[\($0)]") }
        default:
            return sent == given ? [] : ["\(path) is \(sent.text.prefix(150)), not \(given.text.prefix(150))"]
        }
    }

    /// What the dialects themselves say may be left out or said otherwise.
    private static let harmless = [
        ".stream is lost", ".systemInstruction.role is lost", ".generationConfig is lost", ".stream_options is new",
        ".max_tokens is new", ".thoughtSignature is new", ".content is new", ".model is lost",
        ".parametersJsonSchema is lost", ".store is new", ".store is false, not true", ".include is new",
        ".background is lost", ".previous_response_id is lost",
    ]

    /// A tree with one spelling of each thing: camelCase for Gemini, blocks for Anthropic, no empty text.
    static func normal(_ tree: JSONValue, _ dialect: Dialect, key: String = "") -> JSONValue {
        switch tree {
        case .object(let object):
            var out = JSONObject()
            for (key, value) in object.members {
                out[dialect == .gemini ? camelCase(key) : key] = normal(value, dialect, key: key)
            }
            return .object(out)
        case .array(let elements):
            let normals = elements.map { normal($0, dialect) }.filter { $0 != ["text": ""] }
            return .array(key == "contents" ? merged(normals) : normals)
        case .string(let text) where dialect == .anthropicMessages && ["content", "system"].contains(key):
            return [["type": "text", "text": .string(text)]]
        case .string("none") where dialect == .gemini: return "NONE"
        default: return tree
        }
    }

    /// Contents of one role after another as one.
    private static func merged(_ contents: [JSONValue]) -> [JSONValue] {
        var out: [JSONValue] = []
        for content in contents {
            guard let last = out.last, last["role"] == content["role"], var object = last.object else {
                out.append(content)
                continue
            }
            object["parts"] = .array((last["parts"]?.array ?? []) + (content["parts"]?.array ?? []))
            out[out.count - 1] = .object(object)
        }
        return out
    }

    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard words.count > 1, !name.hasPrefix("_") else { return name }
        return words[0] + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    @Test("come out of their own dialect's reader and writer as they went in")
    func comeBack() throws {
        var same = 0
        var all = 0
        for recording in try Recordings.load() where recording.isOriginal && recording.status < 400 {
            let format = try #require(WireFormats.format(for: recording.dialect))
            // Bodies of other endpoints have no messages.
            guard let body = recording.request["body"],
                ["messages", "contents", "input"].contains(where: { body[$0] != nil })
            else {
                continue
            }
            all += 1
            var request = CompletionRequest(
                model: body["model"]?.string ?? "m",
                tag: ModelID(provider: "p", model: "m"),
                stream: body["stream"]?.bool ?? false,
                prompt: .chat(try format.readRequest(body.bytes).chat)
            )
            request.fields = ClientFields(recording.dialect)
            let sent = try JSONValue(parsing: try format.writeRequest(request, quirks: Quirks()).body)
            let differences = Self.differences(
                Self.normal(sent, recording.dialect),
                Self.normal(body, recording.dialect)
            ).filter { difference in !Self.harmless.contains { difference.hasSuffix($0) } }
            if differences.isEmpty {
                same += 1
            } else {
                Issue.record("\(recording.file): \(differences.prefix(4).joined(separator: "; "))")
            }
        }
        print("conformance: \(same) of \(all) requests come back as they were")
    }
}
