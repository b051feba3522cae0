import PlenumCore

/// A member of a message in the export, in both directions: a new field of ``PlenumCore/Message`` is a line in ``all``.
struct ExportedMember: Sendable {
    /// Its name in the file.
    let name: String
    /// What is written.
    let write: @Sendable (Message) -> JSONValue
    /// Takes over what was read; `false` if it is not what it should be.
    let read: @Sendable (JSONValue, inout Message) -> Bool

    /// The members beside those that every message needs, in the order in which they are written.
    static let all: [ExportedMember] = [
        .text("model", \.model),
        .text("provider", \.provider),
        .id("run", \.run),
        .count("seat", \.seat),
        .round,
        .phase,
        .part,
        .sources,
        .id("generation", \.generation),
        .value("finish_reason", \.finish, { .string($0.meaning.rawValue) }, FinishReason.init(exported:)),
        .nativeFinish,
        .value("usage", \.usage, \.exportJSON, Usage.init(exported:)),
        .value("cost", \.cost, { .string($0.description) }, { $0.string.flatMap(Money.init(dollars:)) }),
        .value("error", \.error, \.json, RecordedError.init(exported:)),
    ]

    /// A member that is `null` where a message has no value.
    static func value<Value>(
        _ name: String,
        _ path: any WritableKeyPath<Message, Value?> & Sendable,
        _ json: @escaping @Sendable (Value) -> JSONValue,
        _ value: @escaping @Sendable (JSONValue) -> Value?
    ) -> ExportedMember {
        ExportedMember(name: name) { message in
            message[keyPath: path].map(json) ?? .null
        } read: { read, message in
            guard !read.isNull else { return true }
            message[keyPath: path] = value(read)
            return message[keyPath: path] != nil
        }
    }

    /// A text, or `null`.
    static func text(_ name: String, _ path: any WritableKeyPath<Message, String?> & Sendable) -> ExportedMember {
        value(name, path, { .string($0) }, \.string)
    }

    /// A whole number from 0, or `null`.
    static func count(_ name: String, _ path: any WritableKeyPath<Message, Int?> & Sendable) -> ExportedMember {
        value(name, path, { .number(JSONNumber($0)) }) { $0.int.flatMap { $0 >= 0 ? $0 : nil } }
    }

    /// An id, or `null`. Whether there is such a thing here does not matter.
    static func id<Subject: Identified & SendableMetatype>(
        _ name: String,
        _ path: any WritableKeyPath<Message, Identifier<Subject>?> & Sendable
    ) -> ExportedMember {
        value(name, path, { .string($0.description) }, { $0.string.flatMap(Identifier<Subject>.init) })
    }

    /// The round of the run's step, or `null` for a message that no step wrote.
    private static let round = ExportedMember(name: "round") { message in
        message.step.map { .number(JSONNumber($0.round)) } ?? .null
    } read: { read, message in
        guard !read.isNull else { return true }
        message.step = read.int.map { RunStep(round: $0, phase: .answer) }
        return message.step != nil
    }

    /// What the step does.
    private static let phase = ExportedMember(name: "phase") { message in
        message.step.map { .string($0.phase.rawValue) } ?? .null
    } read: { read, message in
        message.step?.phase = RunStep.Phase(rawValue: read.string ?? "")
        return (read.string != nil) == (message.step != nil)
    }

    /// Which of several alike.
    private static let part = ExportedMember(name: "part") { message in
        message.step.map { .number(JSONNumber($0.part)) } ?? .null
    } read: { read, message in
        message.step?.part = read.int ?? 0
        return read.isNull || message.step != nil
    }

    /// The messages that it was made of.
    private static let sources = ExportedMember(name: "derived_from") { message in
        .array(message.derivedFrom.map { .string($0.description) })
    } read: { read, message in
        guard !read.isNull else { return true }
        let ids = read.array?.compactMap { $0.string.flatMap { MessageID($0) } }
        message.derivedFrom = ids ?? []
        return ids?.count == read.array?.count && ids != nil
    }

    /// The provider's own word for why the model stopped: part of a field, and a member of its own.
    private static let nativeFinish = ExportedMember(name: "native_finish_reason") { message in
        message.finish?.native.map { .string($0) } ?? .null
    } read: { read, message in
        message.finish?.native = read.string
        return read.isNull || read.string != nil
    }
}

extension FinishReason {
    fileprivate init?(exported json: JSONValue) {
        guard let meaning = json.string.flatMap(Meaning.init) else { return nil }
        self.init(meaning)
    }
}

extension RecordedError {
    fileprivate init?(exported json: JSONValue) {
        guard let code = json["code"]?.string, let message = json["message"]?.string else { return nil }
        self.init(code: code, message: message, isRetryable: json["retryable"]?.bool ?? false)
    }
}
