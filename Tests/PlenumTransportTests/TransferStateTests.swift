import Testing

@testable import PlenumTransport

@Suite("The state of a transfer")
struct TransferStateTests {
    private var state = TransferState<Int>(capacity: 4)
    private let head = ResponseHead(status: 200, headers: [:])
    private let broken = TransportError(code: .reset, message: "It broke.")

    private func receive(_ bytes: [UInt8], in state: inout TransferState<Int>) -> TransferState<Int>.Reception {
        bytes.withUnsafeBytes { state.receive($0) }
    }

    @Test("an abort that comes before the reactor keeps the exchange from starting")
    func abortBeforeAdoption() {
        var state = state
        let abort = state.abort(broken)
        #expect(abort.slot == nil)
        let step1 = state.adopt(slot: 1)
        #expect(!step1)
        guard case .failed(let error) = state.takeHead() else { return #expect(Bool(false)) }
        #expect(error.code == .reset && error.beforeFirstByte)
    }

    @Test("an abort names the slot once and hands out the waiter once")
    func abortOnce() {
        var state = state
        let step2 = state.adopt(slot: 7)
        #expect(step2)
        let step3 = state.park(1, until: .head)
        #expect(step3 == nil)
        let abort = state.abort(broken)
        #expect(abort.slot == 7 && abort.waiter == 1)
        let again = state.abort(broken)
        #expect(again.slot == nil && again.waiter == nil)
        let step4 = state.fail(broken)
        #expect(step4 == nil)
        let step5 = state.complete(with: nil)
        #expect(step5 == nil)
        let step6 = state.receive(head: head)
        #expect(step6 == nil)
    }

    @Test("whoever waits for what has come is handed back at once")
    func nothingToWaitFor() {
        var state = state
        _ = state.adopt(slot: 0)
        let step7 = state.receive(head: head)
        #expect(step7 == nil)
        let step8 = state.park(1, until: .head)
        #expect(step8 == 1)
        _ = receive([1], in: &state)
        let step9 = state.park(2, until: .bytes)
        #expect(step9 == 2)
        _ = state.complete(with: nil)
        let step10 = state.park(3, until: .end)
        #expect(step10 == 3)
    }

    @Test("a waiter is woken by what it waits for, and by the end")
    func wakes() {
        var state = state
        _ = state.adopt(slot: 0)
        let step11 = state.park(1, until: .bytes)
        #expect(step11 == nil)
        let step12 = state.receive(head: head)
        #expect(step12 == nil)
        guard case .accepted(waking: 1) = receive([1], in: &state) else { return #expect(Bool(false)) }
        let step13 = state.park(2, until: .end)
        #expect(step13 == nil)
        guard case .accepted(waking: nil) = receive([2], in: &state) else { return #expect(Bool(false)) }
        let step14 = state.complete(with: nil)
        #expect(step14 == 2)
    }

    @Test("a full queue takes no byte, and the drain that follows says whom to resume")
    func fullQueue() {
        var state = state
        _ = state.adopt(slot: 3)
        _ = receive([1, 2, 3], in: &state)
        guard case .full = receive([4, 5], in: &state) else { return #expect(Bool(false)) }
        let drain = state.takeBytes()
        guard case .ready(let bytes) = drain.poll else { return #expect(Bool(false)) }
        #expect(bytes == [1, 2, 3] && drain.resume == 3)
        let step15 = state.takeBytes().resume
        #expect(step15 == nil)
        // A piece larger than the queue is taken when the queue is empty, else it would never be.
        guard case .accepted = receive([1, 2, 3, 4, 5], in: &state) else { return #expect(Bool(false)) }
    }

    @Test("queued bytes come before the error, but a cancelled reader gets none")
    func bytesBeforeError() {
        var state = state
        _ = state.adopt(slot: 0)
        _ = receive([1], in: &state)
        var cancelled = state
        _ = state.fail(broken)
        guard case .ready([1]?) = state.takeBytes().poll else { return #expect(Bool(false)) }
        guard case .failed = state.takeBytes().poll else { return #expect(Bool(false)) }
        _ = cancelled.abort(broken)
        guard case .failed = cancelled.takeBytes().poll else { return #expect(Bool(false)) }
    }

    @Test("an abort after the end leaves the bytes that came")
    func abortAfterEnd() {
        var state = state
        _ = state.adopt(slot: 0)
        _ = receive([1], in: &state)
        _ = state.complete(with: nil)
        _ = state.abort(broken)
        guard case .ready([1]?) = state.takeBytes().poll else { return #expect(Bool(false)) }
        guard case .ready(nil) = state.takeBytes().poll else { return #expect(Bool(false)) }
    }
}
