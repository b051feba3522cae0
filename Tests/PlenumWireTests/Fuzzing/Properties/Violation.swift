/// A property of the wire code that an input shows not to hold.
package struct Violation: Error, CustomStringConvertible {
    /// What was expected and is not so.
    package let description: String

    /// Makes a value.
    package init(_ description: String) { self.description = description }
}

/// Complains unless something holds.
func hold(_ condition: Bool, _ property: @autoclosure () -> String) throws(Violation) {
    if !condition { throw Violation(property()) }
}
