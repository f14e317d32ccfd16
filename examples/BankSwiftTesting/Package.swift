// swift-tools-version: 6.3
import PackageDescription

let package = Package(
  name: "BankSwiftTesting",
  dependencies: [
    .package(name: "heddle", path: "../..")
  ],
  targets: [
    .target(name: "Bank"),
    .testTarget(
      name: "BankTests",
      dependencies: ["Bank", .product(name: "HeddleTesting", package: "heddle")]
    ),
  ]
)
