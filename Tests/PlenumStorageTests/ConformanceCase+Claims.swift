import PlenumCore
import Testing

extension ConformanceCase {
    static let claims: [ConformanceCase] = [
        ConformanceCase("a claim reads as it was made, and a key is taken once") { storage in
            #expect(try await storage.claim(Samples.key(1)) == nil)
            let claims = [
                Samples.claim(1),
                Claim(key: Samples.key(2), fingerprint: [9], run: Samples.id(3), createdAt: Samples.time(5)),
            ]
            for claim in claims {
                try await storage.commit([.claim(claim)])
                #expect(try await storage.claim(claim.key) == claim)
                await expect(.conflict) { try await storage.commit([.claim(claim)]) }
            }
            var other = Samples.claim(1, of: 7)
            other.fingerprint = [77]
            await expect(.conflict) {
                try await storage.commit([.claim(other), .createGeneration(Samples.generation(7), nil)])
            }
            #expect(try await storage.claim(Samples.key(1)) == claims[0])
            await expect(.notFound) { _ = try await storage.generation(Samples.id(7)) }
        },
        ConformanceCase("of two hundred commits with one key exactly one is done") { storage in
            let done = await withTaskGroup(of: UInt64?.self) { group in
                for number: UInt64 in 1...200 {
                    group.addTask {
                        do {
                            try await storage.commit([
                                .claim(Samples.claim(1, of: number)),
                                .createGeneration(Samples.generation(number), nil),
                            ])
                            return number
                        } catch { return nil }
                    }
                }
                return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            #expect(done.count == 1)
            let winner = try #require(done.first)
            let claim = try await storage.claim(Samples.key(1))
            #expect(claim == Samples.claim(1, of: winner))
            for number: UInt64 in 1...200 where number != winner {
                await expect(.notFound) { _ = try await storage.generation(Samples.id(number)) }
            }
        },
        ConformanceCase("a claim is settled once, by the generation that made it") { storage in
            var claim = Samples.claim(1)
            let settle = StorageChange.settleClaim(claim.key, Samples.id(1), .failed, Samples.answer)
            await expect(.notFound) { try await storage.commit([settle]) }
            try await storage.commit([.claim(claim)])
            let foreign = StorageChange.settleClaim(claim.key, Samples.id(2), .completed, nil)
            await expect(.notFound) { try await storage.commit([foreign]) }
            await expect(.invalidRequest) {
                try await storage.commit([.settleClaim(claim.key, Samples.id(1), .inProgress, nil)])
            }
            try await storage.commit([settle])
            claim.status = .failed
            claim.answer = Samples.answer
            #expect(try await storage.claim(claim.key) == claim)
            await expect(.conflict) { try await storage.commit([settle]) }
            await expect(.conflict) { try await storage.commit([.releaseClaim(claim.key, Samples.id(1))]) }
        },
        ConformanceCase("an answer may be absent, and empty") { storage in
            let empty = ClaimedAnswer(status: 204, contentType: "", body: [])
            for (number, answer) in [(1, nil), (2, empty)] as [(UInt8, ClaimedAnswer?)] {
                try await storage.commit([
                    .claim(Samples.claim(number)),
                    .settleClaim(Samples.key(number), Samples.id(1), .completed, answer),
                ])
                #expect(try await storage.claim(Samples.key(number))?.answer == answer)
            }
        },
        ConformanceCase("a released key is free again, and only its generation releases it") { storage in
            try await storage.commit([.claim(Samples.claim(1))])
            await expect(.notFound) { try await storage.commit([.releaseClaim(Samples.key(1), Samples.id(2))]) }
            try await storage.commit([.releaseClaim(Samples.key(1), Samples.id(1))])
            #expect(try await storage.claim(Samples.key(1)) == nil)
            await expect(.notFound) { try await storage.commit([.releaseClaim(Samples.key(1), Samples.id(1))]) }
            try await storage.commit([.claim(Samples.claim(1, of: 2))])
            #expect(try await storage.claim(Samples.key(1)) == Samples.claim(1, of: 2))
        },
        ConformanceCase("pruning forgets claims made before a moment, but none in progress") { storage in
            for (number, at) in [(1, 10), (2, 20), (3, 10)] as [(UInt8, Int64)] {
                try await storage.commit([.claim(Samples.claim(number, of: UInt64(number), at: at))])
                guard number != 3 else { continue }
                try await storage.commit([
                    .settleClaim(Samples.key(number), Samples.id(UInt64(number)), .completed, nil)
                ])
            }
            try await storage.commit([.pruneClaims(createdBefore: Samples.time(20))])
            #expect(try await storage.claim(Samples.key(1)) == nil)
            #expect(try await storage.claim(Samples.key(2)) != nil)
            #expect(try await storage.claim(Samples.key(3)) == Samples.claim(3, of: 3, at: 10))
        },
        ConformanceCase("recovery interrupts claims in progress, which then are neither settled nor released") {
            storage in
            try await storage.commit([
                .createGeneration(Samples.generation(1), nil), .claim(Samples.claim(1)),
                .claim(Samples.claim(2, of: 2)),
                .settleClaim(Samples.key(2), Samples.id(2), .completed, Samples.answer),
            ])
            _ = try await storage.recover(at: Samples.time(9))
            var interrupted = Samples.claim(1)
            interrupted.status = .interrupted
            #expect(try await storage.claim(Samples.key(1)) == interrupted)
            #expect(try await storage.claim(Samples.key(2))?.answer == Samples.answer)
            await expect(.conflict) {
                try await storage.commit([.settleClaim(Samples.key(1), Samples.id(1), .completed, nil)])
            }
            await expect(.conflict) { try await storage.commit([.releaseClaim(Samples.key(1), Samples.id(1))]) }
            await expect(.conflict) { try await storage.commit([.claim(Samples.claim(1, of: 5))]) }
        },
        ConformanceCase("with a conversation or a message its claims lose their words and stay taken") { storage in
            try await storage.createConversation(Samples.conversation(1))
            for number: UInt64 in [1, 2] {
                try await storage.commit([
                    .claim(Samples.claim(UInt8(number), of: number)),
                    .appendMessage(Samples.answer(number), movesLeaf: true),
                    .createGeneration(Samples.generation(number, making: number), nil),
                    .settleClaim(Samples.key(UInt8(number)), Samples.id(number), .completed, Samples.answer),
                ])
            }
            try await storage.commit([
                .claim(Samples.claim(3, of: 3)), .createGeneration(Samples.generation(3), nil),
                .settleClaim(Samples.key(3), Samples.id(3), .completed, Samples.answer),
            ])
            func answered() async throws -> [Bool] {
                var answered: [Bool] = []
                for number: UInt8 in 1...3 {
                    let claim = try #require(try await storage.claim(Samples.key(number)))
                    #expect(claim.status == .completed)
                    answered.append(claim.answer == Samples.answer)
                }
                return answered
            }
            try await storage.commit([.deleteMessage(Samples.id(1))])
            #expect(try await answered() == [false, true, true])
            try await storage.deleteConversation(Samples.id(1))
            #expect(try await answered() == [false, false, true])
        },
    ]
}
