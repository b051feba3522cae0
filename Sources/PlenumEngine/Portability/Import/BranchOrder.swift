/// Puts the nodes of a tree in an order in which each comes behind the one that it follows, whatever the file says.
///
/// Nothing here calls itself: a chain may have any length. A circle is cut open where it is met.
struct BranchOrder {
    /// The nodes that are kept, in order.
    let order: [Int]
    /// For every node the nearest node above it that is kept.
    let ancestors: [Int?]

    /// Arranges nodes.
    /// - Parameters:
    ///   - parents: for each node the one that it follows.
    ///   - isKept: which nodes stay; the others are passed over.
    ///   - ranks: by what nodes are ordered as far as the tree leaves a choice; one without comes right behind its parent.
    init(parents: [Int?], isKept: [Bool], ranks: [Int64?]) {
        var climb = Climb(parents: parents, isKept: isKept, ranks: ranks)
        for node in parents.indices { climb.visit(node) }
        ancestors = climb.ancestors
        let (ranks, depths) = (climb.ranks, climb.depths)
        order = parents.indices.filter { isKept[$0] }.sorted { left, right in
            // No rank is below the parent's, and depth decides between equals: no node comes before its parent.
            (ranks[left], depths[left], left) < (ranks[right], depths[right], right)
        }
    }

    private struct Climb {
        private enum State { case ahead, onPath, done }

        private var parents: [Int?]
        private let isKept: [Bool]
        private let given: [Int64?]
        private var states: [State]
        private(set) var ancestors: [Int?]
        private(set) var ranks: [Int64]
        private(set) var depths: [Int]

        init(parents: [Int?], isKept: [Bool], ranks: [Int64?]) {
            self.parents = parents
            self.isKept = isKept
            self.given = ranks
            self.states = Array(repeating: .ahead, count: parents.count)
            self.ancestors = Array(repeating: nil, count: parents.count)
            self.ranks = Array(repeating: .min, count: parents.count)
            self.depths = Array(repeating: 0, count: parents.count)
        }

        /// Goes up from a node to the first that is known, and settles all on the way back.
        mutating func visit(_ start: Int) {
            var path: [Int] = []
            var next: Int? = start
            while let node = next, states[node] == .ahead {
                states[node] = .onPath
                path.append(node)
                if let parent = parents[node], states[parent] == .onPath { parents[node] = nil }
                next = parents[node]
            }
            for node in path.reversed() { settle(node) }
        }

        private mutating func settle(_ node: Int) {
            states[node] = .done
            guard let parent = parents[node] else {
                ranks[node] = given[node] ?? .min
                return
            }
            ancestors[node] = isKept[parent] ? parent : ancestors[parent]
            ranks[node] = max(given[node] ?? .min, ranks[parent])
            depths[node] = depths[parent] + 1
        }
    }
}
