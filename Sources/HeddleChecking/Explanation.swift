/// A finding told to people: facts and sentences, without any layout.
///
/// Names of variables, locks and code stand in backquotes; a report may style or strip them.
public struct Explanation: Sendable, Equatable {
  /// What is wrong, for example "lost update on `balance`".
  public var title: String
  /// What happened, at most two sentences.
  public var story: String
  /// What a claim demands and what was there.
  public var expected: String?
  /// What was there instead.
  public var got: String?
  /// The variables worth a column of their own, by the names of ``Snapshot/variables``; at most three.
  public var watched: [String] = []
  /// For deadlocks and threads that wait for ever: who waits for whom.
  public var waiting: WaitingPicture?
  /// For endless runs: what to say about the loop.
  public var loop: LoopNotes?
  /// The cause in one sentence.
  public var why: String
  /// The way out in one or two sentences.
  public var advice: String

  /// Creates an explanation without pictures.
  public init(title: String, story: String, why: String, advice: String) {
    self.title = title
    self.story = story
    self.why = why
    self.advice = advice
  }
}

/// Who waits for whom when nothing moves.
public struct WaitingPicture: Sendable, Equatable {
  /// One blocked thread.
  public struct Row: Sendable, Equatable {
    /// The thread's name.
    public var thread: String
    /// The locks it holds.
    public var holds: [String]
    /// By held lock: the step at which it got it.
    public var since: [Int]
    /// What it waits for.
    public var waitsFor: String
    /// The line at which it stands.
    public var line: Int
    /// Whether it is not part of a cycle, but waits for one or for something that nobody does any more.
    public var isVictim: Bool
  }

  /// The threads of a cycle in order, each with what it waits for that the next one holds; empty if there is no cycle.
  public var cycle: [Link]
  /// All blocked threads, those of the cycle first.
  public var rows: [Row]

  /// One arrow of the cycle.
  public struct Link: Sendable, Equatable {
    /// The waiting thread.
    public var thread: String
    /// What it waits for: a lock's name, or `deposit#1 to end`.
    public var waitsFor: String
    /// The thread that has it.
    public var holder: String
  }
}

/// What to say about an endless run.
public struct LoopNotes: Sendable, Equatable {
  /// What the thread loops on or waits for.
  public var cause: String
  /// The fairness that was assumed, in words.
  public var fairness: String
  /// What CPython would do at the end of `main`; `nil` for non-daemon threads.
  public var atExit: String?
  /// How to accept it on purpose.
  public var acceptance: String?
}
