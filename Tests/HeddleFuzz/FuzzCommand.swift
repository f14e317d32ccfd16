import ArgumentParser
import Foundation
import HeddleScenarioGenerator

/// `swift run heddle-fuzz`: hostile input, the same for the same seed, until the time is up or one of them does harm.
@main
struct FuzzCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle-fuzz",
    abstract: "Feed spoiled scenarios, reports and schedules to Heddle.",
    discussion: """
      Run it in the root of the checkout. Whatever is read may not crash, take more than a second or 512 MB, point \
      outside of the file, or change its meaning when it is formatted. Exit status 1 if one did.
      """
  )

  @Option(help: "What reads: language, trace or schedule.")
  var target = TargetName.language

  @Option(help: "How long to go on.")
  var seconds = 60.0

  @Option(help: "How many inputs at most.")
  var count: Int?

  @Option(help: "Equal seeds give equal inputs.")
  var seed: UInt64 = 1

  @Option(help: "The number of the first input.")
  var first = 0

  @Option(name: .customLong("try"), help: "Only read this file.")
  var file: String?

  @Option(help: .private)
  var last: String?

  func run() throws {
    if let file { return try read(file) }
    if let last { return try search(writingTo: last) }
    let last = FileManager.default.temporaryDirectory.appending(path: "heddle-fuzz.\(getpid())")
    defer { try? FileManager.default.removeItem(at: last) }
    let supervisor = Supervisor(target: target, last: last.path)
    let arguments = Array(CommandLine.arguments.dropFirst())
    let ending = try supervisor.run(arguments + ["--last", last.path])
    if ending.isCrash {
      show(try supervisor.crashingInput(ending), "ends the process (\(ending))")
    }
    if ending != .exit(0) { throw ExitCode.failure }
  }

  private static var corpus: Corpus { Corpus(folders: ["models", "Benchmarks/Families"]) }

  /// Reads one file.
  private func read(_ file: String) throws {
    let watch = try Watch(path: "/dev/null")
    let target = target.target(Self.corpus, makesInputs: false)
    let input = [UInt8](try Data(contentsOf: URL(filePath: file)))
    guard let complaint = watch.complaint(about: input, target.complaint) else { return }
    print(complaint)
    throw ExitCode.failure
  }

  /// Reads one input after the other in this process.
  private func search(writingTo last: String) throws {
    let target = target.target(Self.corpus, makesInputs: true)
    let watch = try Watch(path: last)
    let clock = ContinuousClock()
    let start = clock.now
    var number = first
    var size = 0
    while clock.now - start < .seconds(seconds), number - first < count ?? .max {
      var random = RandomSource(seed: seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(number))
      let input = target.input(&random)
      size += input.count
      if let complaint = watch.complaint(about: input, target.complaint) {
        show(
          Self.shrunk(input, complaint, target, watch),
          "\(complaint) (it was input \(number) of seed \(seed))"
        )
        throw ExitCode.failure
      }
      number += 1
    }
    let elapsed = Int((clock.now - start) / .seconds(1))
    print(
      "\(self.target.rawValue): nothing found in \(number - first) inputs of \(size) bytes in \(elapsed) s, "
        + "seed \(seed) from input \(first)"
    )
  }

  private static func shrunk(
    _ input: [UInt8],
    _ complaint: String,
    _ target: any FuzzTarget,
    _ watch: Watch
  ) -> [UInt8] {
    let isCostly = [Watch.tooSlow, Watch.tooMuchMemory].contains(complaint)
    var shrinker = Shrinker(attempts: isCostly ? 60 : 2_000) {
      watch.complaint(about: $0, target.complaint) == complaint
    }
    return shrinker.shrunk(input)
  }

  /// Prints an input, and keeps it in a file because it may not be text.
  private func show(_ input: [UInt8], _ complaint: String) {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "heddle-fuzz.\(target.rawValue).failed")
    let isKept = (try? Data(input).write(to: file)) != nil
    print("\(target.rawValue): this input \(complaint):\n")
    print(input.count < 1 << 14 ? String(decoding: input, as: UTF8.self) : "(\(input.count) bytes)")
    if isKept { print("\nread it again with --target \(target.rawValue) --try \(file.path)") }
  }
}

extension TargetName: ExpressibleByArgument {}
