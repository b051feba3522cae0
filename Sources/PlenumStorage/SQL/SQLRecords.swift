import PlenumCore

/// Records as rows: each is written and read in the order of its columns in ``SQLStatement``.
extension SQLArguments {
    func conversation(_ conversation: Conversation) {
        id(conversation.id)
        text(conversation.title)
        text(conversation.model)
        id(conversation.leaf)
        flag(conversation.isPinned)
        flag(conversation.isArchived)
        text(utf8: JSONValue.object(conversation.metadata).bytes)
        time(conversation.createdAt)
        time(conversation.updatedAt)
    }

    func message(_ message: Message) {
        id(message.id)
        id(message.conversation)
        id(message.parent)
        text(message.role.rawValue)
        parts(message.parts, in: message.role)
        status(message.status)
        text(message.model)
        text(message.provider)
        id(message.run)
        int(message.seat)
        id(message.generation)
        finish(message.finish)
        usage(message.usage)
        money(message.cost)
        error(message.error)
        time(message.createdAt)
        time(message.endedAt)
    }

    func parts(_ parts: [ContentPart], in role: Turn.Role) {
        var writer = JSONWriter(reserving: 512)
        writer.beginArray()
        for part in parts { writer.value(part.json(in: role)) }
        writer.endArray()
        text(utf8: writer.bytes)
    }

    func generation(_ generation: Generation, status: Status) {
        id(generation.id)
        text(generation.model)
        text(generation.requestedModel)
        text(generation.provider)
        text(generation.dialect?.rawValue)
        text(generation.door?.rawValue)
        id(generation.conversation)
        id(generation.message)
        id(generation.run)
        int(generation.seat)
        id(generation.group)
        int(generation.attempt)
        flag(generation.isStreamed)
        time(generation.createdAt)
        self.status(status)
        ending(generation.ending)
    }

    func ending(_ ending: GenerationEnding?) {
        int(ending?.httpStatus)
        finish(ending?.finish)
        usage(ending?.usage)
        money(ending?.cost)
        text(ending?.costSource?.rawValue)
        text(ending?.upstreamID)
        int(ending?.timeToFirstToken)
        int(ending?.duration)
        error(ending?.error)
    }

    func run(_ run: Run) {
        id(run.id)
        text(run.kind.rawValue)
        id(run.conversation)
        id(run.inputMessage)
        text(utf8: JSONValue.array(run.seats.map(\.json)).bytes)
        status(run.status)
        text(run.stopReason)
        time(run.createdAt)
        time(run.endedAt)
    }
}

extension SQLRowReader {
    mutating func conversation() throws(PlenumError) -> Conversation {
        let id: ConversationID = try id()
        let title = textOrNil()
        let model = textOrNil()
        let leaf: MessageID? = try idOrNil()
        let isPinned = flag()
        let isArchived = flag()
        guard let metadata = try json().object else { throw .unreadable("conversation's notes") }
        return Conversation(
            id: id,
            title: title,
            model: model,
            leaf: leaf,
            isPinned: isPinned,
            isArchived: isArchived,
            metadata: metadata,
            createdAt: time(),
            updatedAt: time()
        )
    }

    mutating func message() throws(PlenumError) -> Message {
        let id: MessageID = try id()
        let conversation: ConversationID = try self.id()
        let parent: MessageID? = try idOrNil()
        let role: Turn.Role = try word()
        let parts = try parts()
        let status: Status = try word()
        var message = Message(
            id: id,
            conversation: conversation,
            parent: parent,
            role: role,
            parts: parts,
            status: status,
            createdAt: Timestamp(milliseconds: 0)
        )
        message.model = textOrNil()
        message.provider = textOrNil()
        message.run = try idOrNil()
        message.seat = intOrNil()
        message.generation = try idOrNil()
        message.finish = try finish()
        message.usage = usage()
        message.cost = moneyOrNil()
        message.error = error()
        message.createdAt = time()
        message.endedAt = timeOrNil()
        return message
    }

