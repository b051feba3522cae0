public import PlenumCore

/// Runs set on the desk: new ones, and those that are taken up again.
extension Engine {
    /// Checks an ask and sets a new run on the desk.
    /// - Returns: the desk, and the changes that make the run's place: the conversation, its title, the question.
    func desk(for ask: RunAsk) async throws(PlenumError) -> (RunDesk, [StorageChange]) {
        try RunRules.check(ask)
        let settings = try settings(of: ask)
        guard let strategy = StrategyCatalogue.strategy(for: ask.kind, settings) else {
            throw PlenumError(
                .invalidRequest,
                "There is no kind of run \"\(ask.kind.rawValue)\". There are chat, compare and debate.",
                parameter: "kind"
            )
        }
        let (conversation, opening) = try await place(ask)
        var path = try await history(of: conversation, at: ask.place)
        let id = ids.next(Run.self)
        var seats = try seats(of: ask)
        if settings.isBlind {
            // The order in which the client named them would tell who is who.
            var shuffle = SeededShuffle(id)
            seats.shuffle(using: &shuffle)
            for index in seats.indices { seats[index].index = index }
        }
        var changes = opening
        let question: Message
        if ask.input.isEmpty {
            question = try again(path)
            path.removeLast()
            // Who answers again goes on from the new answer; what is put together of answers stands among them until it is there.
            if ask.kind != .synthesis {
                var patch = ConversationPatch(updatedAt: clock.now())
                patch.leaf = question.id
                changes.append(.updateConversation(conversation.id, patch))
            }
        } else {
            question = Message(
                id: ids.next(),
                conversation: conversation.id,
                parent: path.last?.id,
                role: .user,
                parts: ask.input,
                createdAt: clock.now()
            )
            changes.append(.appendMessage(question, movesLeaf: true))
        }
        let run = Run(
            id: id,
            kind: ask.kind,
            conversation: conversation.id,
            inputMessage: question.id,
            seats: seats,
            settings: settings.json,
            createdAt: clock.now()
        )
        let state = try await state(of: run, settings, path: path, question: question)
        return (RunDesk(run, strategy: strategy, state: state), changes)
    }

    /// The message that is to be answered again.
    private func again(_ path: [Message]) throws(PlenumError) -> Message {
        guard let last = path.last, last.role == .user else {
            throw PlenumError(
                .invalidRequest,
                "\"input\" is missing. It may be left out only where \"parent\" is a user's message, which is then answered again.",
                parameter: "input"
            )
        }
        return last
    }

    private func seats(of ask: RunAsk) throws(PlenumError) -> [Seat] {
        var seats: [Seat] = []
        for (index, asked) in ask.seats.enumerated() { seats.append(try seat(asked, index)) }
        return seats
    }

    /// A seat as it is kept: its models by their full names.
    public func seat(_ asked: RunAsk.Seat, _ index: Int) throws(PlenumError) -> Seat {
        try RunRules.refusePanel(asked.model, "model")
        var seat = Seat(
            index: index,
            model: try catalogue.availableDeployment(named: asked.model).model.id.description,
            system: asked.system,
            parameters: asked.parameters.json
        )
        for name in asked.fallbacks {
            seat.fallbacks.append(try catalogue.availableDeployment(named: name).model.id.description)
        }
        (seat.persona, seat.side) = (asked.persona, asked.side)
        return seat
    }

    /// The settings with what was left open: the judge, the caps.
    private func settings(of ask: RunAsk) throws(PlenumError) -> RunSettings {
        var settings = ask.settings
        var models: [Deployment] = []
        for seat in ask.seats {
            for name in [seat.model] + seat.fallbacks { models.append(try catalogue.availableDeployment(named: name)) }
        }
        if let judge = settings.judge {
            let model = try catalogue.availableDeployment(named: judge.model).model.id
            settings.judge?.model = model.description
            if settings.debate == .sides, models.contains(where: { $0.model.id == model }) {
                throw PlenumError(
                    .invalidRequest,
                    "\(model) sits in the panel and cannot judge it: name another \"judge\".",
                    parameter: "debate.judge.model"
                )
            }
        } else if let debate = settings.debate {
            settings.judge = judge(for: models).map { RunSettings.Voice(model: $0.description) }
            if debate == .sides, settings.judge == nil {
                throw PlenumError(
                    .invalidRequest,
                    "A debate by sides needs a judge outside the panel, and no other model can be asked. Name a \"judge\".",
                    parameter: "debate.judge.model"
                )
            }
        }
        if settings.debate != nil { settings.maxSeconds = settings.maxSeconds ?? RunRules.standardSeconds }
        try cap(&settings, models)
        return settings
    }

