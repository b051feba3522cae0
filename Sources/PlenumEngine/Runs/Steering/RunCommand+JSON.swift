import PlenumCore

/// Commands as they are kept on their way to the process that carries the run out.
extension RunCommand {
    /// The members, `command` first.
    var json: JSONObject {
        var json = JSONObject([("command", .string(word))])
        switch self {
        case .pause, .resume, .step, .conclude: break
        case .extend(let rounds, let turns, let maxCost):
            json["rounds"] = .number(JSONNumber(rounds))
            json["turns"] = .number(JSONNumber(turns))
            json["max_cost"] = maxCost.map { .string($0.description) }
        case .say(let text): json["text"] = .string(text)
        case .cancelSeat(let seat): json["seat"] = .number(JSONNumber(seat))
        case .retrySeat(let seat, let model):
            json["seat"] = .number(JSONNumber(seat))
            json["model"] = model.map { .string($0) }
        case .addSeat(let seat): json["seat"] = seat.json
        case .judge(let voice): json["judge"] = voice.map { .object($0.json) }
        }
        return json
    }

    private var word: String {
        switch self {
        case .pause: "pause"
        case .resume: "resume"
        case .step: "step"
        case .conclude: "conclude"
        case .extend: "extend"
        case .say: "say"
        case .cancelSeat: "cancel_seat"
        case .retrySeat: "retry_seat"
        case .addSeat: "add_seat"
        case .judge: "judge"
        }
    }

    /// Reads what ``json`` has written; `nil` if this Plenum does not know the command.
    init?(_ json: JSONObject) {
        switch json["command"]?.string {
        case "pause": self = .pause
        case "resume": self = .resume
        case "step": self = .step
        case "conclude": self = .conclude
        case "extend":
            let maxCost = json["max_cost"]?.string.flatMap { Money(dollars: $0) }
            self = .extend(rounds: json["rounds"]?.int ?? 0, turns: json["turns"]?.int ?? 0, maxCost: maxCost)
        case "say": self = .say(json["text"]?.string ?? "")
        case "judge": self = .judge(json["judge"]?.object.flatMap(RunSettings.Voice.init))
        case let word?:
            guard let seat = json["seat"] else { return nil }
            self.init(word, seat, model: json["model"]?.string)
        case nil: return nil
        }
    }

    /// One that is about a seat.
    private init?(_ word: String, _ seat: JSONValue, model: String?) {
        switch (word, seat.int, Seat(json: seat)) {
        case ("cancel_seat", let number?, _): self = .cancelSeat(number)
        case ("retry_seat", let number?, _): self = .retrySeat(number, model: model)
        case ("add_seat", _, let seat?): self = .addSeat(seat)
        default: return nil
        }
    }
}
