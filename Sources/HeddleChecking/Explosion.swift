import HeddleDiagnostics
public import HeddleProgram
import HeddleSemantics

/// What makes the states of a search so many, as far as a sample of them tells.
public struct Explosion: Sendable, Equatable {
  /// A part of the state.
  public enum Subject: Sendable, Hashable {
    /// A shared variable, with what threads have computed from it.
    case variable(VariableID)
    /// The objects of one declaration, by the first of them, with what threads took out of them.
    case object(ObjectID)
    /// A local of a thread declaration, by a statement that writes it; `nil` for a parameter.
    case local(ThreadTypeID, StatementID?)
    /// Which reads are remembered, to find lost updates.
    case rememberedReads
    /// Where the threads of a declaration stand.
    case positions(ThreadTypeID)
  }

  /// How much of the states is due to one part alone.
  public struct Difference: Sendable, Equatable {
    /// The part.
    public var subject: Subject
    /// The share of the sampled states that would be no states of their own without it, from 0 to 1.
    public var share: Double

    /// Creates a difference.
    public init(subject: Subject, share: Double) {
      self.subject = subject
      self.share = share
    }
  }

  /// A number that becomes larger and larger, or smaller and smaller, along the orders of a sample.
  public struct Growth: Sendable, Equatable {
    /// The part that holds it.
    public var subject: Subject
    /// A statement that changes it, inside ``loop``.
    public var statement: StatementID
    /// The loop.
    public var loop: StatementID
    /// Whether nothing in the loop leads out of it.
    public var isEndless: Bool
    /// The value at the start.
    public var from: Int
    /// The value that was reached.
    public var to: Int

    /// Creates a growth.
    public init(
      subject: Subject,
      statement: StatementID,
      loop: StatementID,
      isEndless: Bool,
      from: Int,
      to: Int
    ) {
      self.subject = subject
      self.statement = statement
      self.loop = loop
      self.isEndless = isEndless
      self.from = from
      self.to = to
    }
  }

  /// How many states were compared: the first ones, by number of steps.
  public var sampledStates: Int
  /// The parts to blame, the largest share first; at most three.
  public var differences: [Difference]
  /// The numbers that keep changing; at most two.
  public var growths: [Growth]

  /// Creates a finding about a search.
  public init(sampledStates: Int, differences: [Difference], growths: [Growth]) {
    self.sampledStates = sampledStates
    self.differences = differences
    self.growths = growths
  }
}

extension Explosion {
  /// The causes as sentences without full stops, the most telling first.
  public func sentences(in program: Program) -> [String] {
    causes.map { cause in
      switch cause {
      case .growth(let growth):
        let verb = growth.to > growth.from ? "grows" : "falls"
        let bound = growth.isEndless ? " without bound" : ""
        return "\(Self.name(of: growth.subject, program)) \(verb)\(bound) in the loop at line "
          + "\(program.line(of: growth.loop)): from \(String(growth.from).groupedDigits()) "
          + "to \(String(growth.to).groupedDigits()) so far"
      case .difference(let difference):
        let percent = Int((difference.share * 100).rounded(.down))
        return "\(percent) % of the states differ from another one only in "
          + Self.name(of: difference.subject, program)
      }
    }
  }

  /// What to do about the first cause; `nil` if there is none.
  public func advice(in program: Program) -> String? {
    switch causes.first {
    case nil: return nil
    case .growth(let growth):
      let line = program.line(of: growth.loop)
      guard growth.isEndless else { return "let the loop at line \(line) go fewer rounds" }
      return "let \(Self.name(of: growth.subject, program)) stop somewhere: give the loop at line "
        + "\(line) a last round, or count modulo a small number"
    case .difference(let difference): return Self.advice(about: difference.subject, program)
    }
  }

  private enum Cause {
    case growth(Growth)
    case difference(Difference)
  }

  /// What has no end is the first to blame; what merely takes many rounds comes after the data that does so much, and before the orders themselves.
  private var causes: [Cause] {
    let data = differences.filter { if case .positions = $0.subject { false } else { true } }
    let orders = differences.filter { if case .positions = $0.subject { true } else { false } }
    return growths.filter(\.isEndless).map { .growth($0) } + data.map { .difference($0) }
      + growths.filter { !$0.isEndless }.map { .growth($0) } + orders.map { .difference($0) }
  }

  private static func advice(about subject: Subject, _ program: Program) -> String {
    let name = name(of: subject, program)
    switch subject {
    case .variable:
      return "leave \(name) out if no claim depends on it, or keep less in it"
    case .object(let object):
      if case .queue(_, let capacity, _, _, _) = program.objects[object.index].kind {
        return capacity == nil
          ? "bound the queue with `capacity:`, or put fewer or fewer different items"
          : "put fewer or fewer different items, or make the queue shorter"
      }
      return "use fewer of \(name)"
    case .local: return "let \(name) take fewer values, or lose it as soon as it is not needed"
    case .rememberedReads:
      return "let threads read a variable right before they write it, or in one `atomic` step"
    case .positions(let type):
      return "start fewer \(code(program.threadTypes[type.index].name)) threads, or give them "
        + "fewer steps: only what another thread can notice has to be a step"
    }
  }

  /// The part as a noun phrase with code in backquotes.
  public static func name(of subject: Subject, _ program: Program) -> String {
    switch subject {
    case .variable(let variable): return code(program.variables[variable.index].name)
    case .object(let object): return code(program.objects[object.index].declaredName)
    case .local(let type, let statement):
      let owner = code(program.threadTypes[type.index].name)
      guard let statement else { return "the arguments of \(owner)" }
      return "a local of \(owner) (line \(program.line(of: statement)))"
    case .rememberedReads: return "which reads have become stale"
    case .positions(let type):
      let declaration = program.threadTypes[type.index]
      return declaration.instanceCount == 1
        ? "where \(code(declaration.name)) stands"
        : "where the \(declaration.instanceCount) \(code(declaration.name)) threads stand"
    }
  }
}
