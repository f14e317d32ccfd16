// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "ConnectionPool",
  dependencies: [
    .package(name: "heddle", path: "../..")
  ],
  targets: [
    .target(name: "ConnectionPool"),
    .testTarget(
      name: "ConnectionPoolTests",
      dependencies: ["ConnectionPool", .product(name: "HeddleTesting", package: "heddle")]
    ),
  ]
)
