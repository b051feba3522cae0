import HTTPTypes
import Hummingbird
import PlenumCore
import PlenumWire

/// What the simulator answers beside completions.
extension SimulatorDoors {
    /// Tells how many tokens a prompt has.
    func count(
        _ request: Request,
        _ context: SimulatorContext,
        _ dialect: Dialect,
        model: String? = nil
    ) async throws -> Response {
        try await side(request, context, dialect, model: model) { format, body in
            let tree = try? JSONValue(parsing: body)
            // Google's may hold a whole request.
            let whole = tree?["generateContentRequest"] ?? tree?["generate_content_request"]
            return SimulatedSideCalls.tokens(try format.readRequest(whole?.bytes ?? body).chat, in: dialect)
        }
    }

    /// Gives vectors for texts.
    func embed(
        _ request: Request,
        _ context: SimulatorContext,
        _ dialect: Dialect,
        model: String? = nil
    ) async throws -> Response {
        try await side(request, context, dialect, model: model) { _, body in
            try dialect == .gemini ? SimulatedSideCalls.batchEmbeddings(body) : SimulatedSideCalls.embeddings(body)
        }
    }

    /// Answers in one piece. Of the faults that a name asks for only refusals are done.
    private func side(
        _ request: Request,
        _ context: SimulatorContext,
        _ dialect: Dialect,
        model: String?,
        _ answer: (any WireFormat, [UInt8]) throws -> JSONValue
    ) async throws -> Response {
        guard let format = WireFormats.format(for: dialect) else { throw HTTPError(.notFound) }
        let exchange = SimulatorExchange(channel: context.channel, log: log, call: log.begin(dialect))
        do {
            var opened = model.map { name in (name, open(name, exchange)) }
            let body = try await receive(request, exchange, &opened)
            guard let opened else {
                throw PlenumError(.invalidRequest, "\"model\" is missing.", parameter: "model")
            }
            if case .refusal(let refusal)? = opened.1.fault {
                return exchange.answer(refusal.write(in: format))
            }
            let answer = try answer(format, body)
            log.change(exchange.call) { $0.end(.completed, status: 200) }
            return Response.json(answer)
        } catch let error as PlenumError {
            let wire = format.writeError(error)
            log.change(exchange.call) { $0.end(.refused, status: wire.status) }
            return .json(wire.body, status: .init(code: wire.status))
        } catch {
            log.change(exchange.call) { $0.end(.broken(by: .client)) }
            throw error
        }
    }
}
