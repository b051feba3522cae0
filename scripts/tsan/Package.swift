// swift-tools-version: 6.2
import PackageDescription

// The targets that the thread sanitizer watches, without the server's packages: their C code takes minutes to build under
// it and is not what is tested. The folders are links to the package's own.
let package = Package(
    name: "plenum-tsan",
    dependencies: [.package(url: "https://github.com/apple/swift-log", from: "1.16.2")],
    targets: [
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq"),
        .target(name: "PlenumCore"),
        .target(name: "PlenumTransport", dependencies: ["CCurl"]),
        .target(name: "PlenumStorage", dependencies: ["PlenumCore", "CSQLite", "CPostgres"]),
        .target(name: "PlenumEngine", dependencies: ["PlenumCore", .product(name: "Logging", package: "swift-log")]),
        .target(name: "PlenumTesting", dependencies: ["PlenumCore"], path: "Tests/Support"),
        .testTarget(name: "PlenumTransportTests", dependencies: ["PlenumTransport", "PlenumTesting"]),
        .testTarget(name: "PlenumStorageTests", dependencies: ["PlenumCore", "PlenumStorage", "PlenumTesting"]),
        .testTarget(
            name: "PlenumEngineTests",
            dependencies: ["PlenumCore", "PlenumEngine", "PlenumStorage", "PlenumTesting"],
            // Pure code on one thread has no races to find, and would keep those waiting that watch clocks.
            exclude: ["Portability", "Strategies", "Runs/RunMoneyTests.swift"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where [.regular, .test].contains(target.type) {
    target.swiftSettings = ["ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault"]
        .map { .enableUpcomingFeature($0) }
}
