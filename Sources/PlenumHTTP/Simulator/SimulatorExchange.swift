import HTTPTypes
import Hummingbird
import NIOCore
import PlenumCore
import PlenumWire

/// One call of the simulator on its connection: it is answered step by step, and may break.
struct SimulatorExchange: Sendable {
    let channel: any Channel
    let log: SimulatorLog
    /// Its number in the log.
    let call: Int

    /// The connection was broken as it was asked for; nothing more can be said on it.
    private struct Broken: Error {}

    /// The kernel's `linger`: switched on, for no time.
    private struct Linger: Sendable {
        let isOn: CInt = 1
        let seconds: CInt = 0
    }

    /// Breaks, if that is to be before the request is read.
    func breakBeforeReading(_ fault: SimulatedFault?) async throws {
        if case .breaks(let how, .point(.beforeReading))? = fault { try await breakOff(how) }
    }

    /// Does what comes before the head; what comes after it is done as the body is written.
    func answer(_ wire: SimulatedWire) async throws -> Response {
        var wire = wire
        while let step = wire.next() {
            switch step {
            case .pause(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
            case .breaks(let how): try await breakOff(how)
            case .head(let head): return response(head, wire)
            case .bytes, .finish: break
            }
        }
        throw Broken()
    }

    /// Answers with a refusal.
    func answer(_ refusal: WireError) -> Response {
        var headers = HTTPFields()
        for (name, value) in refusal.headers { if let name = HTTPField.Name(name) { headers[name] = value } }
        log.change(call) { $0.end(.refused, status: refusal.status) }
        return Response(
            status: .init(code: refusal.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: refusal.body))
        )
    }

    private func response(_ head: SimulatedWire.Head, _ rest: SimulatedWire) -> Response {
        var headers = HTTPFields()
        for (name, value) in head.headers { if let name = HTTPField.Name(name) { headers[name] = value } }
        if let bytes = whole(head, rest) {
            return Response(
                status: .init(code: head.status),
                headers: headers,
                body: .init(byteBuffer: ByteBuffer(bytes: bytes))
            )
        }
        let body = ResponseBody(contentLength: head.length) { client in
            do {
                end(try await write(rest, to: &client), head)
            } catch {
                log.change(call) { $0.end(.broken(by: .client), status: head.status) }
                throw error
            }
        }
        return Response(status: .init(code: head.status), headers: headers, body: body)
    }

    /// The body, if it follows the head at once and in one piece: it can be written together with it.
    private func whole(_ head: SimulatedWire.Head, _ rest: SimulatedWire) -> [UInt8]? {
        var rest = rest
        guard head.length != nil, case .bytes(let bytes, let characters)? = rest.next(),
            case .finish(let isWhole)? = rest.next()
        else { return nil }
        log.change(call) { $0.characters = characters }
        end(isWhole, head)
        return bytes
    }

    private func end(_ isWhole: Bool, _ head: SimulatedWire.Head) {
        let end: SimulatorLog.End = isWhole ? .completed : head.status == 200 ? .broken(by: .simulator) : .refused
        log.change(call) { $0.end(end, status: head.status) }
    }

    /// Writes the body.
    /// - Returns: whether the answer is whole.
    @concurrent
    private func write(_ steps: SimulatedWire, to client: inout any ResponseBodyWriter) async throws -> Bool {
        var wasWhole = false
        for step in steps {
            switch step {
            case .pause(let milliseconds): try await Task.sleep(for: .milliseconds(milliseconds))
            case .bytes(let bytes, let characters):
                try await client.write(ByteBuffer(bytes: bytes))
                if characters > 0 { log.change(call) { $0.characters += characters } }
            case .breaks(let how): try await breakOff(how)
            case .finish(let isWhole): wasWhole = isWhole
            case .head: break
            }
        }
        try await client.finish(nil)
        return wasWhole
    }

    private func breakOff(_ how: SimulatedFault.Break) async throws {
        if how == .stall {
            // An hour is longer than any client waits; the connection's end ends it.
            try await Task.sleep(for: .seconds(3600))
        }
        // What was written before is on its way as a piece of its own.
        try await Task.sleep(for: .milliseconds(20))
        log.change(call) { $0.end(.broken(by: .simulator)) }
        if how == .reset, let options = channel as? any SocketOptionProvider {
            // Not waiting for the last bytes turns the end into a reset.
            try await options.unsafeSetSocketOption(level: .socket, name: .so_linger, value: Linger()).get()
        }
        try await channel.close()
        throw Broken()
    }
}
