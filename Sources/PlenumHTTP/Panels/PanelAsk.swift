import PlenumCore
import PlenumEngine

/// Reads a request for a panel.
struct PanelAsk {
    let model: VirtualModel
    private(set) var ask: RunAsk

    /// How many models sit in a panel that nobody has named.
    private static let size = 3
    private static let own: Set<String> = [
        "id", "models", "analysis_models", "seats", "model", "judge", "max_cost", "max_seconds", "enabled", "preset",
    ]

    /// - Parameters:
    ///   - plugins: the request's `plugins`: the entry with the panel's id, or "debate", says how it is set up.
    ///   - chat: the request.
    init(
        _ model: VirtualModel,
        plugins: JSONValue?,
        _ chat: ChatRequest,
        _ engine: Engine
    ) throws(PlenumError) {
        self.model = model
        guard chat.tools.isEmpty else {
            throw PlenumError(
                .unsupportedParameter,
                "\(model.name) is a panel of models and calls no tools: leave \"tools\" out.",
                parameter: "tools"
            )
        }
        let names = [model.rawValue, "debate", "plenum"]
        let plugin = plugins?.array?.first { $0["id"]?.string.map(names.contains) ?? false }?.object ?? JSONObject()
        let settings = try Self.settings(model, plugin)
        var seats = try Self.seats(plugin, engine)
        for index in seats.indices { seats[index] = Self.seat(seats[index], chat) }
        ask = RunAsk(kind: .debate, input: [], seats: seats)
        ask.settings = settings
        ask.settings.maxCost = try plugin.money("max_cost")
        ask.settings.maxSeconds = try plugin.whole("max_seconds")
    }

    private static func settings(_ model: VirtualModel, _ plugin: JSONObject) throws(PlenumError) -> RunSettings {
        var debate = JSONObject(plugin.members.filter { !own.contains($0.key) })
        if model != .debate || debate["protocol"] == nil {
            debate["protocol"] = .string(model.protocolName.rawValue)
        }
        // OpenRouter's fusion names the judge by "model".
        if let judge = plugin["judge"] {
            debate["judge"] = judge.string.map { ["model": .string($0)] } ?? judge
        } else if let judge = plugin["model"]?.string {
            debate["judge"] = ["model": .string(judge)]
        }
        var settings = RunSettings()
        do throws(PlenumError) {
            try DebateBody.read(debate, .debate, into: &settings)
        } catch {
            var error = error
            error.parameter = error.parameter.map { $0.hasPrefix("debate.") ? "plugins." + $0.dropFirst(7) : $0 }
            throw error
        }
        return settings
    }

    private static func seats(_ plugin: JSONObject, _ engine: Engine) throws(PlenumError) -> [RunAsk.Seat] {
        if let list = plugin["seats"]?.array {
            var seats: [RunAsk.Seat] = []
            for (index, seat) in list.enumerated() {
                seats.append(try RunBody.seat(seat, path: "plugins.seats[\(index)]"))
            }
            return seats
        }
        let named = try RunBody.names(plugin["models"] ?? plugin["analysis_models"], path: "plugins.models")
        return (named.isEmpty ? try engine.defaultPanel(count: size) : named).map { RunAsk.Seat(model: $0) }
    }

    /// A seat with what the client has told the model as a whole.
    private static func seat(_ seat: RunAsk.Seat, _ chat: ChatRequest) -> RunAsk.Seat {
        var seat = seat
        let told = chat.instructions.map(\.text).joined(separator: "\n\n")
        if !told.isEmpty { seat.system = [told, seat.system].compactMap(\.self).joined(separator: "\n\n") }
        var parameters = JSONObject()
        parameters["temperature"] = chat.sampling.temperature.map { .number($0) }
        parameters["top_p"] = chat.sampling.topP.map { .number($0) }
        parameters["seed"] = chat.sampling.seed.map { .number($0) }
        for (key, value) in seat.parameters.json.members { parameters[key] = value }
        // What cannot be is refused by the models' own providers.
        seat.parameters = (try? SeatParameters(parameters, path: "params")) ?? seat.parameters
        return seat
    }

    /// The ask with its question in its place.
    func at(_ place: ConversationPlace, _ input: [ContentPart]) -> RunAsk {
        var ask = ask
        (ask.place, ask.input) = (place, input)
        return ask
    }
}
