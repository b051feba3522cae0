import Glibc
import Synchronization
import Testing

@testable import PlenumStorage

@Suite("The mailbox of the storage's threads")
struct MailboxTests {
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
    func allAreTaken(takers: Int) async throws {
        let traffic = Traffic()
        let workers = try (0..<takers).map { _ in try Worker { traffic.take() } } + [Worker { traffic.put(3000) }]
        for worker in workers { await worker.end() }
        #expect(traffic.sum.load(ordering: .relaxed) == 3000)
        #expect(traffic.mailbox.put(1, weighing: 1) == .closed)
    }

    @Test("gives the writer all that waits, and lets it go when its patience ends")
    func batches() async throws {
        let mailbox = Mailbox<Int>(capacity: 10)
        let writer = try Worker {
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
        await writer.end()
    }
}
