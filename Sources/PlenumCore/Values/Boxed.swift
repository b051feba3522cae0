/// A part of a value that is large and mostly not there, kept in a place of its own.
///
/// All that a function may hold while it waits lies in its frame, also what is on its way through, and thousands wait at a time.
/// A large part that is seldom there makes each frame large; boxed it is one word of it. To change it is to make another.
@propertyWrapper
public struct Boxed<Value: Sendable>: Sendable {
    private final class Box: Sendable {
        let value: Value

        init(_ value: Value) { self.value = value }
    }

    private var box: Box?

    /// Boxes a value; `nil` takes no place.
    public init(wrappedValue: Value?) { box = wrappedValue.map(Box.init) }

    /// The value.
    public var wrappedValue: Value? {
        get { box?.value }
        set { box = newValue.map(Box.init) }
    }
}

extension Boxed: Equatable where Value: Equatable {
    /// Whether two hold the same.
    public static func == (left: Boxed, right: Boxed) -> Bool {
        left.box === right.box || left.wrappedValue == right.wrappedValue
    }
}

extension Boxed: Hashable where Value: Hashable {
    /// Hashes what it holds.
    public func hash(into hasher: inout Hasher) { hasher.combine(wrappedValue) }
}
