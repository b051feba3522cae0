/// Versions, in the one place where they are written.
enum Versions {
    /// Plenum's own.
    static let plenum = "0.1.0"
}
