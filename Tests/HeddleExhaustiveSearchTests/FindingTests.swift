import HeddleChecking
import HeddleExhaustiveSearch
import Testing

/// What is reported for small scenarios whose findings were worked out by hand.
@Suite struct `Findings` {
  @Test func `a lost update takes its data race and its failing assertion with it`() throws {
    let text = """
      shared x = 0
      thread t * 2 { x += 1 }
      finally { assert x == 2 }
      """
    #expect(try findings(text) == ["lost-update x"])
  }

  @Test func `an assertion that also fails without a lost update stands by itself`() throws {
    let text = """
      shared x = 0
      thread t * 2 { x += 1 }
      finally { assert x == 3 }
      """
    #expect(try findings(text) == ["lost-update x", "assertion line 3"])
  }

  @Test func `a compare-and-set in one atomic step loses no update`() throws {
    let text = """
      atomic shared x = 0
      thread t * 2 {
          let old = x
          atomic { if x == old { x = old + 1 } }
      }
      """
    #expect(try findings(text) == [])
  }

  @Test func `reading again into another local does not make the old value fresh`() throws {
    let text = """
      atomic shared x = 0
      thread reader { let a = x; let b = x; x = a + 1 }
      thread writer { x = 5 }
      """
    #expect(try findings(text) == ["lost-update x"])
  }

  @Test func `what was read from one element is gone when another, far away in the array, is read`()
    throws
  {
    let text = """
      atomic shared a = [0; 64]
      thread reader {
          var value = 0
          for i in 0..<2 { value = a[i * 40] }
          a[0] = value
      }
      thread writer { a[0] = 1 }
      """
    #expect(try findings(text) == [])
    #expect(try findings(text.replacing("i * 40", with: "40 - i * 40")) == ["lost-update a"])
    // Within one step nothing else forgets what is not needed any more.
    let block = """
      atomic shared a = [0; 64]
      thread reader {
          var value = 0
          atomic { value = a[0]; value = a[40] }
          a[0] = value
      }
      thread writer { a[0] = 1 }
      """
    #expect(try findings(block) == [])
  }

