/// A part of the language that a scenario uses or leaves out altogether.
enum Group: CaseIterable {
  case locks, lockArrays, rlocks, conditions, semaphores, events, barriers, queues, arrays, atomics,
    optionals, texts, choices, atomicBlocks, exceptions, loops, functions, classes, daemons, claims,
    initialAny, misuses, starting, handles, constants, arithmetic, types, localArrays, methods,
    spins
}

/// What the items of a queue are.
enum Items { case integers, truthValues, texts, handles }

/// A queue and how it may be used.
struct QueueScenery {
  var name: String
  var isBounded: Bool
  /// Whether `task_done` and `join` are used.
  var countsTasks: Bool
  /// What is put into it.
  var items = Items.integers
  /// Whether `none` is put into it.
  var hasSentinel: Bool
}

/// A condition and the text of its lock.
struct ConditionScenery {
  var name: String
  /// What to write after `with`.
  var lock: String
}

/// What the statements of a scenario can talk about.
struct Scenery {
  var groups: Set<Group> = []
  /// Integer variables.
  var integers: [String] = []
  /// Boolean variables.
  var flags: [String] = []
  /// `Int?` variables.
  var optionals: [String] = []
  /// Arrays of two integers.
  var arrays: [String] = []
  var texts: [String] = []
  /// Constants with the value 2.
  var constants: [String] = []
  /// What can be acquired and released, semaphores excepted.
  var locks: [String] = []
  var rlocks: [String] = []
  var semaphores: [String] = []
  var conditions: [ConditionScenery] = []
  var events: [String] = []
  /// Whether some statement may clear an event.
  var clearsEvents = false
  var barriers: [String] = []
  var queues: [QueueScenery] = []
  /// Functions of one integer: with a result, and without.
  var functions: [String] = []
  var procedures: [String] = []
  /// Procedures of one integer that neither wait nor choose.
  var quietProcedures: [String] = []
  /// Whether there is a shared `latest: Thread?`, which `main` sets.
  var hasSharedHandle = false
  var hasMain = false
  /// Without a `main`, the names of the single threads: their handles.
  var threadNames: [String] = []
  /// Without a `main`, the threads of many instances: their arrays of handles.
  var teamNames: [String] = []
  /// Without a `main`, the fields of all threads, with their owners: `alice.handled`.
  var foreignFields: [String] = []

  func has(_ group: Group) -> Bool { groups.contains(group) }

  var allLocks: [String] { locks + rlocks }
}

/// Where a statement is.
struct Place {
  /// Locals that hold an integer and, of these, those that can be assigned to.
  var integers: [String] = []
  var variables: [String] = []
  var booleans: [String] = []
  /// Handles of started threads that are still to be joined or asked about.
  var handles: [String] = []
  /// Arrays of two handles.
  var teams: [String] = []
  /// Fields of other threads, with their owners.
  var foreignFields: [String] = []
  /// Local arrays of two integers that can be assigned to.
  var lists: [String] = []
  /// Methods of the own class that can be called: those without a result, and those of one integer with one; and whether the class has the field `handled`.
  var methods: [String] = []
  var methodsWithResult: [String] = []
  var hasField = false
  var depth = 0
  /// In an atomic block nothing may block.
  var isAtomic = false
  /// In an endless loop nothing may grow.
  var mayGrow = true
  var isInLoop = false
  /// In a function `return` needs a value or none.
  var isInFunction = false
  /// Locks that are held, so that they are rarely taken twice.
  var held: [String] = []
}
