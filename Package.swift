// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "plenum",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "plenum", targets: ["plenum"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Floor 0: C, one module a library, each imported by one Swift target.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "CWebAssets",
            exclude: ["Assets"],
            linkerSettings: [.linkedLibrary("z")]
        ),
        .target(name: "CTaskHook"),

        // Floor 1: the words and the ports.
        .target(name: "PlenumCore"),

        // Floor 2: five neighbours that never import each other.
        .target(name: "PlenumWire", dependencies: ["PlenumCore"]),
        .target(name: "PlenumTransport", dependencies: ["CCurl"]),
        .target(name: "PlenumStorage", dependencies: ["PlenumCore", "CSQLite", "CPostgres"]),
        .target(
            name: "PlenumEngine",
            dependencies: ["PlenumCore", .product(name: "Logging", package: "swift-log")]
        ),
        .target(name: "PlenumWeb", dependencies: ["CWebAssets"]),

        // Floor 3: doors, and formats met with a transport.
        .target(name: "PlenumProviders", dependencies: ["PlenumCore", "PlenumWire", "PlenumTransport"]),
        .target(
            name: "PlenumHTTP",
            dependencies: [
                "PlenumCore", "PlenumWire", "PlenumEngine", "PlenumWeb",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),

        // Floor 4: the program.
        .executableTarget(
            name: "plenum",
            dependencies: [
                "CTaskHook",
                "PlenumCore", "PlenumWire", "PlenumTransport", "PlenumStorage", "PlenumEngine", "PlenumWeb",
                "PlenumProviders", "PlenumHTTP",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // Tests mirror the sources; PlenumTesting holds what several suites share.
        .target(name: "PlenumTesting", dependencies: ["PlenumCore"], path: "Tests/Support"),
        .executableTarget(
            name: "StorageSize",
            dependencies: ["PlenumCore", "PlenumStorage"],
            path: "Tests/StorageSize"
        ),
        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "PlenumCoreTests", dependencies: ["PlenumCore", "PlenumTesting"]),
        .testTarget(name: "PlenumWireTests", dependencies: ["PlenumCore", "PlenumWire", "PlenumTesting"]),
        .testTarget(name: "PlenumTransportTests", dependencies: ["PlenumTransport", "PlenumTesting"]),
        .testTarget(name: "PlenumStorageTests", dependencies: ["PlenumCore", "PlenumStorage", "PlenumTesting"]),
        .testTarget(
            name: "PlenumEngineTests",
            dependencies: ["PlenumCore", "PlenumEngine", "PlenumStorage", "PlenumTesting"],
            exclude: ["Strategies/Goldens"]
        ),
        .testTarget(
            name: "PlenumProvidersTests",
            dependencies: ["PlenumCore", "PlenumWire", "PlenumTransport", "PlenumProviders", "PlenumTesting"]
        ),
        .testTarget(
            name: "PlenumHTTPTests",
            dependencies: [
                "PlenumCore", "PlenumEngine", "PlenumStorage", "PlenumProviders", "PlenumTransport", "PlenumHTTP",
                "PlenumWeb", "PlenumTesting",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c2x
)

/// The upcoming features that every Swift target is built with, each with its proposal.
let features: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),  // SE-0461
]
for target in package.targets where [.regular, .executable, .test].contains(target.type) && target.name != "CWebAssets"
{
    target.swiftSettings = (target.swiftSettings ?? []) + features
}
