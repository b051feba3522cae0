import Foundation
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("The mailbox of the storage's threads")
struct MailboxTests {
    /// Runs on a thread of its own what would block a task's.
    private static func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                body()
                done.resume()
            }
        }
    }

    /// What several threads put in and take out.
    private final class Traffic: Sendable {
        let mailbox = Mailbox<Int>(capacity: 1 << 20)
        let sum = Atomic(0)

        func take() {
            while let job = mailbox.take() { sum.add(job, ordering: .relaxed) }
        }

        func put(_ rounds: Int) {
            for round in 1...rounds {
                #expect(mailbox.put(1, weighing: 1) == .accepted)
                // Every other time they all fall asleep first.
                while round % 2 == 0, sum.load(ordering: .relaxed) < round { sched_yield() }
            }
            mailbox.close()
        }
    }

    @Test("wakes a sleeper for each job, however putting and falling asleep meet", arguments: [1, 3])
    func allAreTaken(takers: Int) async {
        let traffic = Traffic()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<takers { group.addTask { await Self.onThread { traffic.take() } } }
            group.addTask { await Self.onThread { traffic.put(3000) } }
        }
        #expect(traffic.sum.load(ordering: .relaxed) == 3000)
        #expect(traffic.mailbox.put(1, weighing: 1) == .closed)
    }

    @Test("gives the writer all that waits, and lets it go when its patience ends")
    func batches() async {
        let mailbox = Mailbox<Int>(capacity: 10)
        await Self.onThread {
            var batch: [Int] = []
            #expect(mailbox.takeAll(into: &batch, patience: 1) && batch.isEmpty)
            #expect(mailbox.put(1, weighing: 100) == .accepted, "a single one is taken whatever it weighs")
            #expect(mailbox.put(2, weighing: 1) == .full)
            #expect(mailbox.takeAll(into: &batch, patience: nil) && batch == [1])
            batch = []
            #expect(mailbox.put(3, weighing: 5) == .accepted && mailbox.put(4, weighing: 5) == .accepted)
            mailbox.close()
            #expect(mailbox.takeAll(into: &batch, patience: nil) && batch == [3, 4])
            batch = []
            #expect(!mailbox.takeAll(into: &batch, patience: nil) && batch.isEmpty)
        }
    }
}
