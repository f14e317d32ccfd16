// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "FirstPage",
  dependencies: [
    .package(name: "heddle", path: "../..")
  ],
  targets: [
    .executableTarget(
      name: "FirstPage",
      dependencies: [.product(name: "Heddle", package: "heddle")]
    )
  ]
)
