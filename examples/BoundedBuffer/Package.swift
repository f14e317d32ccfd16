// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "BoundedBuffer",
  dependencies: [
    .package(name: "heddle", path: "../..")
  ],
  targets: [
    .testTarget(
      name: "BufferTests",
      dependencies: [.product(name: "HeddleTesting", package: "heddle")],
      exclude: ["Scenarios"]
    )
  ]
)
