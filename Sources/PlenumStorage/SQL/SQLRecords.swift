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
        json(.object(conversation.metadata))
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
        step(message.step)
        json(message.derivedFrom.json)
        id(message.generation)
        finish(message.finish)
        usage(message.usage)
        money(message.cost)
        error(message.error)
        time(message.createdAt)
        time(message.endedAt)
    }

    private func step(_ step: RunStep?) {
        int(step?.round)
        text(step?.phase.rawValue)
        int(step?.part)
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
        text(generation.key)
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
        text(ending?.priceVersion)
        text(ending?.upstreamID)
        int(ending?.timeToFirstToken)
        int(ending?.duration)
        error(ending?.error)
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
        message.step = step()
        message.derivedFrom = try messageIDs()
        message.generation = try idOrNil()
        message.finish = try finish()
        message.usage = usage()
        message.cost = moneyOrNil()
        message.error = error()
        message.createdAt = time()
        message.endedAt = timeOrNil()
        return message
    }

    private mutating func step() -> RunStep? {
        let round = intOrNil()
        let phase = textOrNil()
        let part = intOrNil()
        guard let round, let phase, let part else { return nil }
        return RunStep(round: round, phase: RunStep.Phase(rawValue: phase), part: part)
    }

    private mutating func messageIDs() throws(PlenumError) -> [MessageID] {
        var ids: [MessageID] = []
        for element in try jsonOrNil()?.array ?? [] {
            guard let id = element.string.flatMap(MessageID.init) else { throw .unreadable("list of messages") }
            ids.append(id)
        }
        return ids
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
        generation.key = textOrNil()
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
        ending.priceVersion = textOrNil()
        ending.upstreamID = textOrNil()
        ending.timeToFirstToken = intOrNil()
        ending.duration = int()
        ending.error = error()
        return ending
    }

    mutating func progress() -> Progress {
        Progress(sequence: int(), text: textOfBytes(), reasoning: textOfBytes())
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
            unpriced: int(),
            firstToken: UsageRow.Timing(sum: int(), count: int()),
            duration: UsageRow.Timing(sum: int(), count: int())
        )
    }
}

extension [MessageID] {
    /// The ids as an array; `nil` if there are none.
    fileprivate var json: JSONValue? { isEmpty ? nil : .array(map { .string($0.description) }) }
}
