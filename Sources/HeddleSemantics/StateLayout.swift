import HeddleProgram

/// Where everything is in a state.
///
/// ### Layout
///     [ thread 0 | thread 1 | … ][ variables ][ objects ]              `width` words, the state
///     [ workspace for observers and guards ]                           up to `bufferWidth`, never stored
///
///     thread     control         0 not started, > 0 the instruction it stands at, -1 ended, -2 ended and joined
///                wait            condition or event it is registered at: object + 1; 0 none or woken; -1 timed out
///                depth           how often it held the rlock that a condition released
///                order           its turn in a first-come wait set, from 1
///                registers       0 while dead
///                taint           per tracked register `taintWords`; see ``TaintLayout``
///                taken           daemons only: per queue that counts tasks, items taken and not marked done
///     variable   its elements; the copies of a field one after another
///     lock       owner + 1        rlock  owner + 1, depth         semaphore  permits
///     event      0 or 1           barrier  state, arrived         queue  count, unfinished, items (0 past the count)
///
/// A slot that the program cannot need is left out; its offset is then -1.
public struct StateLayout: Sendable, Equatable {
  /// The offsets of one thread's words.
  public struct ThreadSlots: Sendable, Equatable {
    /// The control word.
    public var control = -1
    /// The wait word.
    public var wait = -1
    /// The saved rlock depth.
    public var depth = -1
    /// The turn in a wait set.
    public var order = -1
    /// The first register.
    public var registers = -1
    /// The number of registers.
    public var registerCount = 0
    /// The first taint word.
    public var taint = -1
    /// The first word of taken items.
    public var taken = -1
    /// One past the last word.
    public var end = -1
  }

  /// The offsets of one queue's words.
  public struct QueueSlots: Sendable, Equatable {
    /// The number of items.
    public var count: Int
    /// The number of unfinished tasks; -1 if nobody asks.
    public var unfinished: Int
    /// The first item.
    public var items: Int
    /// How many items fit.
    public var capacity: Int
  }

  /// By thread instance.
  public var threads: [ThreadSlots] = []
  /// By variable: the first element.
  public var variables: [Int] = []
  /// By object: the first word, -1 for a condition.
  public var objects: [Int] = []
  /// By object, for queues.
  public var queues: [QueueSlots?] = []
  /// The number of words of a state.
  public var width = 0
  /// The number of words of a buffer that the machine works on: the state and the workspace behind it.
  public var bufferWidth = 0
}

/// How a thread type remembers which values came from which reads.
///
/// ### Layout
/// Each tracked register has `wordsPerRegister` words. The tracked elements are numbered from 0; element `k` has in word
/// `k / 16` the bit `k % 16` for *fresh* (the value came from a read of it) and the bit `16 + k % 16` for *stale* (and
/// another thread has written the element since). Never both.
struct TaintLayout: Sendable, Equatable {
  static let perWord = 16
  private static let freshMask = (1 << perWord) - 1

  /// The word of an element among those of a register; divided as an unsigned number, which is one shift.
  @inline(__always)
  static func word(of element: Int) -> Int {
    Int(bitPattern: UInt(bitPattern: element) / UInt(perWord))
  }

  /// The bit that says that the value came from a read of the element.
  @inline(__always)
  static func freshBit(of element: Int) -> Int { 1 &<< (element & (perWord - 1)) }

  /// The bits without the fresh ones that a stale one subsumes.
  static func withoutSubsumed(_ bits: Int) -> Int { bits & ~(bits >> perWord & freshMask) }

  /// By register: its position among the tracked ones, or -1.
  var registerPositions: [Int] = []
  var trackedCount = 0
  var wordsPerRegister = 0
  /// By variable: the number of its first element, or -1.
  var firstElements: [Int] = []

  var isEmpty: Bool { trackedCount == 0 }
}