    mutating func parts() throws(PlenumError) -> [ContentPart] {
        var parts: [ContentPart] = []
        for element in try json().array ?? [] {
            guard let part = ContentPart(json: element) else { throw .unreadable("part of a message") }
            parts.append(part)
        }
        return parts
    }

    mutating func generation() throws(PlenumError) -> Generation {
        let id: GenerationID = try id()
        var generation = Generation(
            id: id,
            model: ModelID(provider: "", model: ""),
            requestedModel: "",
            dialect: nil,
            door: nil,
            isStreamed: false,
            createdAt: Timestamp(milliseconds: 0)
        )
        generation.model = text()
        generation.requestedModel = text()
        generation.provider = text()
        generation.dialect = try wordOrNil()
        generation.door = try wordOrNil()
        generation.conversation = try idOrNil()
        generation.message = try idOrNil()
        generation.run = try idOrNil()
        generation.seat = intOrNil()
        generation.group = try self.id()
        generation.attempt = int()
        generation.isStreamed = flag()
        generation.createdAt = time()
        generation.status = try word()
        if generation.status.isTerminal { generation.ending = try ending(generation.status) }
        return generation
    }

    private mutating func ending(_ status: Status) throws(PlenumError) -> GenerationEnding {
        var ending = GenerationEnding(status: status, duration: 0)
        ending.httpStatus = intOrNil()
        ending.finish = try finish()
        ending.usage = usage()
        ending.cost = moneyOrNil()
        ending.costSource = try wordOrNil()
        ending.upstreamID = textOrNil()
        ending.timeToFirstToken = intOrNil()
        ending.duration = int()
        ending.error = error()
        return ending
    }

    mutating func progress() -> Progress {
        Progress(sequence: int(), text: textOfBytes(), reasoning: textOfBytes())
    }

    mutating func run() throws(PlenumError) -> Run {
        let id: RunID = try id()
        let kind = Run.Kind(rawValue: text())
        let conversation: ConversationID = try self.id()
        let inputMessage: MessageID = try self.id()
        var seats: [Seat] = []
        for element in try json().array ?? [] {
            guard let seat = Seat(json: element) else { throw .unreadable("seat of a run") }
            seats.append(seat)
        }
        let status: Status = try word()
        let stopReason = textOrNil()
        var run = Run(
            id: id,
            kind: kind,
            conversation: conversation,
            inputMessage: inputMessage,
            seats: seats,
            createdAt: time()
        )
        run.status = status
        run.stopReason = stopReason
        run.endedAt = timeOrNil()
        return run
    }

    mutating func event() -> RunEvent {
        RunEvent(sequence: int(), name: text(), seat: intOrNil(), data: bytes())
    }

    /// A row of the usage report; days come as numbers.
    mutating func usageRow(by grouping: UsageRow.Grouping) -> UsageRow {
        let key = grouping == .day ? CalendarDay(number: int64()).text : text()
        let requests = int()
        let failures = int()
        let usage = usage(inputUncached: int())
        return UsageRow(
            key: key,
            requests: requests,
            failures: failures,
            usage: usage,
            cost: moneyOrNil(),
            unpriced: int()
        )
    }
}

extension Seat {
    fileprivate var json: JSONValue {
        var object = JSONObject([
            ("index", .number(JSONNumber(index))), ("model", .string(model)),
            ("message", .string(message.description)),
        ])
        object["system"] = system.map { .string($0) }
        if !parameters.isEmpty { object["parameters"] = .object(parameters) }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let index = json["index"]?.int, let model = json["model"]?.string,
            let message = json["message"]?.string.flatMap(MessageID.init)
        else { return nil }
        self.init(
            index: index,
            model: model,
            message: message,
            system: json["system"]?.string,
            parameters: json["parameters"]?.object ?? JSONObject()
        )
    }
}
