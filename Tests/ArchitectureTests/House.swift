/// The plan of the house: who may import whom. Section 1 of the design, as data.
enum House {
    /// The modules of the house that each target may import: exactly those that its entry in the manifest names.
    static let edges: [String: Set<String>] = [
        "PlenumCore": [],
        "PlenumWire": ["PlenumCore"],
        "PlenumTransport": ["CCurl"],
        "PlenumStorage": ["PlenumCore", "CSQLite", "CPostgres"],
        "PlenumEngine": ["PlenumCore"],
        "PlenumWeb": ["CWebAssets"],
        "PlenumProviders": ["PlenumCore", "PlenumWire", "PlenumTransport"],
        "PlenumHTTP": ["PlenumCore", "PlenumWire", "PlenumEngine", "PlenumWeb"],
        "plenum": [
            "CTaskHook", "PlenumCore", "PlenumWire", "PlenumTransport", "PlenumStorage", "PlenumEngine", "PlenumWeb",
            "PlenumProviders", "PlenumHTTP",
        ],
    ]

    private static let aboveCore = Set(edges.keys).subtracting(["PlenumCore"])
    private static let wherePiecesPass: Set = [
        "PlenumHTTP", "PlenumTransport", "PlenumWire", "PlenumProviders", "plenum",
    ]
    private static let everywhere = Set(edges.keys)
    private static let noFoundation: Set = ["PlenumCore", "PlenumWire", "PlenumTransport", "PlenumStorage"]

    /// The targets that may import each module from outside the house.
    static let outside: [String: Set<String>] = [
        "Hummingbird": ["PlenumHTTP"],
        "HummingbirdCore": ["PlenumHTTP"],
        "NIOCore": wherePiecesPass,
        "HTTPTypes": wherePiecesPass,
        "NIOHTTPTypes": ["PlenumHTTP"],
        "NIOPosix": ["plenum"],
        "DequeModule": ["plenum"],
        "SystemPackage": ["plenum"],
        "UnixSignals": ["plenum"],
        "Logging": aboveCore,
        "Metrics": aboveCore,
        "Tracing": aboveCore,
        "ArgumentParser": ["plenum"],
        "Configuration": ["plenum"],
        "ServiceLifecycle": ["plenum"],
        "Crypto": ["PlenumHTTP", "PlenumEngine", "plenum"],
        "Glibc": everywhere,
        "Dispatch": everywhere,
        "Synchronization": everywhere,
        "FoundationEssentials": everywhere,
        "Foundation": everywhere.subtracting(noFoundation),
    ]

    /// Whether a target may import a module.
    static func allows(_ target: String, toImport module: String) -> Bool {
        edges[target]?.contains(module) == true || outside[module]?.contains(target) == true
    }

    /// The targets that may vouch for what the compiler cannot check.
    static let mayVouch: Set = ["PlenumTransport", "PlenumStorage", "PlenumWeb"]

    /// The file that writes to the terminal.
    static let terminalFile = "Sources/plenum/Terminal/Terminal.swift"
}
