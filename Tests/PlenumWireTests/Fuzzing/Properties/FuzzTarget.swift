import PlenumCore
import PlenumWire

/// A part of the wire code that any bytes may be given to, with what must hold of it whatever they are.
package struct FuzzTarget: Sendable {
    /// The name: of the target, and of the folder with its inputs.
    package let name: String
    /// Gives bytes to the code and checks what comes of them.
    package let check: @Sendable ([UInt8]) throws(Violation) -> Void

    /// The folder of the inputs to begin with: a translation begins with those of its request.
    package var corpus: String { name.replacing("translate-", with: "request-") }

    private init(_ name: String, _ check: @escaping @Sendable ([UInt8]) throws(Violation) -> Void) {
        self.name = name
        self.check = check
    }

    /// Every target. The dialects are those of the catalogue: a new one needs no line here.
    package static let all: [FuzzTarget] = {
        var all = [
            FuzzTarget("sse") { (bytes) throws(Violation) in try SSEProperties.check(Cuts(bytes)) },
            FuzzTarget("json") { (bytes) throws(Violation) in try JSONProperties.check(bytes) },
        ]
        for format in WireFormats.all {
            let name = format.dialect.rawValue
            all += [
                FuzzTarget("request-\(name)") { (bytes) throws(Violation) in
                    try RequestProperties(format).check(bytes)
                },
                FuzzTarget("reply-\(name)") { (bytes) throws(Violation) in
                    try ReplyProperties(format).check(Cuts(bytes))
                },
                FuzzTarget("translate-\(name)") { (bytes) throws(Violation) in
                    try TranslationProperties(format).check(bytes)
                },
            ]
        }
        return all
    }()

    /// The target of a name; `nil` if there is none.
    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
