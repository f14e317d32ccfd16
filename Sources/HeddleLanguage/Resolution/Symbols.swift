import HeddleDiagnostics
import HeddleProgram

/// The number of a thread declaration in ``ResolvedScenario/threads``; `main` is one of them.
struct ThreadSymbolID: Hashable {
  let index: Int
}

/// The number of a body that is called or run in ``ResolvedScenario/functions``.
struct FunctionID: Hashable {
  let index: Int
}

/// The number of a local variable or parameter in ``ResolvedScenario/locals``.
struct LocalID: Hashable {
  let index: Int
}

/// The number of a declared lock, queue and so on in ``ResolvedScenario/objects``.
struct ObjectSymbolID: Hashable {
  let index: Int
}

/// What a name at the top level stands for.
enum GlobalSymbol {
  case constant(Int)
  case variable(VariableID)
  case object(ObjectSymbolID)
  case thread(ThreadSymbolID)
  case function(FunctionID)
}

/// Whether a place holds one value or several.
enum Shape: Equatable {
  case scalar
  /// `nil` for an array parameter, whose length each call decides.
  case array(length: Int?)
}

/// A shared variable or a field.
struct VariableSymbol {
  /// A field's is `Worker.handled`.
  var name: String
  /// Without the declaration that it is a field of.
  var shortName: String
  var span: SourceSpan
  var isAtomic: Bool
  /// The declaration that it is a field of.
  var owner: ThreadSymbolID?
  var shape: Shape
  /// The type of one element.
  var type: TypeNode
  var initial: InitialValue
}

/// What a shared variable or field holds at the start.
enum InitialValue {
  /// One encoded value for each element of one copy.
  case values([Int])
  case anyOf(lower: Int, upper: Int)
  case anyInteger

  /// The number of elements.
  var count: Int {
    if case .values(let values) = self { values.count } else { 1 }
  }
}

/// A lock, queue and so on, or an array of them.
struct ObjectSymbol {
  enum Kind {
    case lock
    case rlock
    case event
    case semaphore(initial: Int, isBounded: Bool)
    case barrier(parties: Int)
    /// The locks that the elements wait with; `nil` if each has one of its own.
    case condition(lock: ObjectSymbolID?, isFIFO: Bool)
    case queue(order: SyncObject.QueueOrder, capacity: Int?, items: TypeNode)
  }

  var name: String
  var span: SourceSpan
  var kind: Kind
  /// The length if it is an array.
  var length: Int?

  /// The number of objects.
  var count: Int { length ?? 1 }

  /// What it is called in messages, for example `bounded semaphore`.
  var kindName: String {
    switch kind {
    case .lock: "lock"
    case .rlock: "rlock"
    case .event: "event"
    case .semaphore: "semaphore"
    case .barrier: "barrier"
    case .condition: "condition"
    case .queue: "queue"
    }
  }
}

/// A thread declaration, or the `main` block.
struct ThreadSymbol {
  var name: String
  var span: SourceSpan
  var isMain = false
  var isDaemon = false
  var mayOutliveMain = false
  var base: ThreadSymbolID?
  /// `* n`, if it is written.
  var declaredCount: Int?
  var countSpan: SourceSpan?
  /// The parameter that says how many there are, if `n` stands for every number; with a `main`, that by which it starts them.
  var countParameter: Int?
  /// The parameter in the declaration, if it is one.
  var declaredParameter: Int?
  /// Whether some `start` of it, in code that runs or not, has a count of its own.
  var isStartedOtherwise = false
  var parameters: [LocalID] = []
  /// The own methods and, under `run`, what the thread does.
  var methods: [String: FunctionID] = [:]
  /// The own fields by their short names.
  var fields: [String: VariableID] = [:]
}

/// A function, a method, or a block that runs by itself: `main`, `finally`, what a thread does.
struct FunctionSymbol {
  /// For messages and the statement table: `swap`, `Worker.step`, `main`.
  var name: String
  var span: SourceSpan
  /// The declaration whose method it is.
  var owner: ThreadSymbolID?
  /// The name under which derived threads can override it.
  var methodName: String?
  var parameters: [LocalID] = []
  /// Whether some `return` in it has a value.
  var returnsValue = false
  /// The type of the value that it returns.
  var result: TypeNode
  var body: [ResolvedStatement] = []
  /// What the code of an empty body belongs to.
  var placeholder: StatementNumber?
}

/// A local variable or a parameter.
struct LocalSymbol {
  enum Role { case letBinding, variable, parameter, loopVariable }

  var name: String
  var span: SourceSpan
  var role: Role
  var shape: Shape
  /// The type, for an array that of one element.
  var type: TypeNode
  /// Whether it is certain never to be the one integer that stands for `none`.
  var isNeverMinimum = false
  /// The declaration of the threads that it holds, if there is any number of them.
  var team: ThreadSymbolID?

  /// Whether it can be assigned to.
  var isMutable: Bool { role == .variable }
}
