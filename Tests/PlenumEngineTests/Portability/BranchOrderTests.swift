import PlenumCore
import Testing

@testable import PlenumEngine

@Suite("The order of branches")
struct BranchOrderTests {
    @Test("a node comes behind its parent also where its rank is lower or missing")
    func parentsFirst() {
        let order = BranchOrder(
            parents: [1, nil, 0, 1],
            isKept: [true, true, true, true],
            ranks: [5, 10, nil, 1]
        )
        #expect(order.order == [1, 0, 3, 2])
        #expect(order.ancestors == [1, nil, 0, 1])
    }

    @Test("what hangs on nodes that are passed over hangs on the next above that is kept")
    func passedOver() {
        let order = BranchOrder(
            parents: [nil, 0, 1, 2, 1],
            isKept: [false, true, false, true, true],
            ranks: [1, 2, 3, 4, 5]
        )
        #expect(order.order == [1, 3, 4])
        #expect(order.ancestors == [nil, nil, 1, 1, 1])
    }

    @Test("any tree with any circles gives every kept node once, behind its parent")
    func random() {
        for size in 1...60 {
            let parents: [Int?] = (0..<size).map { _ in Bool.random() ? Int.random(in: 0..<size) : nil }
            let kept = (0..<size).map { _ in Int.random(in: 0..<4) > 0 }
            let ranks: [Int64?] = (0..<size).map { _ in Bool.random() ? Int64.random(in: 0..<5) : nil }
            let order = BranchOrder(parents: parents, isKept: kept, ranks: ranks)
            #expect(order.order.sorted() == (0..<size).filter { kept[$0] })
            var seen: Set<Int> = []
            for node in order.order {
                if let parent = order.ancestors[node] { #expect(seen.contains(parent)) }
                seen.insert(node)
            }
        }
    }
}
