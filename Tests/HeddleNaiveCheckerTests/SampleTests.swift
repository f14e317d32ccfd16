import BigInt
import HeddleDiagnostics
import HeddleLanguage
import HeddleNaiveChecker
import HeddleProgram
import Testing

/// Loads a scenario that must be correct.
func load(
  _ text: String,
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws
  -> Program
{
  let outcome = Frontend.load(SourceFile(name: "test.heddle", text: text))
  for diagnostic in outcome.diagnostics where diagnostic.severity == .error {
    Issue.record("\(diagnostic.message)", sourceLocation: sourceLocation)
  }
  return try #require(outcome.program, sourceLocation: sourceLocation)
}

@Suite struct `The naive checker on the samples of the language` {
  @Test(
    arguments: [
      (2, false, 6), (3, false, 90), (4, false, 2520), (2, true, 2), (3, true, 6), (5, true, 120),
    ]
  )
  func `counts the orders of deposits`(threads: Int, isLocked: Bool, orders: Int) throws {
    let update =
      isLocked
      ? "with guard { balance += 100 }" : "let current = balance; balance = current + 100"
    let program = try load(
      """
      shared balance = 0
      \(isLocked ? "lock guard" : "")
      thread deposit * \(threads) { \(update) }
      finally { assert balance == 100 * \(threads) }
      expect \(isLocked ? "pass" : "lost-update on balance")
      """
    )
    let result = NaiveChecker(program: program).check()
    #expect(result.orders == BigInt(orders))
    #expect(result.meets(program.expectations), "\(result.findings)")
  }

  static let samples = [
    """
    shared balance = 0
    thread deposit(amount) {
        let current = balance
        balance = current + amount
    }
    main {
        let first = start deposit(100)
        let second = start deposit(50)
        join first
        join second
        assert balance == 150, "every deposit counts"
    }
    expect lost-update on balance
    """,
    """
    queue tasks
    shared handled = 0
    lock tally
    thread worker * 2 {
        loop {
            let task = tasks.get()
            if task == none { break }
            with tally { handled += 1 }
            sleep 1
            tasks.task_done()
        }
    }
    main {
        let workers = start worker * 2
        for task in 0..<3 { tasks.put(task) }
        tasks.join()
        for _ in workers { tasks.put(none) }
        join workers
        assert handled == 3
    }
    expect pass
    """,
    """
    daemon thread background {
        while true {
            print "working"
            sleep 1
        }
    }
    main {
        start background
        sleep 3
        print "main exits"
    }
    expect never-terminates background
    """,
    """
    event stop
    daemon thread background {
        while !stop.is_set() { print "working"; sleep 1 }
    }
    main {
        let worker = start background
        sleep 3
        stop.set()
        join worker
    }
    expect pass
    """,
    """
    lock guard
    thread Worker(name) {
        var handled = 0
        func step() { handled += 1 }
        run {
            print "\\(name) starts"
            step()
        }
    }
    thread CarefulWorker(name): Worker(name) {
        override func step() { with guard { super.step() } }
    }
    main {
        let ada = start CarefulWorker("ada")
        let bob = start Worker("bob")
        join ada
        join bob
        assert ada.handled + bob.handled == 2
    }
    expect pass
    """,
    """
    const n = 4
    lock fork[n]
    thread philosopher * n {
        let left = self.index
        with fork[left] { with fork[(left + 1) % n] { } }
    }
    expect deadlock
    """,
    """
    lock mutex
    condition ready(mutex)
    shared item: Int? = none
    thread consumer {
        with mutex {
            while item == none { ready.wait() }
            item = none
        }
    }
    thread producer { with mutex { item = 7; ready.notify() } }
    expect pass
    """,
  ]

  @Test(arguments: samples)
  func `says what the sample expects`(text: String) throws {
    let program = try load(text)
    let result = NaiveChecker(program: program).check()
    #expect(result.meets(program.expectations), "\(result.verdict) \(result.findings)")
  }
}
