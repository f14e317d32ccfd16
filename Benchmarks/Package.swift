// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "heddle-benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [
    .package(name: "heddle", path: ".."),
    // Without its traits: they count allocations, which this platform does not support.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "Search",
      dependencies: [
        .product(name: "Heddle", package: "heddle"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Search",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    )
  ]
)
