import PlenumCore

/// Reading what a provider wrote: a member of an unexpected type is passed over, since the rest may still be understood.
extension JSONReader {
    /// Reads a string; passes anything else and gives `nil`.
    mutating func stringIfAny() throws(JSONError) -> String? {
        if try peek() == .string { return try readString() }
        try skip()
        return nil
    }

    /// Reads a whole number; passes anything else and gives `nil`.
    mutating func intIfAny() throws(JSONError) -> Int? {
        guard try peek() == .number else {
            try skip()
            return nil
        }
        return try readNumber().int.map { Int($0) }
    }

    /// Reads a count of tokens, held within bounds in which sums cannot overflow.
    mutating func tokensIfAny() throws(JSONError) -> Int? {
        try intIfAny().map(TokenCount.bounded)
    }

    /// Goes into an object; passes anything else and gives `false`.
    mutating func enterObjectIfAny() throws(JSONError) -> Bool {
        guard try peek() == .object else {
            try skip()
            return false
        }
        try enterObject()
        return true
    }

    /// Goes into an array; passes anything else and gives `false`.
    mutating func enterArrayIfAny() throws(JSONError) -> Bool {
        guard try peek() == .array else {
            try skip()
            return false
        }
        try enterArray()
        return true
    }
}

/// Counts that come from outside.
enum TokenCount {
    /// Holds a count between 0 and a million million.
    static func bounded(_ count: Int) -> Int { min(max(count, 0), 1_000_000_000_000) }
}
