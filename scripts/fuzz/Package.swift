// swift-tools-version: 6.2
import PackageDescription

/// The code that is watched reports which of its branches an input took, and every access to memory is checked. It is
/// optimized, for speed, and yet checks what only a debug build checks, such as the bounds of unsafe buffers.
let watched: [SwiftSetting] = [.unsafeFlags(["-sanitize=fuzzer,address", "-assert-config", "Debug"])]

// The wire code with libFuzzer around it. The folders are links to the package's own.
let package = Package(
    name: "plenum-fuzz",
    targets: [
        .target(name: "PlenumCore", swiftSettings: watched),
        .target(name: "PlenumWire", dependencies: ["PlenumCore"], swiftSettings: watched),
        .target(
            name: "WireProperties",
            dependencies: ["PlenumCore", "PlenumWire"],
            path: "Tests/PlenumWireTests/Fuzzing/Properties",
            swiftSettings: watched
        ),
        .target(name: "CFuzzDriver", path: "Driver"),
        .executableTarget(
            name: "fuzz",
            dependencies: ["WireProperties", "CFuzzDriver"],
            path: "Entry",
            swiftSettings: [.unsafeFlags(["-parse-as-library", "-sanitize=fuzzer,address"])],
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address"])]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "CFuzzDriver" {
    target.swiftSettings =
        (target.swiftSettings ?? [])
        + ["ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault"]
        .map { .enableUpcomingFeature($0) }
}
