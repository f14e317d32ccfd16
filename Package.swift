// swift-tools-version: 6.3
import PackageDescription

/// Settings of every module under `Sources`: safe, strict, and without warnings.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// Test targets may use Foundation's pointers and force what they have just checked.
let testSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "heddle",
  products: [
    .executable(name: "heddle", targets: ["HeddleTool"]),
    .library(name: "Heddle", targets: ["Heddle", "HeddleBuilder"]),
    .library(name: "HeddleTesting", targets: ["HeddleTesting"]),
  ],
  traits: [
    .trait(name: "Z3", description: "The engine for symbolic inputs; needs libz3 (libz3-dev)."),
    .default(enabledTraits: ["Z3"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/pointfreeco/xctest-dynamic-overlay", from: "1.13.1"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Spine: Checking -> Semantics -> Program -> Diagnostics
    .target(name: "HeddleDiagnostics", swiftSettings: settings),
    .target(
      name: "HeddleProgram",
      dependencies: ["HeddleDiagnostics"],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleSemantics",
      dependencies: ["HeddleDiagnostics", "HeddleProgram"],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleChecking",
      dependencies: ["HeddleDiagnostics", "HeddleProgram", "HeddleSemantics", "BigInt"],
      swiftSettings: settings
    ),
    // Front ends
    .target(
      name: "HeddleLanguage",
      dependencies: ["HeddleDiagnostics", "HeddleProgram"],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleBuilder",
      dependencies: ["HeddleDiagnostics", "HeddleProgram"],
      swiftSettings: settings
    ),
    // Engines
    .target(
      name: "HeddleExhaustiveSearch",
      dependencies: [
        "HeddleDiagnostics", "HeddleProgram", "HeddleSemantics", "HeddleChecking", "BigInt",
      ],
      swiftSettings: settings
    ),
    .systemLibrary(name: "CZ3", pkgConfig: "z3", providers: [.apt(["libz3-dev"])]),
    .target(
      name: "HeddleSolver",
      dependencies: [.target(name: "CZ3", condition: .when(traits: ["Z3"]))],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleSymbolicSearch",
      dependencies: [
        "HeddleDiagnostics", "HeddleProgram", "HeddleSemantics", "HeddleChecking", "HeddleSolver",
      ],
      swiftSettings: settings
    ),
    // Output
    .target(
      name: "HeddleReports",
      dependencies: [
        "HeddleDiagnostics", "HeddleProgram", "HeddleSemantics", "HeddleChecking", "BigInt",
        .product(name: "Mustache", package: "swift-mustache"),
      ],
      resources: [.embedInCode("Resources")],
      swiftSettings: settings
    ),
    // Top
    .target(
      name: "Heddle",
      dependencies: [
        "HeddleDiagnostics", "HeddleProgram", "HeddleSemantics", "HeddleChecking",
        "HeddleLanguage", "HeddleBuilder", "HeddleExhaustiveSearch", "HeddleSymbolicSearch",
      ],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleTesting",
      dependencies: [
        "Heddle", "HeddleReports", "HeddleBuilder", "HeddleDiagnostics", "HeddleProgram",
        "HeddleChecking", "HeddleExhaustiveSearch",
        .product(name: "IssueReporting", package: "xctest-dynamic-overlay"),
        .product(name: "IssueReportingTestSupport", package: "xctest-dynamic-overlay"),
      ],
      swiftSettings: settings
    ),
    .target(
      name: "HeddleCommands",
      dependencies: [
        "Heddle", "HeddleReports", "HeddleDiagnostics", "HeddleProgram", "HeddleSemantics",
        "HeddleChecking", "HeddleLanguage",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.embedInCode("Resources")],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "HeddleTool",
      dependencies: ["HeddleCommands"],
      swiftSettings: settings
    ),
    // Test support: a second checker and the scenarios to compare the two on
    .target(
      name: "HeddleNaiveChecker",
      dependencies: ["HeddleProgram", "HeddleDiagnostics", "BigInt"],
      path: "Tests/HeddleNaiveChecker",
      swiftSettings: testSettings
    ),
    .target(
      name: "HeddleScenarioGenerator",
      path: "Tests/HeddleScenarioGenerator",
      swiftSettings: testSettings
    ),
    // Hostile input, for people: `swift run heddle-fuzz`
    .executableTarget(
      name: "heddle-fuzz",
      dependencies: [
        "HeddleScenarioGenerator", "Heddle", "HeddleReports", "HeddleLanguage", "HeddleChecking",
        "HeddleSemantics", "HeddleProgram", "HeddleDiagnostics",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/HeddleFuzz",
      swiftSettings: testSettings
    ),
    .target(
      name: "HeddleDifferential",
      dependencies: [
        "HeddleExhaustiveSearch", "HeddleSymbolicSearch", "HeddleChecking", "HeddleSemantics",
        "HeddleProgram", "HeddleDiagnostics", "HeddleLanguage", "HeddleNaiveChecker",
        "HeddleScenarioGenerator",
      ],
      path: "Tests/HeddleDifferential",
      swiftSettings: testSettings
    ),
    // Two checkers on random scenarios, for people: `swift run -c release heddle-differential`
    .executableTarget(
      name: "heddle-differential",
      dependencies: [
        "HeddleDifferential",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Tests/HeddleDifferentialCommand",
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleDifferentialTests",
      dependencies: ["HeddleDifferential"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleNaiveCheckerTests",
      dependencies: [
        "HeddleNaiveChecker", "HeddleScenarioGenerator", "HeddleLanguage", "HeddleProgram",
        "HeddleDiagnostics",
        "BigInt",
      ],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleDiagnosticsTests",
      dependencies: ["HeddleDiagnostics"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleLanguageTests",
      dependencies: ["HeddleDiagnostics", "HeddleLanguage", "HeddleProgram"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleSemanticsTests",
      dependencies: ["HeddleSemantics", "HeddleProgram", "HeddleDiagnostics", "HeddleLanguage"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleExhaustiveSearchTests",
      dependencies: [
        "HeddleExhaustiveSearch", "HeddleChecking", "HeddleSemantics", "HeddleProgram",
        "HeddleDiagnostics", "HeddleLanguage", "HeddleNaiveChecker", "HeddleScenarioGenerator",
        "HeddleDifferential", "BigInt",
      ],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleBuilderTests",
      dependencies: [
        "HeddleBuilder", "HeddleLanguage", "HeddleProgram", "HeddleDiagnostics", "Heddle",
      ],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleSymbolicSearchTests",
      dependencies: [
        "HeddleSymbolicSearch", "HeddleSolver", "HeddleExhaustiveSearch", "HeddleChecking",
        "HeddleSemantics", "HeddleProgram", "HeddleDiagnostics", "HeddleLanguage",
        "HeddleScenarioGenerator",
      ],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleTestingTests",
      dependencies: ["HeddleTesting", "Heddle"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleReportsTests",
      dependencies: ["HeddleReports", "Heddle", "HeddleChecking", "HeddleProgram", "BigInt"],
      exclude: ["Golden"],
      swiftSettings: testSettings
    ),
    .testTarget(
      name: "HeddleCommandsTests",
      dependencies: [
        "HeddleCommands", "Heddle", "HeddleTool", "HeddleChecking", "HeddleLanguage",
        "HeddleExhaustiveSearch", "HeddleSemantics", "HeddleProgram", "HeddleDiagnostics",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ],
      swiftSettings: testSettings
    ),
  ]
)
