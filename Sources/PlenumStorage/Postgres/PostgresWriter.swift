import PlenumCore
import Synchronization

/// Group commit on PostgreSQL: everything that waits at a moment becomes one transaction of few statements.
///
/// It lives on the writer's thread, and keeps the connection there: one that is lost is opened again in the background.
final class PostgresWriter {
    let settings: PostgresSettings
    let mailbox: Mailbox<PostgresWrite>
    let health: PostgresHealth
    let tally: PostgresTally
    let recording = PostgresRecording()

    private(set) var connection: PostgresConnection?
    /// Those who wait for what is under way.
    private var waiting: [PostgresWrite] = []
    /// When the writer has taken up what is under way.
    private var start = 0
    /// How many milliseconds an answer may take before those who wait are told that nobody answers.
    private var patience = 0
    private var isStalled = false
    private var backoff = 0

    init(
        _ settings: PostgresSettings,
        _ mailbox: Mailbox<PostgresWrite>,
        _ health: PostgresHealth,
        _ tally: PostgresTally
    ) {
        self.settings = settings
        self.mailbox = mailbox
        self.health = health
        self.tally = tally
    }

    /// Opens the first connection.
    func open() throws(PlenumError) {
        do {
            connection = try PostgresConnection.open(settings) { _ throws(PostgresFault) in }
        } catch {
            throw error.error
        }
        tally.connections.add(1, ordering: .relaxed)
    }

    /// Works until the mailbox is closed and empty.
    func run() {
        var batch: [PostgresWrite] = []
        while true {
            if connection == nil { reconnect() }
            let goesOn = mailbox.takeAll(into: &batch, patience: connection == nil ? backoff : nil)
            guard goesOn else { return }
            carryOut(batch)
            batch.removeAll(keepingCapacity: true)
        }
    }

    private func carryOut(_ batch: [PostgresWrite]) {
        guard !batch.isEmpty else { return }
        begin(batch)
        defer { finish() }
        // What was idle may have been hung up on in the meantime: that costs one attempt and no error.
        if connection?.isUsable() == false { lose(PostgresFault.lost("hung up while idle")) }
        if connection == nil, backoff == 0 { reconnect() }
        guard connection != nil else { return answerAll(health.fault ?? PostgresHealth.silence) }
        recording.clear()
        carryOutTogether(batch)
    }

    // MARK: - Who waits

    private func begin(_ batch: [PostgresWrite]) {
        waiting = batch
        start = Clock.milliseconds()
        // A large batch needs its time: 16 MiB a second is slow.
        patience = settings.stallPatience + batch.reduce(0) { $0 + $1.bytes } / (16 << 10)
        if batch.contains(where: { $0.kind == .migration }) { patience = .max }
    }

    /// Gives a batch of many statements its time too, a millisecond for each.
    func allow(_ statements: Int) {
        if patience != .max { patience = max(patience, settings.stallPatience + statements) }
    }

    private func finish() {
        answerAll(health.fault ?? PostgresHealth.silence)
        waiting.removeAll(keepingCapacity: true)
        if isStalled, connection != nil {
            isStalled = false
            health.set(.up)
        }
    }

    /// Answers whoever has no answer yet.
    private func answerAll(_ fault: PlenumError) {
        for write in waiting { write.answer(fault) }
    }

    /// Answers everything that waits in the mailbox, since nothing of it can be done in time.
    private func turnAway(_ fault: PlenumError) {
        var others: [PostgresWrite] = []
        _ = mailbox.takeAll(into: &others, patience: 0)
        for write in others { write.answer(fault) }
    }

    /// Looks around while an answer is waited for.
    func tick(_ elapsed: Int) throws(PostgresFault) {
        guard patience != .max else { return }
        if elapsed > settings.exchangePatience { throw .givenUp(PostgresHealth.silence) }
        if !isStalled, elapsed > patience {
            isStalled = true
            health.set(.stalled)
            answerAll(PostgresHealth.silence.ofUnknownOutcome)
        }
        if isStalled { turnAway(PostgresHealth.silence) }
    }

    // MARK: - The connection

    /// Lets the connection go after a fault that it does not outlive.
    func lose(_ fault: PostgresFault) {
        guard connection != nil else { return }
        connection = nil
        backoff = 0
        if fault.kind == .givenUp { health.set(.down(PostgresHealth.retryable(fault.error))) }
    }

    /// Tries to connect, once. Meanwhile those who come are told at once that there is no database.
    /// - Parameter patience: how many milliseconds the attempt may take at most.
    @discardableResult
    func reconnect(within patience: Int? = nil) -> Bool {
        var settings = settings
        settings.connectPatience = min(patience ?? settings.connectPatience, settings.connectPatience)
        do {
            connection = try PostgresConnection.open(settings) { elapsed throws(PostgresFault) in
                if elapsed > 300 { self.beDown(PostgresHealth.silence) }
            }
        } catch {
            beDown(PostgresHealth.retryable(error.error))
            backoff = min(max(backoff * 2, 50), 500) + .random(in: 0...25)
            return false
        }
        tally.connections.add(1, ordering: .relaxed)
        backoff = 0
        isStalled = false
        health.set(.up)
        return true
    }

    private func beDown(_ fault: PlenumError) {
        health.set(.down(fault))
        turnAway(fault)
    }

    /// How many milliseconds are left before those who wait should have heard.
    func remaining(of milliseconds: Int) -> Int { max(0, milliseconds - (Clock.milliseconds() - start)) }
}
