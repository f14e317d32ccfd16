// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "ScenarioFolder",
  dependencies: [
    .package(name: "heddle", path: "../..")
  ],
  targets: [
    .testTarget(
      name: "FolderTests",
      dependencies: [.product(name: "HeddleTesting", package: "heddle")],
      exclude: ["Scenarios", "Surprises"]
    )
  ]
)
