import HeddleChecking
import HeddleSemantics
import HeddleSolver
import Synchronization
import Testing

@testable import HeddleSymbolicSearch

@Suite(.enabled(if: hasSolver)) struct `The symbolic engine within limits` {
  private static func deposits(_ count: Int) -> String {
    """
    shared balance = 0
    rlock outer
    lock guard
    thread deposit * \(count) { with outer { with guard { balance += 100 } } }
    finally { assert balance == 100 * \(count) }
    """
  }

  @Test func `is interrupted in the middle of a proof`() throws {
    // Twelve different amounts: nothing is alike, and a proof takes minutes.
    let text = Self.deposits(12).replacing("+= 100", with: "+= self.index + 1")
      .replacing("100 * 12", with: "78")
    let question = Question(try program(text))
    let first = Mutex(ContinuousClock.Instant?.none)
    let supervisor = Supervisor { _ in
      first.withLock { first in
        let start = first ?? .now
        first = start
        return ContinuousClock.now - start < .milliseconds(500) ? .goOn : .interrupted
      }
    }
    let answer = SymbolicEngine(workPerCheck: 0).answer(question, supervisor: supervisor)
    #expect(answer.limit == .interrupted)
  }

  @Test func `is interrupted while it says which release ends which acquisition`() throws {
    let text = """
      lock a
      thread t * 3 { loop { let held = a.acquire(timeout: 1); if held { a.release() } } }
      """
    // Whoever asks so often whether it may go on is no longer at the steps, which are 200.
    let asked = Mutex(0)
    let encoder = Encoder(
      try program(text),
      options: MachineOptions(),
      bound: 16,
      maximumEvents: 2_000,
      irregularLocks: [0],
      mayGoOn: {
        asked.withLock { asked in
          asked += 1
          return asked < 10
        }
      }
    )
    encoder.encode { _ in }
    #expect(encoder.isTooLarge)
    #expect(asked.withLock { $0 } == 10)
    #expect(encoder.events.count < 1_000)
  }

  @Test func `says when the memory that it is given is not enough`() async {
    await #expect(processExitsWith: .success) {
      let text = `The symbolic engine within limits`.deposits(40)
      var question = Question(try program(text))
      question.limits.memoryBytes = 64 << 20
      let answer = SymbolicEngine(workPerCheck: 0).answer(question, supervisor: .none)
      guard case .engine(let limit)? = answer.limit, limit.reason.contains("memory") else {
        fatalError("the limit is \(String(describing: answer.limit))")
      }
    }
  }

  /// Needs Horn clauses.
  private static let handover = """
    atomic shared reading = 0
    atomic shared ready = false
    daemon thread sensor may outlive main {
        while true {
            let next = any Int
            assume next >= 5
            if !ready { reading = next; ready = true }
        }
    }
    thread display { if ready { assert reading >= 5 } }
    """

  @Test func `is interrupted while it looks for combinations of places`() throws {
    let system = try ProofSystem(
      program(Self.handover),
      options: MachineOptions(),
      countsThreads: false
    )
    #expect(throws: Never.self) { _ = try ControlGraph(system, mayGoOn: { true }) }
    #expect(throws: Unprovable.self) { _ = try ControlGraph(system, mayGoOn: { false }) }
  }

  @Test func `lets go of what it has encoded`() throws {
    let everything = """
      lock guard
      event go
      semaphore slots = 1
      queue tasks(capacity: 1)
      shared x = 0
      thread t {
          let held = guard.acquire(timeout: 1)
          if held { guard.release() }
          go.wait(timeout: 1)
          atomic when x == 0 { x = 1 }
          slots.acquire()
          tasks.put(1)
          tasks.task_done()
      }
      main {
          let h = start t
          go.set()
          go.clear()
          let item = tasks.get()
          tasks.join()
          join h timeout 1
          if h.is_alive() { return }
      }
      """
    let program = try program(everything)
    weak var released: Encoder?
    do {
      let encoder = Encoder(program, options: MachineOptions(), bound: 2, maximumEvents: 1_000)
      let inquiries = Inquiries(encoder)
      encoder.encode { _ in inquiries.prepare() }
      released = encoder
      #expect(released != nil)
    }
    #expect(released == nil)
  }

  @Test func `leaves nothing behind`() async {
    await #expect(processExitsWith: .success) {
      typealias Suite = `The symbolic engine within limits`
      for (text, repetitions) in [(Suite.deposits(2), 200), (Suite.handover, 60)] {
        let question = Question(try program(text))
        var bytes: [Int] = []
        for _ in 0..<repetitions {
          let answer = SymbolicEngine().answer(question, supervisor: .none)
          guard answer.limit == nil else { fatalError("\(String(describing: answer.limit))") }
          bytes.append(Solver.bytesInUse)
        }
        // The first few fill tables that libz3 keeps for good.
        guard bytes[repetitions - 1] <= bytes[19] + 65_536 else { fatalError("\(bytes)") }
      }
    }
  }
}