  @Test func `elements of an array race only with themselves`() throws {
    #expect(
      try findings("shared a: [Int] = [0; 2]\nthread t * 2 { a[self.index] = 1 }") == []
    )
    #expect(
      try findings("shared a: [Int] = [0; 2]\nthread t * 2 { a[1] = 1 }") == ["data-race a"]
    )
  }

  /// Uses of an index `i` of something that has two elements.
  static let indexed = [
    "shared a = [7; 2]\nthread t { INDEX; let x = a[i] }",
    "shared a = [7; 2]\nthread t { INDEX; a[i] = 1 }",
    "thread t { INDEX; let a = [3, 4]; let x = a[i]; print x }",
    "thread t { INDEX; var a = [3, 4]; a[i] = 1; print a[0] }",
    "thread t { var a: [Int] = [3; 2]\n run { INDEX; let x = a[i] } }",
    "thread t { var a: [Int] = [3; 2]\n run { INDEX; a[i] = 1 } }",
    "lock a[2]\nthread t { INDEX; with a[i] { } }",
    "queue a[2]\nthread t { INDEX; a[i].put(1); let x = a[i].get() }",
    "event a[2]\nthread t { INDEX; a[i].set() }",
  ]

  @Test(arguments: indexed, [-1, 0, 1, 2])
  func `an index is one of those that there are`(text: String, index: Int) throws {
    // Not known before the run.
    let chosen = "var i = any \(index)...\(index)"
    let kinds = try findings(text.replacing("INDEX", with: chosen)).map { $0.prefix(6) }
    let isMisuse = kinds.contains("misuse")
    #expect(isMisuse == !(0..<2).contains(index))
  }

  @Test func `two atomic blocks do not race, a block and a plain read do`() throws {
    #expect(try findings("shared x = 0\nthread t * 2 { atomic { x = 1 } }") == [])
    #expect(
      try findings("shared x = 0\nthread a { atomic { x = 1 } }\nthread b { let n = x }")
        == ["data-race x"]
    )
  }

  @Test func `a deadlock is told by its cycle`() throws {
    let text = """
      lock a
      lock b
      thread one { with a { with b { } } }
      thread two { with b { with a { } } }
      thread victim { with a { } }
      """
    #expect(try findings(text) == ["deadlock one, two"])
  }

  @Test func `a partial deadlock is one that others outlive for ever`() throws {
    let text = """
      lock a
      lock b
      thread one { with a { with b { } } }
      thread two { with b { with a { } } }
      daemon thread clock may outlive main { loop { sleep 1 } }
      """
    #expect(try findings(text) == ["blocked-forever one", "blocked-forever two"])
  }

  @Test func `nobody is blocked for ever who waits for what another may still do`() throws {
    let text = """
      event e
      thread waiter { e.wait() }
      thread chooser { loop { choose { sleep 1 } or { e.set(); break } } }
      """
    #expect(try findings(text) == ["never-terminates waiter", "never-terminates chooser"])
  }

  @Test
  func `spinning on a flag that will be set ends under strong and weak fairness, not without`()
    throws
  {
    let text = """
      atomic shared flag = false
      thread spinner { while !flag { } }
      thread setter { flag = true }
      """
    #expect(try findings(text) == [])
    #expect(try findings(text, fairness: .weak) == [])
    // Without fairness the setter need not get its turn.
    #expect(
      try findings(text, fairness: .none)
        == ["never-terminates spinner", "never-terminates setter"]
    )
  }

  @Test func `a thread may starve under weak fairness where strong fairness lets it in`() throws {
    let text = """
      lock l
      daemon thread hog may outlive main { loop { with l { } } }
      thread guest { with l { } }
      """
    #expect(try findings(text) == [])
    #expect(try findings(text, fairness: .weak) == ["never-terminates guest"])
  }

  @Test func `a daemon is judged on after main, unless it may outlive it`() throws {
    let body = "thread background { loop { sleep 1 } }\nmain { start background; sleep 3 }"
    #expect(try findings("daemon " + body) == ["never-terminates background"])
    let accepted = body.replacing("background {", with: "background may outlive main {")
    #expect(try findings("daemon " + accepted) == [])
  }

  @Test func `joining an endless daemon is being blocked, joining an endless thread is its fault`()
    throws
  {
    let text = "thread w { loop { sleep 1 } }\nmain { let t = start w; join t }"
    #expect(try findings(text) == ["never-terminates w"])
    #expect(try findings("daemon " + text) == ["blocked-forever main"])
  }

  @Test func `a daemon that waits for what nobody does is blocked, one in a section is killed`()
    throws
  {
    #expect(
      try findings(
        """
        queue tasks
        daemon thread worker { loop { let task = tasks.get() } }
        main { start worker; tasks.put(1) }
        """
      ) == ["daemon-blocked worker", "leak tasks"]
    )
    #expect(
      try findings(
        """
        lock l
        daemon thread worker { with l { sleep 1 } }
        main { start worker; sleep 1 }
        """
      ) == ["daemon-killed worker"]
    )
  }

  @Test func `a thread that ends with a lock, and one that is never joined, leak`() throws {
    #expect(
      try findings("lock l\nthread t { l.acquire() }\nmain { start t }") == ["leak l", "leak t"]
    )
  }

  @Test func `statements that no run reaches are vacuous, the outermost only`() throws {
    #expect(
      try findings("thread t {\n  if 1 > 2 {\n    sleep 1\n    sleep 2\n  }\n}")
        == ["vacuous line 3", "vacuous line 4"]
    )
    #expect(
      try findings("thread t {\n  let n = any 0...1\n  assume n > 1\n}") == ["vacuous line 3"]
    )
  }

  // The counterexamples to reductions that are wrong; the plain search must get them right first.

  @Test func `an invariant is checked in every state in between`() throws {
    let text = """
      atomic shared x = 0
      atomic shared y = 0
      thread one { x = 1; x = 0 }
      thread two { y = 1; y = 0 }
      invariant x + y <= 1
      """
    #expect(try findings(text) == ["invariant line 5"])
    #expect(try answer(text).statistics.states == 9)
  }

  @Test func `an error in one thread does not hide that of another`() throws {
    let text = """
      shared u = 0
      shared v = 0
      thread one { let a = u; assert a > 0 }
      thread two { let b = v; assert b > 0 }
      """
    #expect(try findings(text) == ["assertion line 3", "assertion line 4"])
  }

  @Test func `a thread that loops does not keep another from being tried`() throws {
    let text = """
      shared x = 0
      daemon thread one may outlive main { while true { sleep 1 } }
      thread two { x = 1; assert x == 2 }
      """
    #expect(try findings(text) == ["assertion line 3"])
  }

  @Test func `trying a lock sees that somebody has it`() throws {
    let text = """
      lock l
      thread one { with l { } }
      thread two {
          if l.acquire(blocking: false) { l.release() } else { assert false }
      }
      """
    #expect(try findings(text) == ["assertion line 4"])
  }
}