    private func cap(_ settings: inout RunSettings, _ models: [Deployment]) throws(PlenumError) {
        let judge = try settings.judge.map { judge throws(PlenumError) in
            try catalogue.availableDeployment(named: judge.model)
        }
        let unpriced = (models + [judge].compactMap(\.self)).first { $0.model.price == nil }
        if settings.maxCost != nil, let unpriced {
            throw PlenumError(
                .invalidRequest,
                "The price of \(unpriced.model.id) is not known, so that \"max_cost\" could not be kept. Set a price in "
                    + "providers.json, or leave \"max_cost\" out.",
                parameter: "max_cost"
            )
        }
        if settings.debate != nil, settings.maxCost == nil, unpriced == nil { settings.maxCost = RunRules.standardCap }
    }

    /// Who judges where nobody was named: a model that is not in the panel, of another maker if there is one, and of those
    /// the one whose price is nearest to the dearest seat's.
    private func judge(for seats: [Deployment]) -> ModelID? {
        let inPanel = Set(seats.map(\.model.id))
        let families = Set(inPanel.map(ModelFamily.of))
        let dearest = seats.compactMap { $0.model.price?.base.output.picoDollars }.max() ?? 0
        let others = catalogue.models.filter { $0.isAvailable && !inPanel.contains($0.model.id) }
        let foreign = others.filter { !families.contains(ModelFamily.of($0.model.id)) }
        return (foreign.isEmpty ? others : foreign).min { left, right in
            let distances = [left, right].map { abs(($0.model.price?.base.output.picoDollars ?? .max / 2) - dearest) }
            return distances[0] < distances[1]
        }?.model.id
    }

    /// The conversation that a run belongs to, with the changes that make it or name it.
    private func place(_ ask: RunAsk) async throws(PlenumError) -> (Conversation, [StorageChange]) {
        let text = ask.input.compactMap(\.text).joined(separator: " ")
        guard let place = ask.place else {
            let conversation = Conversation(id: ids.next(), title: Title.ofFirstWords(text), createdAt: clock.now())
            return (conversation, [.createConversation(conversation)])
        }
        let conversation = try await storage.conversation(place.conversation)
        guard conversation.title == nil, let title = Title.ofFirstWords(text) else { return (conversation, []) }
        var patch = ConversationPatch(updatedAt: clock.now())
        patch.title = title
        return (conversation, [.updateConversation(conversation.id, patch)])
    }

    // MARK: - How far a run has come

    /// Reads how far a kept run has come.
    func state(of run: Run) async throws(PlenumError) -> RunState {
        let question = try await storage.message(run.inputMessage)
        let path = try await storage.thread(endingAt: question.id, limit: Self.historyLimit).dropLast()
        var settings = RunSettings(run.settings)
        // The words of the answers that a synthesis is made of are not kept twice.
        for index in settings.synthesis?.sources.indices ?? 0..<0 {
            guard let id = settings.synthesis?.sources[index].message else { continue }
            settings.synthesis?.sources[index].text = try await storage.message(id).text
        }
        var state = try await state(
            of: run,
            settings,
            path: path.filter { !$0.parts.isEmpty },
            question: question
        )
        for (number, message) in try await storage.messages(ofRun: run.id).enumerated() {
            if let turn = RunTurn(message, number: number) { state.turns.append(turn) }
        }
        return state
    }

    private func state(
        of run: Run,
        _ settings: RunSettings,
        path: [Message],
        question: Message
    ) async throws(PlenumError) -> RunState {
        let asked = Turn(.user, question.parts)
        var state = RunState(
            run: run.id,
            seats: run.seats,
            settings: settings,
            question: question.id,
            history: Recollection.turns(path) + [asked]
        )
        let names = run.seats.flatMap { [$0.model] + $0.fallbacks } + [settings.judge?.model].compactMap(\.self)
        state.smallestContext = names.compactMap { (try? catalogue.deployment(named: $0))?.model.context }.min()
        guard settings.context == .ownThread else { return state }
        for seat in run.seats {
            let own = try await ownThread(path, seat.index)
            state.histories[seat.index] = Recollection.turns(own) + [asked]
        }
        return state
    }

    /// A path with a seat's own answers in the place of those that the conversation went on from.
    private func ownThread(_ path: [Message], _ seat: Int) async throws(PlenumError) -> [Message] {
        var own: [Message] = []
        for message in path {
            guard let run = message.run, message.step?.phase == .answer, message.seat != seat else {
                own.append(message)
                continue
            }
            let answers = try await storage.messages(ofRun: run).filter {
                $0.seat == seat && $0.step?.phase == .answer && !$0.parts.isEmpty
                    && ($0.status == .completed || $0.status == .incomplete)
            }
            own.append(answers.last ?? message)
        }
        return own
    }
}

extension RunDesk {
    /// Books what an attempt has cost before the run was taken up again.
    mutating func book(_ generation: Generation) {
        guard let ending = generation.ending else { return }
        totals.add(ending.usage, ending.cost)
        if let cost = ending.cost {
            budget.book(cost)
        } else if ending.status == .interrupted || ending.timeToFirstToken != nil,
            let turn = state.turns.first(where: { $0.message == generation.message })
        {
            unbooked[turn.slot, default: 0] += 1
        }
    }
}
