import PlenumCore
import PlenumEngine

/// Reads the body of `POST /v1/runs`.
enum RunBody {
    private static let known: Set<String> = [
        "kind", "conversation", "parent", "input", "models", "seats", "stream", "background",
    ]
    private static let knownInSeat: Set<String> = ["model", "fallback_models", "system", "params"]

    static func read(_ body: JSONObject) throws(PlenumError) -> RunAsk {
        try refuseUnknown(body, known, path: "")
        let seats = try seats(body)
        let kind = try body.text("kind").map(Run.Kind.init) ?? (seats.count > 1 ? .compare : .chat)
        let parent: MessageID? = try body.id("parent")
        let conversation: ConversationID? = try body.id("conversation")
        if parent != nil, conversation == nil {
            throw PlenumError(
                .invalidRequest,
                "\"parent\" needs the \"conversation\" that it belongs to.",
                parameter: "parent"
            )
        }
        return RunAsk(
            kind: kind,
            input: try InputParts.read(body["input"], path: "input"),
            seats: seats,
            place: conversation.map { ConversationPlace(conversation: $0, parent: parent) }
        )
    }

    private static func seats(_ body: JSONObject) throws(PlenumError) -> [RunAsk.Seat] {
        if let seats = body["seats"], seats != .null {
            guard body["models"] == nil else {
                throw PlenumError(.invalidRequest, "Give \"models\" or \"seats\", not both.", parameter: "models")
            }
            guard let list = seats.array else {
                throw PlenumError(.invalidRequest, "\"seats\" must be a list.", parameter: "seats")
            }
            var read: [RunAsk.Seat] = []
            for (index, seat) in list.enumerated() { read.append(try self.seat(seat, path: "seats[\(index)]")) }
            return read
        }
        guard let names = body["models"]?.array else {
            throw PlenumError(
                .invalidRequest,
                "\"models\" must be a list of names: GET /v1/models shows what there is.",
                parameter: "models"
            )
        }
        var read: [RunAsk.Seat] = []
        for (index, name) in names.enumerated() {
            guard let name = name.string else {
                throw PlenumError(.invalidRequest, "A model is named by a string.", parameter: "models[\(index)]")
            }
            read.append(RunAsk.Seat(model: name))
        }
        return read
    }

    private static func seat(_ value: JSONValue, path: String) throws(PlenumError) -> RunAsk.Seat {
        guard case .object(let seat) = value, let model = seat["model"]?.string else {
            throw PlenumError(.invalidRequest, "A seat is an object with a \"model\".", parameter: path)
        }
        try refuseUnknown(seat, knownInSeat, path: path + ".")
        return RunAsk.Seat(
            model: model,
            fallbacks: try fallbacks(seat["fallback_models"], path: "\(path).fallback_models"),
            system: try seat.text("system"),
            parameters: try SeatParameters(try seat.members("params") ?? JSONObject(), path: "\(path).params")
        )
    }

    private static func fallbacks(_ value: JSONValue?, path: String) throws(PlenumError) -> [String] {
        guard let value, value != .null else { return [] }
        let names = value.array?.compactMap(\.string)
        guard let names, names.count == value.array?.count, names.count <= 8 else {
            throw PlenumError(.invalidRequest, "This is a list of up to eight names of models.", parameter: path)
        }
        return names
    }

    /// A member that would be ignored is refused: nobody should believe in a cap that does not hold.
    private static func refuseUnknown(_ object: JSONObject, _ known: Set<String>, path: String) throws(PlenumError) {
        guard let unknown = object.members.first(where: { !known.contains($0.key) })?.key else { return }
        throw PlenumError(
            .unsupportedParameter,
            "\"\(unknown)\" is not known here. Known: \(known.sorted().joined(separator: ", ")).",
            parameter: path + unknown
        )
    }
}
