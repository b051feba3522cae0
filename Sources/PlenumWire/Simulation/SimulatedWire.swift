import PlenumCore

/// A simulated answer on the wire, step by step: what a provider's connection sees.
public struct SimulatedWire: Sequence, IteratorProtocol, Sendable {
    /// A step of it.
    public enum Step: Sendable {
        /// Nothing comes for so long.
        case pause(milliseconds: Int)
        /// The head comes.
        case head(Head)
        /// Bytes come, with so many characters of the answer's text in them.
        case bytes([UInt8], characters: Int)
        /// It breaks off.
        case breaks(SimulatedFault.Break)
        /// The HTTP message ends; whether the answer is whole.
        case finish(isWhole: Bool)
    }

    /// A response's head.
    public struct Head: Sendable {
        /// The HTTP status.
        public var status: Int
        /// The header fields, without the length.
        public var headers: [(name: String, value: String)]
        /// The length that it announces; `nil` for a stream.
        public var length: Int?
    }

    /// Where the steps come from.
    private enum Source {
        case list
        case stream(SimulatedSteps, any ReplyWriter)
        case line(left: Int)
    }

    private let format: any WireFormat
    private var source = Source.list
    private var planned: ArraySlice<Step> = []
    private var hasTold = false

    /// Plans an answer.
    /// - Parameters:
    ///   - reply: the answer.
    ///   - format: the dialect to write it in.
    ///   - identity: how the client knows it.
    ///   - streamed: whether it comes in pieces.
    public init(_ reply: SimulatedReply, in format: any WireFormat, as identity: ReplyIdentity, streamed: Bool) {
        self.format = format
        switch reply.fault {
        case .refusal(let refusal)?:
            pause(reply.wait)
            let wire = refusal.write(in: format)
            whole(Head(status: wire.status, headers: wire.headers, length: wire.body.count), wire.body, isWhole: false)
        case .webPage?:
            pause(reply.wait)
            let page = Array("<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>".utf8)
            whole(Self.head("text/html", page.count), page, isWhole: false)
        case .longLine?:
            pause(reply.wait)
            planned.append(.head(Self.stream))
            planned.append(.bytes(Array("data: {\"x\":\"".utf8), characters: 0))
            source = .line(left: 160)
        default:
            if streamed {
                source = .stream(SimulatedSteps(reply), format.makeReplyWriter(as: identity))
            } else {
                planWhole(reply, identity)
            }
        }
    }

    /// The next step.
    public mutating func next() -> Step? {
        if let step = planned.popFirst() { return step }
        switch source {
        case .list: return nil
        case .line(let left):
            source = left > 1 ? .line(left: left - 1) : .list
            if left == 1 { planned.append(.finish(isWhole: false)) }
            return .bytes(Array(repeating: UInt8(ascii: "a"), count: 65_536), characters: 0)
        case .stream(var steps, var writer):
            while let step = steps.next() {
                guard let wire = translate(step, &writer) else { continue }
                source = .stream(steps, writer)
                return wire
            }
            source = .list
            return nil
        }
    }

    // MARK: - In pieces

    private mutating func translate(_ step: SimulatedSteps.Step, _ writer: inout any ReplyWriter) -> Step? {
        switch step {
        case .pause(let milliseconds): return .pause(milliseconds: milliseconds)
        case .head: return .head(Self.stream)
        case .event(let event, let share):
            if event == .end, share == .whole { hasTold = true }
            let bytes = Self.part(share, of: writer.write([event]))
            guard !bytes.isEmpty else { return nil }
            return .bytes(bytes, characters: share == .whole ? event.characters : 0)
        case .error(let status): return .bytes(SimulatedErrors.event(status: status, in: format), characters: 0)
        case .breaks(.end): return .finish(isWhole: false)
        case .breaks(let how): return .breaks(how)
        case .finish: return .finish(isWhole: hasTold)
        }
    }

    private static func part(_ share: SimulatedSteps.Share, of bytes: [UInt8]) -> [UInt8] {
        switch share {
        case .whole: return bytes
        case .half: return Array(bytes.prefix(bytes.count / 2))
        case .allButTerminator:
            // The last event is the terminator.
            let ends = bytes.indices.dropLast(2).filter { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
            return Array(bytes.prefix(ends.last.map { $0 + 2 } ?? 0))
        }
    }

    // MARK: - In one

    private mutating func planWhole(_ reply: SimulatedReply, _ identity: ReplyIdentity) {
        pause(reply.wait)
        let answer = Reply(reply.events)
        let body = format.writeReply(answer, as: identity)
        let head = Self.head("application/json", body.count)
        switch reply.fault {
        case .error(let status, _)?:
            let error = SimulatedErrors.body(SimulatedErrors.error(status: status), status: status, in: format)
            whole(Self.head("application/json", error.count), error, isWhole: false)
        case .breaks(let how, let place)?:
            guard let sent = Self.sent(of: body.count, place) else { return planned.append(.breaks(how)) }
            var announced = head
            if how == .end { announced.length = sent }
            planned.append(.head(announced))
            if sent > 0 { planned.append(.bytes(Array(body.prefix(sent)), characters: 0)) }
            planned.append(how == .end ? .finish(isWhole: false) : .breaks(how))
        default:
            whole(head, body, characters: answer.text.unicodeScalars.count, isWhole: true)
        }
    }

    /// How many bytes of a whole answer come before it breaks off; `nil` if not even its head does.
    private static func sent(of count: Int, _ place: SimulatedFault.Place) -> Int? {
        switch place {
        case .point(.beforeReading), .point(.afterReading): nil
        case .point(.afterHead): 0
        case .point(.afterPreamble): 1
        case .point(.afterContent), .point(.inEvent), .words: count / 2
        case .point(.beforeTerminator): count - 1
        }
    }

    private mutating func whole(_ head: Head, _ body: [UInt8], characters: Int = 0, isWhole: Bool) {
        planned += [.head(head), .bytes(body, characters: characters), .finish(isWhole: isWhole)]
    }

    private mutating func pause(_ milliseconds: Int) {
        if milliseconds > 0 { planned.append(.pause(milliseconds: milliseconds)) }
    }

    private static func head(_ type: String, _ length: Int?) -> Head {
        Head(status: 200, headers: [(name: "content-type", value: type)], length: length)
    }

    private static var stream: Head { head("text/event-stream; charset=utf-8", nil) }
}

extension ReplyEvent {
    /// How many characters of text it has.
    fileprivate var characters: Int { if case .text(let text) = self { text.unicodeScalars.count } else { 0 } }
}
