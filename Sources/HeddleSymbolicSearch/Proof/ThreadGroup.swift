import HeddleProgram
import HeddleSemantics
import HeddleSolver

/// Threads that are not told apart, with the control points they can stand at and the steps between these.
///
/// Of a group of one thread, registers may hold any values; of a larger group only the numbers of threads at each point are known
/// (a counter abstraction: German and Sistla, "Reasoning about systems with many processes", JACM 39, 1992).
struct ThreadGroup {
  let threads: Range<Int>
  let type: Int
  /// How many threads there are: a known number, or any.
  let size: IntegerTerm
  /// Whether threads are counted.
  let isCounted: Bool
  private(set) var points: [ControlPoint] = []
  private(set) var steps: [ControlStep] = []
  /// The beginnings of steps in which an assumption or a failure ends the run.
  private(set) var abandoned: [ControlStep] = []
  private(set) var failures: [StepFailure] = []
  /// By register, of a single thread: its value where it is open.
  private(set) var registers: [Int: IntegerTerm] = [:]

  /// The points of one instruction that differ by known values; beyond, some of these are no longer told apart.
  private static let maximumVariants = 40
  /// The points of a group.
  private static let maximumPoints = 600

  init(threads: Range<Int>, type: Int, size: IntegerTerm, isCounted: Bool) {
    self.threads = threads
    self.type = type
    self.size = size
    self.isCounted = isCounted
  }

  /// All that is done in steps, whether they are finished or not.
  var attempts: [ControlStep] { steps + abandoned }

  /// The number of the point at which all threads are at first.
  var start: Int { 0 }

  /// The number of the point at which a thread is as soon as somebody has started it.
  static let entry = 1

  func number(of place: ControlPoint.Place) -> Int? { points.firstIndex { $0.place == place } }

  /// The points at which the thread has ended.
  var ends: [Int] { points.indices.filter { points[$0].place == .ended } }

  /// Whether some steps can be repeated for ever.
  var isCyclic: Bool {
    var remaining = points.map { _ in 0 }
    for step in steps { remaining[step.to] += 1 }
    var ready = points.indices.filter { remaining[$0] == 0 }
    var removed = 0
    while let point = ready.popLast() {
      removed += 1
      for step in steps where step.from == point {
        remaining[step.to] -= 1
        if remaining[step.to] == 0 { ready.append(step.to) }
      }
    }
    return removed < points.count
  }

  /// A field is another variable for each thread, so that one of them cannot stand for all.
  private func usesFields(_ outcome: SectionWalker.Outcome, _ encoder: Encoder) -> Bool {
    (outcome.steps.map(\.step) + outcome.abandoned).contains { step in
      step.accesses.contains { encoder.program.variables[encoder.variableOfSlot[$0.slot]].isField }
    }
  }

  // MARK: Exploration

  /// Finds all points and steps; `isRunning` is whether the threads run at the beginning, and an argument is `nil` if its value is not known.
  mutating func explore(
    _ encoder: Encoder,
    isRunning: Bool,
    arguments: [Int?],
    makeWalker: (_ thread: Int, _ widened: Set<Int>) -> SectionWalker
  ) throws(Unprovable) {
    var widened: Set<Int> = []
    while true {
      let walker = makeWalker(threads.lowerBound, widened)
      guard let more = try explore(encoder, walker, isRunning, arguments) else { return }
      widened.formUnion(more)
    }
  }

  /// Explores once; the result is registers whose values must not be told apart, if there are too many.
  private mutating func explore(
    _ encoder: Encoder,
    _ walker: SectionWalker,
    _ isRunning: Bool,
    _ arguments: [Int?]
  ) throws(Unprovable) -> Set<Int>? {
    let declaration = encoder.program.threadTypes[type]
    (points, steps, abandoned, failures) = ([], [], [], [])
    var numbers: [ControlPoint: Int] = [:]
    var variants: [Int: [Int]] = [:]
    func add(_ point: ControlPoint) -> Int {
      if let number = numbers[point] { return number }
      numbers[point] = points.count
      points.append(point)
      if case .before(let position) = point.place {
        variants[position, default: []].append(points.count - 1)
      }
      return points.count - 1
    }
    var entry = ControlPoint(place: .before(declaration.entry.index))
    for register in 0..<declaration.registerCount
    where walker.flow.isLive(Register(register), at: declaration.entry) {
      let value = arguments.indices.contains(register) ? arguments[register] : 0
      if let value, !walker.widened.contains(register) {
        entry.known[register] = value
      } else {
        entry.open.append(register)
      }
    }
    if !isRunning { _ = add(ControlPoint(place: .unstarted)) }
    _ = add(entry)
    var next = 0
    while next < points.count {
      guard points.count <= Self.maximumPoints else {
        throw Unprovable(reason: "a thread of `\(declaration.name)` has too many places to be in")
      }
      let point = points[next]
      if case .before(let position) = point.place,
        let alike = variants[position], alike.count > Self.maximumVariants
      {
        let changing = point.known.keys.sorted().filter { register in
          Set(alike.map { points[$0].known[register] }).count > Self.maximumVariants / 4
        }
        guard !changing.isEmpty else {
          throw Unprovable(reason: "a thread of `\(declaration.name)` has too many places to be in")
        }
        return Set(changing)
      }
      for register in point.open {
        guard !isCounted else {
          throw Unprovable(
            reason: "the threads of `\(declaration.name)` keep values of their own between steps",
            needsEachThread: true
          )
        }
        if registers[register] == nil {
          registers[register] = encoder.boundedVariable(from: Int.min, through: Int.max)
        }
      }
      let outcome = try walker.outcome(from: point, number: next, registers)
      if isCounted, usesFields(outcome, encoder) {
        throw Unprovable(reason: "interchangeable threads have fields", needsEachThread: true)
      }
      failures += outcome.failures
      abandoned += outcome.abandoned
      for (step, target) in outcome.steps {
        var step = step
        step.to = add(target)
        steps.append(step)
      }
      next += 1
    }
    return nil
  }
}
