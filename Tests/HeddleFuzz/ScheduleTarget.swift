import HeddleChecking
import HeddleProgram
import HeddleScenarioGenerator
import HeddleSemantics

/// The text of `--schedule` for a scenario, which stands in the input's first line.
struct ScheduleTarget: FuzzTarget {
  let corpus: Corpus

  private static let mutator = Mutator(
    dictionary: """
      main loop initial: initial:0 initial:1 initial initial:x :0 :1 :-1 : :: t t#1 t#2 t#0 # a:9223372036854775807 \
      a:99999999999999999999 worker#1:0 main:0 main:1 main: :main loop:0 LOOP
      """.split(separator: " ").map { Array($0.utf8) }
        + [" ", "\n", "\u{2003}"].map { Array($0.utf8) },
    brackets: [("main ", ""), ("loop ", ""), (":", ""), ("t#1 ", ""), ("x", "")]
  )

  func input(_ random: inout RandomSource) -> [UInt8] {
    let scenario = corpus.any(&random)
    let other = scenario.program.map { ScheduleMaker($0).text(&random) } ?? ""
    var text = scenario.program.map { ScheduleMaker($0).text(&random) } ?? ""
    if random.chance(90) {
      let spoiled = Self.mutator.spoil(Array(text.utf8), with: Array(other.utf8), &random)
      text = String(decoding: spoiled, as: UTF8.self)
    }
    return Array("\(scenario.name)\n\(text)".utf8)
  }

  func complaint(about input: [UInt8]) -> String? {
    let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    guard parts.count == 2,
      let program = corpus.scenario(named: String(decoding: parts[0], as: UTF8.self))?.program
    else { return nil }
    return Self.complaint(about: String(decoding: parts[1], as: UTF8.self), of: program)
  }

  /// Has a schedule read and followed as far as it goes.
  static func complaint(about text: String, of program: Program) -> String? {
    let schedule: Schedule
    do throws(ScheduleError) {
      schedule = try Schedule(parsing: text, in: program)
    } catch {
      return complaint(aboutMessage: error.description)
    }
    guard (try? Schedule(parsing: schedule.text(in: program), in: program)) == schedule else {
      return "a schedule is not the same after it was written and read"
    }
    do throws(ReplayError) {
      let trace = try Replayer(Machine(program)).replay(schedule)
      guard trace.steps.count == schedule.steps.count else {
        return "a replay has other steps than its schedule"
      }
    } catch {
      return complaint(aboutMessage: error.description)
    }
    return nil
  }

  private static func complaint(aboutMessage text: String) -> String? {
    guard !text.isEmpty, text.count < 1_000 else { return "a message is empty or endless" }
    let disturbs = text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }
    return disturbs ? "a message has a control character" : nil
  }
}

/// Correct schedules of a program, by a random walk.
struct ScheduleMaker {
  let machine: Machine

  init(_ program: Program) { machine = Machine(program) }

  func text(_ random: inout RandomSource) -> String {
    guard case .success(let count) = machine.initialStateCount, count > 0 else { return "" }
    var effects = StepEffects(for: machine.program)
    var buffer = Array(repeating: 0, count: machine.layout.bufferWidth)
    var state = buffer.mutableSpan
    var schedule = Schedule(initialState: random.below(min(count, 1 << 20)))
    var outcome = machine.makeInitialState(schedule.initialState, in: &state, effects: &effects)
    for _ in 0..<(1 + random.below(60)) where outcome == .completed {
      var enabled: [(thread: Int, choices: Int)] = []
      for thread in 0..<machine.threadCount {
        let choices = machine.choices(of: thread, in: &state)
        if choices > 0 { enabled.append((thread, choices)) }
      }
      guard !enabled.isEmpty else { break }
      let next = random.pick(enabled)
      let step = Schedule.Step(ThreadID(next.thread), choice: random.below(next.choices))
      schedule.steps.append(step)
      outcome = machine.apply(next.thread, choice: step.choice, to: &state, effects: &effects)
    }
    if !schedule.steps.isEmpty, random.chance(15) {
      schedule.loopStart = random.below(schedule.steps.count)
    }
    return schedule.text(in: machine.program)
  }
}
