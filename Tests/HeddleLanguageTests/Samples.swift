import HeddleDiagnostics

/// Valid scenarios that between them use every construct of the language.
///
/// They are laid out as the formatter lays them out, so that they are its test as well.
enum Samples {
  static let all: [(name: String, text: String)] = [
    ("lost update", lostUpdate),
    ("locked", locked),
    ("queue with workers", workers),
    ("endless daemon", endlessDaemon),
    ("stopped daemon", stoppedDaemon),
    ("subclass", subclass),
    ("philosophers", philosophers),
    ("condition", condition),
    ("declarations", declarations),
    ("statements", statements),
  ]

  static let names = all.map(\.name)

  static func source(_ name: String) -> SourceFile {
    SourceFile(name: name, text: all.first { $0.name == name }?.text ?? "")
  }

  static let lostUpdate = """
    shared balance = 0

    thread deposit(amount) {
        let current = balance            // reading a shared variable is one step
        balance = current + amount       // writing it is another
    }

    main {
        let first = start deposit(100)
        let second = start deposit(50)
        join first
        join second
        assert balance == 150, "every deposit counts"
    }

    expect lost-update on balance

    """

  static let locked = """
    const depositors = 10
    shared balance = 0
    lock guard

    thread deposit * depositors {
        with guard {
            balance += 100               // a read step, then a write step
        }
    }

    finally {
        assert balance == 100 * depositors
    }

    expect pass

    """

  static let workers = """
    queue tasks                          // unbounded FIFO; also: queue tasks(capacity: 2)
    shared handled = 0
    lock tally

    thread worker * 3 {
        loop {
            let task = tasks.get()       // blocks while the queue is empty
            if task == none { break }
            with tally { handled += 1 }
            sleep 1
            tasks.task_done()
        }
    }

    main {
        let workers = start worker * 3   // an array of three threads
        for task in 0..<5 { tasks.put(task) }
        tasks.join()                     // blocks until task_done was called for every item
        for _ in workers { tasks.put(none) }
        join workers
        assert handled == 5
    }

    """

  static let endlessDaemon = """
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

    """

  static let stoppedDaemon = """
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

    """

  static let subclass = """
    lock guard

    thread Worker(name) {
        var handled = 0                          // other threads read it as worker.handled
        func step() { handled += 1 }
        run {
            print "\\(name) starts"
            step()
        }
    }

    thread CarefulWorker(name): Worker(name) {
        override func step() { with guard { super.step() } }
    }

    """

  static let philosophers = """
    const n = 5                                  // heddle verify --set n=3 overrides it
    lock fork[n]                                 // an array of locks
    thread philosopher * n {
        let left = self.index                    // 0..<n
        with fork[left] { with fork[(left + 1) % n] { } }
    }
    expect deadlock

    """

  static let condition = """
    lock mutex
    condition ready(mutex)
    condition fair(mutex, order: fifo)
    shared item: Int? = none
    thread consumer {
        with mutex {
            while item == none { ready.wait() }
            if !ready.wait(timeout: 1) { return }
            item = none
        }
    }
    thread producer { with mutex { item = 7; ready.notify() } }

    """

  static let declarations = """
    rlock again                                  // re-entrant
    semaphore slots = 3
    bounded semaphore bounded = 3
    semaphore each[2] = 1
    barrier gate(3)
    barrier gates[2](3)
    condition own
    condition paired[2](locks)
    lock locks[2]
    event go
    queue lock                                   // words that matter in one place may be names
    queue small(capacity: 2)
    lifo queue stack
    priority queue urgent[3](capacity: 1 + 1)
    shared seen: [Int] = [0; 4]
    atomic shared flag = false
    shared opening = any Int
    shared start_value: Int? = any 0..<3
    shared names: [String] = ["a", "b\\n\\"\\\\"]
    shared text: [[Int]?] = []
    shared other = -9_223_372_036_854_775_808

    daemon thread logger may outlive main { }
    thread w(amount: Int, rest) * 2 + 1 { run() }
    thread Base {
        atomic var hits: [Int] = [0; 2]
        var plain = none
        func helper(a, b: Int?) { return a }
        run { helper(1, b: 2) }
    }
    daemon thread Derived(x): Base * 2 may outlive main {
        override run { super.run() }
    }

    /* a comment /* in a comment */
       over two lines */
    func swap(a, b) { let kept = seen[a]; seen[a] = seen[b]; seen[b] = kept }

    invariant other >= 0 && !flag, "holds in \\(every) state"
    allow data-race on hits
    expect inconclusive
    expect deadlock between alice,
        bob
    expect blocked-forever alice, bob
    expect lost-update on Worker.handled

    """

  static let statements = """
    thread t {
        let got = guard.acquire(timeout: 1)
        if got { guard.release() } else if !got { } else { return }
        let task = tasks.get(timeout: 1) else { return }
        tasks.put(task, timeout: 1) else { fail "full" }
        let n = any 0...3
        var m: Int? = any Int
        choose { flag = true } or { flag = false } or { }
        assume n > 0
        atomic { if !flag { flag = true; won = self.index } }
        atomic when flag { flag = false }
        try { fail "disk full" } finally { tasks.task_done() }
        let loud = start CarefulWorker("ada")
        let many = start worker(1) * (n + 1)
        join loud timeout 5
        join many[0]
        if loud.is_alive() { return }
        for i in 0...n { if i == 2 { continue } }
        for x in many { print "\\(x.name): \\(a[i + 1]) \\("inner \\(n)")" }
        a[i] -= 1
        h.field *= 2
        x /= 2
        x %= 3
        let long = a +
            b * -c
        let wide = [
            1, 2,
            3,
        ]
        loop { break }
        while (a < b || c) && !(d != e) { sleep 1 }
        return n
    }

    """
}
