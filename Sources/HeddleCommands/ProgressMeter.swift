import HeddleChecking
import HeddleDiagnostics
import Synchronization

/// Shows on standard error how far a search is, and carries the limits of time, memory and patience into it.
///
/// On a terminal it is one line that rewrites itself, from half a second on; elsewhere a line every 30 seconds. If progress
/// was asked for, the first line comes at once, and elsewhere one every second.
final class ProgressMeter: Sendable {
  /// When something is shown.
  struct Rhythm: Equatable {
    /// How long a search runs before the first line.
    var delay: Duration
    /// The time between two lines.
    var interval: Duration
    /// Whether one line is rewritten.
    var rewrites: Bool

    /// The rhythm for what watches and what was asked for; `nil` for none.
    init?(isTerminal: Bool, wanted: Bool?) {
      guard wanted != false else { return nil }
      rewrites = isTerminal
      interval = isTerminal ? .milliseconds(100) : wanted == true ? .seconds(1) : .seconds(30)
      delay = wanted == true ? .zero : isTerminal ? .milliseconds(500) : .seconds(30)
    }
  }

  private struct State {
    var nextLine: Duration
    var lineWidth = 0
    var trend = FrontierTrend()
    var memory: MemoryWatch?
  }

  private let name: String
  private let start: Duration
  private let timeLimit: Duration?
  private let rhythm: Rhythm?
  private let surroundings: Surroundings
  private let state: Mutex<State>

  /// Starts the clock for one scenario.
  init(
    name: String,
    secondsLimit: Double?,
    watchesMemory: Bool,
    rhythm: Rhythm?,
    _ surroundings: Surroundings
  ) {
    self.name = name
    self.rhythm = rhythm
    self.surroundings = surroundings
    start = surroundings.now()
    // More than three hundred years are as good as no limit.
    timeLimit = secondsLimit.flatMap { $0 < 1e10 ? .seconds($0) : nil }
    let memory = watchesMemory ? MemoryWatch(surroundings.memoryLeft) : nil
    state = Mutex(State(nextLine: rhythm?.delay ?? .zero, memory: memory))
  }

  /// The time since the start.
  var elapsed: Duration { surroundings.now() - start }

  /// What the engine talks to.
  var supervisor: Supervisor { Supervisor { self.hear($0) } }

  private func hear(_ progress: Progress) -> Supervisor.Answer {
    if surroundings.interruption.isRequested() { return .interrupted }
    let elapsed = elapsed
    if let rhythm {
      state.withLock { state in
        guard elapsed >= state.nextLine else { return }
        state.nextLine = elapsed + rhythm.interval
        show(progress, elapsed, rewrites: rhythm.rewrites, &state)
      }
    }
    if let timeLimit, elapsed >= timeLimit { return .outOfTime }
    let isShort = state.withLock { $0.memory?.isShort(progress.memoryBytes, at: elapsed) ?? false }
    return isShort ? .outOfMemory : .goOn
  }

  private func show(
    _ progress: Progress,
    _ elapsed: Duration,
    rewrites: Bool,
    _ state: inout State
  ) {
    let trend = state.trend.hear(progress.frontier, at: elapsed)
    let line = ProgressLine(name: name, progress: progress, trend: trend, elapsed: elapsed)
    guard rewrites else { return surroundings.note(line.text) }
    let shown = line.text(columns: (surroundings.columns ?? 80) - 1)
    let blanks = String(repeating: " ", count: max(0, state.lineWidth - shown.count))
    surroundings.notes("\r" + shown + blanks)
    state.lineWidth = shown.count
  }

  /// Takes the rewritten line away.
  func finish() {
    state.withLock { state in
      guard state.lineWidth > 0 else { return }
      surroundings.notes("\r" + String(repeating: " ", count: state.lineWidth) + "\r")
      state.lineWidth = 0
    }
  }
}

/// `bank: searching  1 200 000 states  850 000/s  frontier 31 000 falling  depth 42  310 MiB  12 s`.
struct ProgressLine {
  let name: String
  let progress: Progress
  let trend: FrontierTrend.Direction?
  let elapsed: Duration

  var text: String { ([name + ":", activity] + parts(grouped)).joined(separator: "  ") }

  /// The same in so many columns: with round numbers where it is too long, and as much of the name as there is room for.
  func text(columns: Int) -> String {
    if text.count <= columns { return text }
    var parts = parts(rounded)
    if progress.phase != .searching { parts.insert(activity, at: 0) }
    let rest = parts.joined(separator: "  ")
    let room = columns - rest.count - 3
    let head =
      name.count <= room ? name + ":  " : room > 1 ? String(name.prefix(room - 1)) + "…:  " : ""
    return String((head + rest).prefix(columns))
  }

  private func parts(_ grouped: (Int) -> String) -> [String] {
    let seconds = elapsed / .seconds(1)
    var parts = ["\(grouped(progress.states)) states"]
    if progress.phase == .searching {
      if seconds > 0 { parts.append("\(grouped(Int(Double(progress.states) / seconds)))/s") }
      let direction = trend.map { " \($0.rawValue)" } ?? ""
      parts.append("frontier \(grouped(progress.frontier))\(direction)")
      parts.append("depth \(grouped(progress.depth))")
    }
    parts.append("\(grouped(progress.memoryBytes >> 20)) MiB")
    if progress.findings > 0 { parts.append("\(progress.findings) found") }
    parts.append("\(Int(seconds)) s")
    return parts
  }

  private var activity: String {
    switch progress.phase {
    case .preparing: "preparing"
    case .searching: "searching"
    case .judgingCycles: "judging cycles"
    case .countingOrders: "counting orders"
    case .weighingOrders: "weighing orders"
    case .surveying: "surveying"
    case .shorteningTraces: "shortening orders"
    }
  }

  /// The number in thousands or millions, where it is as large: `31 k`, `1.2 M`.
  private func rounded(_ number: Int) -> String {
    if number < 10_000 { return grouped(number) }
    if number < 1_000_000 { return "\(number / 1_000) k" }
    let tenths = number / 100_000
    return tenths < 1_000 ? "\(tenths / 10).\(tenths % 10) M" : "\(grouped(tenths / 10)) M"
  }

  private func grouped(_ number: Int) -> String { String(number).groupedDigits() }
}
