import ArgumentParser
import Foundation
import HeddleDifferential

/// `swift run -c release heddle-differential`: random scenarios, judged by the naive checker and by the engine in all its variants.
@main
struct DifferentialCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heddle-differential",
    abstract: "Judge random scenarios with two checkers, and compare.",
    discussion: """
      A scenario belongs to a seed, and the next one to the next seed. Without a number or a time, 1 000 scenarios are \
      tried. Exit status 1 if the checkers disagreed about one, which is then shown as small as it gets.
      """
  )

  @Option(help: "How many scenarios.")
  var scenarios: Int?

  @Option(help: "How long to go on.")
  var seconds: Double?

  @Option(help: "The seed of the first scenario.")
  var seed: UInt64 = 1

  @Option(help: "Every so many scenarios, one is judged with constraints too; 0 for none.")
  var symbolic: UInt64 = 5

  @Flag(help: "Go on after a disagreement.")
  var keepGoing = false

  @Option(help: "How often a scenario is judged again to make it smaller.")
  var attempts = 4_000

  @Flag(help: "Show the scenarios, and judge none.")
  var show = false

  @Option(help: "Where the scenario is kept that is being judged, in case it ends the process.")
  var last: String?

  func run() throws {
    let last = scenarios ?? (seconds == nil ? 1_000 : .max)
    if show {
      for number in 0..<last { say("// seed \(seed(of: number)), \(trial(number).report)") }
      return
    }
    let start = ContinuousClock.now
    var tally = Tally()
    var nextNote = 30.0
    while tally.scenarios < last, elapsed(since: start) < seconds ?? .infinity {
      let number = tally.scenarios
      let trial = trial(number)
      let judgement = try judge(trial)
      tally.add(trial, judgement)
      if !judgement.disagreements.isEmpty {
        try report(trial, judgement, "seed \(seed(of: number))")
        if !keepGoing { break }
      }
      if elapsed(since: start) > nextNote {
        note("\(tally.scenarios) scenarios, the last of seed \(seed(of: number))")
        nextNote += 30
      }
    }
    say(tally.tables())
    let missing = tally.missingFeatures
    if !missing.isEmpty { say("no scenario contained \(missing.joined(separator: ", "))") }
    say(
      "\(tally.scenarios) scenarios from seed \(seed) on, \(tally.inconclusive) of them inconclusive, "
        + "\(tally.disagreements) judged differently; \(tally.symbolicAnswers) answered by constraints too; \(tally.states) states, "
        + "\(Int(elapsed(since: start))) s"
    )
    if tally.disagreements > 0 { throw ExitCode.failure }
  }

  private func seed(of number: Int) -> UInt64 { seed &+ UInt64(number) }

  private func trial(_ number: Int) -> Trial {
    let seed = seed(of: number)
    var trial = Trial(seed: seed)
    trial.isSymbolic = symbolic > 0 && seed.isMultiple(of: symbolic)
    return trial
  }

  private func elapsed(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start) / .seconds(1)
  }

  /// Judges a trial, after it was written to the file `last`.
  private func judge(_ trial: Trial) throws -> Judgement {
    if let last { try Data(trial.report.utf8).write(to: URL(filePath: last)) }
    return trial.judge()
  }

  /// Prints without delay, so that nothing is lost if the process ends.
  private func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  /// Says on standard error how far it is.
  private func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Shows a disagreement as it was found, and made smaller.
  private func report(_ trial: Trial, _ judgement: Judgement, _ origin: String) throws {
    say("\(origin), \(trial.report)")
    judgement.disagreements.forEach { say("\($0)") }
    let smaller = try trial.shrunk(keeping: judgement, attempts: attempts, judge: judge)
    say("\nmade smaller, \(smaller.report)")
    try judge(smaller).disagreements.forEach { say("\($0)") }
    say("")
  }
}
