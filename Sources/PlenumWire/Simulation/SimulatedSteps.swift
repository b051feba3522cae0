public import PlenumCore

/// A simulated answer in pieces, step by step, as far as its fault lets it come.
public struct SimulatedSteps: Sequence, IteratorProtocol, Sendable {
    /// A step of it.
    public enum Step: Sendable, Hashable {
        /// Nothing comes for so long.
        case pause(milliseconds: Int)
        /// The head comes.
        case head
        /// An event comes, or a part of it.
        case event(ReplyEvent, Share)
        /// An error comes in place of the rest.
        case error(status: Int)
        /// It breaks off.
        case breaks(SimulatedFault.Break)
        /// The HTTP message ends.
        case finish
    }

    /// How much of an event comes.
    public enum Share: Sendable, Hashable {
        /// All.
        case whole
        /// The first half of its bytes.
        case half
        /// All but what the dialect ends with.
        case allButTerminator
    }

    private var events: ArraySlice<ReplyEvent>
    private let gap: Int
    private let fault: SimulatedFault?
    private var planned: ArraySlice<Step> = []
    private var shown = 0
    private var isOver = false

    /// Plans an answer that is not refused.
    public init(_ reply: SimulatedReply) {
        events = reply.events[...]
        gap = reply.gap
        fault = reply.fault
        if reply.wait > 0 { planned.append(.pause(milliseconds: reply.wait)) }
        switch reply.fault {
        case .breaks(let how, .point(.beforeReading))?, .breaks(let how, .point(.afterReading))?: end(.breaks(how))
        case .breaks(let how, .point(.afterHead))?: end(.head, .breaks(how))
        case .error(let status, after: nil)?: end(.head, .error(status: status), .finish)
        default: planned.append(.head)
        }
    }

    /// The next step.
    public mutating func next() -> Step? {
        if planned.isEmpty, !isOver { plan() }
        return planned.popFirst()
    }

    private mutating func end(_ steps: Step...) {
        planned += steps
        isOver = true
    }

    private mutating func plan() {
        guard let event = events.popFirst() else { return end(.finish) }
        if !event.isStart, breaksHere() { return }
        if event.isContent {
            if shown > 0, gap > 0 { planned.append(.pause(milliseconds: gap)) }
            shown += 1
        }
        guard case .breaks(let how, .point(let point))? = fault else { return planned.append(.event(event, .whole)) }
        switch point {
        case .afterContent where shown == 1 && event.isContent: end(.event(event, .whole), .breaks(how))
        // An answer of one word has no other event than its end to break off in.
        case .inEvent where event == .end || (shown > 1 && event.isContent): end(.event(event, .half), .breaks(how))
        case .beforeTerminator where event == .end: end(.event(event, .allButTerminator), .breaks(how))
        default: planned.append(.event(event, .whole))
        }
    }

    /// Ends it where the next event would come, if that is the place.
    private mutating func breaksHere() -> Bool {
        switch fault {
        case .error(let status, after: let words?)? where shown >= words: end(.error(status: status), .finish)
        case .breaks(let how, .words(let words))? where shown >= words: end(.breaks(how))
        case .breaks(let how, .point(.afterPreamble))?: end(.breaks(how))
        default: return false
        }
        return true
    }
}

extension ReplyEvent {
    fileprivate var isStart: Bool { if case .start = self { true } else { false } }
}
